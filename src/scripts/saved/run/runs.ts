import { hash } from 'node:crypto'

import { createCatalog, type Catalog } from '../../../catalog/catalog.ts'
import type { Call, Handler } from '../../../core/call.ts'
import { canonicalJson, type JsonObject } from '../../../core/json.ts'
import type { RunRecord } from '../../../core/run.ts'
import { toolKey, type ToolRef } from '../../../core/tool.ts'
import type { ScriptLock } from '../../../config/schema/scripts.ts'
import type { ScriptParts } from '../../backend.ts'
import type { ScriptHost } from '../../host.ts'
import { createRunner, type RunEnd, type Runner, type RunnerParts, type Script } from '../../run/runner.ts'
import { createSuspendedRuns } from '../../run/suspended/suspended-runs.ts'
import { withAliases } from '../folder/aliased-view.ts'
import { currentKey, splitKey } from '../folder/lock.ts'

/** One run of the code of a saved script. */
export interface SavedRun {
  readonly runnable: string
  readonly input: JsonObject
  /** Tools that it may call, as keys; absent while they are still to be found out. */
  readonly uses?: readonly string[]
  readonly isDryRun: boolean
}

/** The ways in which the code of a saved script is run. */
export interface SavedRuns {
  /** For a caller; where a call of it waits, the same call made again goes on from there. */
  readonly resumable: (call: Call, run: SavedRun, lock: ScriptLock) => Promise<RunEnd>
  /** For a caller, once: what waits ends it. */
  readonly live: (call: Call, run: SavedRun, lock: ScriptLock) => Promise<RunEnd>
  /** The same with a handler around his calls, so that they can be recorded. Nothing is kept or learned. */
  readonly watched: (
    call: Call,
    run: SavedRun,
    lock: ScriptLock,
    around: (handler: Handler) => Handler,
  ) => Promise<RunEnd>
  /** Without any server: the handler answers every call. */
  readonly staged: (
    call: Call,
    run: SavedRun & { readonly uses: readonly string[] },
    lock: ScriptLock,
    handler: Handler,
    start: Pick<RunRecord, 'startedAtMs' | 'seed'> | undefined,
  ) => Promise<RunEnd>
}

/** Makes the ways to run the code of saved scripts. */
export function createSavedRuns(parts: ScriptParts): SavedRuns {
  const plan = () => parts.host().configuration().plan
  const shared: Omit<RunnerParts, 'host'> = {
    ...parts,
    codeMode: () => plan().codeMode,
    classification: () => plan().classification,
    handles: parts.store.handles,
    // It was checked against its own input before.
    check: () => Promise.resolve({ refusals: [], remarks: [], timeMs: 0 }),
    draining: new AbortController().signal,
  }
  /** A recorded value that named a handle of this moment would never come out again. */
  const traceless: Omit<RunnerParts, 'host'> = {
    ...shared,
    handles: { keep: async () => undefined, open: async () => undefined },
    learned: { ...parts.learned, observe: () => {} },
    account: () => ({}),
  }
  const scriptOf = ({ runnable, input, uses, isDryRun }: SavedRun, catalog: Catalog, lock: ScriptLock) => ({
    code: runnable,
    input,
    isDryRun,
    check: 'off' as const,
    ...(uses === undefined ? {} : { uses: new Set(uses.map((key) => currentKey(key, catalog, lock))) }),
  })
  const prepare = (
    runner: Omit<RunnerParts, 'host'>,
    run: SavedRun,
    lock: ScriptLock,
    around: (handler: Handler) => Handler,
  ): { readonly runner: Runner; readonly script: Script } => {
    const host = parts.host()
    const view = withAliases(host.snapshot(), lock)
    const script = scriptOf(run, view.catalog, lock)
    const handler = around(host.handler)
    const own: ScriptHost = { ...host, handler, snapshot: () => view }
    return { runner: createRunner({ ...runner, host: () => own }), script }
  }
  const perform = (
    shown: Omit<RunnerParts, 'host'>,
    call: Call,
    run: SavedRun,
    lock: ScriptLock,
    around: (handler: Handler) => Handler,
  ): Promise<RunEnd> => {
    const { runner, script } = prepare(shown, run, lock, around)
    return runner.run(call, call.id, script)
  }

  return {
    resumable(call, run, lock) {
      const { runner, script } = prepare(shared, run, lock, (handler) => handler)
      const { runs, effects } = parts.store
      const { limits, clock, newId } = parts
      const suspended = createSuspendedRuns({ runner, runs, effects, limits, clock, newId })
      return suspended.continueOrStart(call, nameOf(call, run), script)
    },
    live: (call, run, lock) => perform(shared, call, run, lock, (handler) => handler),
    watched: (call, run, lock, around) => perform(traceless, call, run, lock, around),
    staged(call, run, lock, handler, start) {
      const catalog = stageCatalog(run.uses, lock)
      const script = scriptOf(run, catalog, lock)
      const view = withAliases({ ...parts.host().snapshot(), catalog }, lock)
      const isVisible = (_principal: unknown, _door: unknown, tool: ToolRef): boolean =>
        script.uses?.has(toolKey(tool)) === true
      const host = {
        ...parts.host(),
        handler,
        snapshot: () => view,
        isVisible,
      }
      // An empty record still says what time it was, and how the dice fell.
      const replay = start === undefined ? undefined : { ...start, turns: [] }
      return createRunner({ ...traceless, host: () => host }).run(call, call.id, script, replay)
    },
  }
}

/** The same for each call that is the same call again: of the same tool and code, and in a script at the same place. */
function nameOf({ tool, args, run }: Call, { runnable }: SavedRun): string {
  const place = run === undefined ? null : [run.id, run.key]
  return hash('sha256', canonicalJson([toolKey(tool), args, runnable, place]), 'hex')
}

/** The tools of a script by their names alone, as if their servers were there. */
function stageCatalog(uses: readonly string[], { aliases }: ScriptLock): Catalog {
  const keys = new Set(uses.map((key) => (Object.hasOwn(aliases, key) ? (aliases[key] ?? key) : key)))
  return createCatalog({
    revision: 0,
    specs: [...keys].map((key) => {
      const [server, name] = splitKey(key)
      return { ref: { server, name }, inputSchema: { type: 'object' }, definition: { name } }
    }),
  })
}
