import type { ScriptsPlan } from '../../config/schema/scripts.ts'
import type { Backend } from '../../core/ports.ts'
import { createArgumentValidator } from '../../policy/arguments.ts'
import type { Log } from '../../telemetry/log.ts'
import type { ScriptParts } from '../backend.ts'
import { createSavedBackend } from './backend.ts'
import type { ScriptDesk } from '../../core/saved-scripts.ts'
import { createScriptDesk } from './desk.ts'
import type { ScriptFiles } from './folder/files.ts'
import type { SavedHost } from './host.ts'
import { createLibrary } from './library.ts'
import { createSchemaHash } from './folder/lock.ts'
import { createSavedRuns } from './run/runs.ts'

/** What saved scripts are made with: what the script engine has, and where their files are. */
export interface SavedScriptsParts extends Omit<ScriptParts, 'host'> {
  /** Comes late: the gateway contains them. */
  readonly host: () => SavedHost
  readonly files: ScriptFiles
  readonly log: Log
  readonly plan: ScriptsPlan
}

/** The saved scripts of one gateway. */
export interface SavedScripts {
  readonly backend: Backend
  /** For the one who keeps them: list, check, save. */
  readonly desk: ScriptDesk
  /** Called once when the gateway is there: from then on scripts are looked at again whenever its tools change. Returns the end of it. */
  readonly follow: () => () => void
  /** Reads the folder again, for a configuration that was read again. */
  readonly reload: (plan?: ScriptsPlan) => void
}

/** Reads the folder at once; nothing is checked before somebody asks or something changes. */
export function createSavedScripts(parts: SavedScriptsParts): SavedScripts {
  const hash = createSchemaHash()
  const validator = createArgumentValidator()
  const library = createLibrary({ ...parts, hash, validator })
  const runs = createSavedRuns(parts)
  return {
    backend: createSavedBackend(library, runs, validator, parts.host),
    desk: createScriptDesk({ ...parts, library, runs, validator, hash }),
    follow() {
      void library.review()
      return parts.host().onCatalogChange(() => void library.review())
    },
    reload: library.reload,
  }
}
