import {
  parseLock,
  parseManifest,
  SCRIPT_NAME_PATTERN,
  type ScriptLock,
  type ScriptManifest,
  type ScriptsPlan,
} from '../../../config/schema/scripts.ts'
import type { FileRead } from '../../../config/files.ts'
import { toRunnable } from '../run/form.ts'

/** The files of one script, as they were read. */
export interface ScriptFile {
  readonly name: string
  readonly code: FileRead
  readonly manifest: FileRead
}

/** A text that is to stand in the folder, or beside the configuration. */
export interface NewFile {
  /** An absolute path. */
  readonly path: string
  readonly text: string
}

/** The folder of the saved scripts and their lock. Reads block and are bounded; nothing outside is followed. */
export interface ScriptFiles {
  /** @throws never: what cannot be read says so itself */
  readonly read: (plan: ScriptsPlan) => { readonly scripts: readonly ScriptFile[]; readonly problem?: string }
  readonly readFixtures: (plan: ScriptsPlan, name: string) => FileRead
  readonly readLock: (plan: ScriptsPlan) => FileRead
  /** Each file whole or not at all. @throws GatewayError `file_unwritable` */
  readonly write: (files: readonly NewFile[]) => void
}

/** A script that a team keeps. */
export interface SavedScript {
  readonly name: string
  /** The code as it is run. */
  readonly runnable: string
  readonly manifest: ScriptManifest
}

/** One whose files are not in order. It costs only itself. */
export interface UnusableScript {
  readonly name: string
  readonly reason: string
}

/** All that the folder has. */
export interface LoadedScripts {
  readonly scripts: ReadonlyMap<string, SavedScript>
  readonly unusable: readonly UnusableScript[]
  readonly lock: ScriptLock
  /** Why there is no lock although there is a file, or why the folder could not be read as a whole. */
  readonly problems: readonly string[]
}

const EMPTY_LOCK: ScriptLock = Object.freeze({ version: 1, tools: {}, aliases: {} })

/** Reads the folder. A file that is not in order is reported; one that belongs to nothing is somebody else's. */
export function loadScripts(files: ScriptFiles, plan: ScriptsPlan): LoadedScripts {
  if (!plan.enabled) return { scripts: new Map(), unusable: [], lock: EMPTY_LOCK, problems: [] }
  const read = files.read(plan)
  const scripts = new Map<string, SavedScript>()
  const unusable: UnusableScript[] = []
  for (const file of read.scripts) {
    const loaded = toScript(file)
    if (loaded === undefined) continue
    if ('reason' in loaded) unusable.push(loaded)
    else scripts.set(loaded.name, loaded)
  }
  const { lock, problem } = toLock(files.readLock(plan))
  const problems = [read.problem, problem].filter((each) => each !== undefined)
  return { scripts, unusable, lock, problems }
}

function toScript({ name, code, manifest }: ScriptFile): SavedScript | UnusableScript | undefined {
  if (!SCRIPT_NAME_PATTERN.test(name)) return undefined
  // A folder called `scripts` may have been there before: one half alone says nothing, unless it says so itself.
  if (manifest.kind === 'missing') return undefined
  if (manifest.kind === 'failed') return { name, reason: `${name}.json cannot be used: ${manifest.reason}.` }
  const parsed = parseManifest(manifest.text)
  if (code.kind === 'missing') return parsed.ok ? { name, reason: `${name}.ts is missing.` } : undefined
  if (code.kind === 'failed') return { name, reason: `${name}.ts cannot be used: ${code.reason}.` }
  if (!parsed.ok) return { name, reason: `${name}.json cannot be used: ${parsed.reason}.` }
  return Object.freeze({ name, runnable: toRunnable(code.text), manifest: parsed.value })
}

function toLock(read: FileRead): { lock: ScriptLock; problem?: string } {
  if (read.kind === 'missing') return { lock: EMPTY_LOCK }
  const parsed = read.kind === 'text' ? parseLock(read.text) : { ok: false as const, reason: read.reason }
  if (parsed.ok) return { lock: parsed.value }
  return { lock: EMPTY_LOCK, problem: `isogate.lock cannot be used: ${parsed.reason}.` }
}
