import type { Catalog } from '../../catalog/catalog.ts'
import { toolType } from '../../catalog/stubs/tool-type.ts'
import { SCRIPTS_SERVER, type FixtureCase, type ScriptLock } from '../../config/schema/scripts.ts'
import type { Plan } from '../../config/compile.ts'
import type { BackendStatus } from '../../core/ports.ts'
import { toolKey, type ToolSpec } from '../../core/tool.ts'
import type { ArgumentValidator } from '../../policy/arguments.ts'
import { isReadOnly } from '../../policy/read-only.ts'
import type { ScriptChecker } from '../check/check.ts'
import { printTypeText } from '../check/types/type-text.ts'
import { problemLine } from '../run/check-gate.ts'
import { aliasedCatalog } from './folder/aliased-view.ts'
import type { SavedScript } from './folder/files.ts'
import { currentKey, lockedHash, splitKey } from './folder/lock.ts'

/** Whether a script goes with the tools that are there. */
export interface Fit {
  /** `waiting`: a server of it does not answer, so nobody can tell; nothing is wrong with the script. */
  readonly state: 'fits' | 'broken' | 'waiting'
  /** Why it is broken, a line each. */
  readonly reasons: readonly string[]
  /** Tools whose schemas are others than those of the lock, or that the lock does not have. */
  readonly behind: readonly string[]
  /** Servers that do not answer. */
  readonly waitingFor: readonly string[]
  /** True: its types could not be checked this time. */
  readonly isUnchecked?: true
}

/** The world that a script is to go with. */
export interface World {
  readonly catalog: Catalog
  readonly lock: ScriptLock
  readonly classification: Plan['classification']
  /** Undefined for a server that is not configured. */
  readonly stateOf: (server: string) => BackendStatus['state'] | undefined
}

/** What the tools of a script are in a world. */
export interface UsedTools {
  /** By the key that the script was given; the tool may have another by now. */
  readonly found: ReadonlyMap<string, ToolSpec>
  readonly gone: readonly string[]
  readonly waitingFor: readonly string[]
  readonly behind: readonly string[]
  /** Equal for worlds between which nothing differs for the script. */
  readonly key: string
}

/** Looks up the tools that a script uses. */
export function findUsed(
  { uses }: SavedScript['manifest'],
  { catalog, lock, stateOf, classification }: World,
  hash: (spec: ToolSpec) => string,
): UsedTools {
  const found = new Map<string, ToolSpec>()
  const gone: string[] = []
  const waitingFor = new Set<string>()
  const behind: string[] = []
  const states: string[] = []
  for (const use of uses) {
    const key = currentKey(use, catalog, lock)
    const spec = catalog.get(key)
    const [server] = splitKey(key)
    if (spec !== undefined) {
      found.set(use, spec)
      const now = hash(spec)
      if (lockedHash(lock, key) !== now) behind.push(key)
      states.push(`${now}${isReadOnly(spec, classification) ? ' reads' : ''}`)
    } else if (server !== SCRIPTS_SERVER && ['down', 'starting'].includes(stateOf(server) ?? '')) {
      waitingFor.add(server)
      states.push('waiting')
    } else {
      gone.push(use)
      states.push('gone')
    }
  }
  return { found, gone, waitingFor: [...waitingFor], behind, key: states.join() }
}

export interface FitParts {
  readonly checker: ScriptChecker
  readonly validator: ArgumentValidator
  readonly hash: (spec: ToolSpec) => string
}

/** Finds out whether a script goes with a world: its tools are there, its types are right, and so are its recorded calls. */
export async function checkFit(
  { checker, validator }: FitParts,
  script: SavedScript,
  world: World,
  used: UsedTools,
  cases: readonly FixtureCase[],
): Promise<Fit> {
  const { found, gone, waitingFor, behind } = used
  if (gone.length > 0)
    return broken(
      gone.map((key) => goneText(key, world)),
      used,
    )
  const writing = [...found.values()].filter((spec) => !isReadOnly(spec, world.classification))
  if (script.manifest.readOnly === true && writing.length > 0) {
    const names = writing.map(({ ref }) => toolKey(ref)).join(', ')
    return broken([`It is to read only, and ${names} may do more.`], used)
  }
  if (waitingFor.length > 0) return { state: 'waiting', reasons: [], behind, waitingFor }
  const specs = new Set(found.values())
  const { problems, skipped } = await checker.check({
    code: script.runnable,
    catalog: aliasedCatalog(world.catalog, world.lock),
    isVisible: (spec) => specs.has(spec),
    inputType: inputTypeOf(script),
  })
  const errors = problems.filter(({ severity }) => severity === 'error').map(problemLine)
  const stale = staleCalls(cases, found, validator)
  return errors.length + stale.length > 0
    ? broken([...errors, ...stale], used)
    : {
        state: 'fits',
        reasons: [],
        behind,
        waitingFor,
        ...(skipped === undefined ? {} : { isUnchecked: true }),
      }
}

function broken(reasons: readonly string[], { behind, waitingFor }: UsedTools): Fit {
  return { state: 'broken', reasons, behind, waitingFor }
}

function goneText(key: string, { stateOf }: World): string {
  const [server] = splitKey(key)
  return server === SCRIPTS_SERVER || stateOf(server) !== undefined
    ? `${key} is gone.`
    : `${key} is gone: no server "${server}" is configured.`
}

/** Recorded calls that their tools would refuse today. */
function staleCalls(
  cases: readonly FixtureCase[],
  found: ReadonlyMap<string, ToolSpec>,
  validator: ArgumentValidator,
): readonly string[] {
  const lines = cases.flatMap(({ calls }, index) =>
    calls.flatMap(({ tool, args, error }) => {
      const spec = found.get(tool) ?? [...found.values()].find(({ ref }) => toolKey(ref) === tool)
      // A call that was refused when it was recorded is meant to be.
      const problems = spec === undefined || error !== undefined ? [] : validator.problems(spec, args)
      return problems.length === 0 ? [] : [`example ${index + 1}: ${tool}: ${problems.join('; ')}.`]
    }),
  )
  return [...new Set(lines)].slice(0, MAX_STALE)
}

const MAX_STALE = 5

/** TypeScript of `input`, as the check wants it: what follows `declare const input:`. */
export function inputTypeOf({ manifest: { input } }: Pick<SavedScript, 'manifest'>): string {
  const ref = { server: SCRIPTS_SERVER, name: 'input' }
  const { args } = toolType({ ref, inputSchema: input, definition: {} })
  return args === undefined ? '{}' : `SavedInput\n${printTypeText('SavedInput', args, 'args').text}`
}
