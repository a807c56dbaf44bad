import { SCRIPTS_SERVER } from '../../config/schema/scripts.ts'
import type { Call } from '../../core/call.ts'
import { GatewayError } from '../../core/errors.ts'
import type { Backend } from '../../core/ports.ts'
import type { Result } from '../../core/result.ts'
import { toolKey } from '../../core/tool.ts'
import type { ArgumentValidator } from '../../policy/arguments.ts'
import type { SavedHost } from './host.ts'
import type { SavedScript } from './folder/files.ts'
import type { Fit } from './fit.ts'
import type { Library } from './library.ts'
import { currentKey } from './folder/lock.ts'
import { toToolResult } from './result.ts'
import type { SavedRuns } from './run/runs.ts'

/** How deep saved scripts may call each other. */
const MAX_DEPTH = 3

/** The member of a request's `_meta` that asks for a dry run: reads are real, other calls are only listed. */
const DRY_RUN_META = 'isogate/dryRun'

const MAX_REASONS = 5

/** Saved scripts as a backend: each is a tool, called through the same layers as the tools of an upstream. */
export function createSavedBackend(
  library: Library,
  runs: SavedRuns,
  validator: ArgumentValidator,
  host: () => SavedHost,
): Backend {
  /** By the id of a call that is being answered: a script's call names that of its run as its parent. */
  const depths = new Map<string, number>()

  const answer = async (call: Call, script: SavedScript): Promise<Result> => {
    const { runnable, manifest } = script
    const fit = await library.fitOf(script)
    if (fit.state === 'broken') throw refusal(call, script, fit)
    const isDryRun = call.meta?.[DRY_RUN_META] === true
    const run = { runnable, input: call.args, uses: manifest.uses, isDryRun }
    if (isDryRun) return (await runs.live(call, run, library.lock())).result
    const end = await runs.resumable(call, run, library.lock())
    const waiting = end.outcome?.suspended
    // The script that called it waits with it, and calls it again.
    if (waiting !== undefined && call.run !== undefined)
      throw new GatewayError('approval_pending', waiting.reasons.slice(0, MAX_REASONS).join('; '))
    return toToolResult(script, end, validator)
  }

  /** Reasons name tools and their types: they are for those who see these tools. */
  const refusal = ({ principal }: Call, { name, manifest }: SavedScript, { reasons }: Fit): GatewayError => {
    const { catalog, lock } = library.world()
    const seesAll = manifest.uses.every((use) => {
      const spec = catalog.get(currentKey(use, catalog, lock))
      return spec === undefined || host().isVisible(principal, 'script', spec.ref)
    })
    const why = seesAll ? ` ${reasons.slice(0, MAX_REASONS).join(' ')}` : ''
    return new GatewayError(
      'script_check',
      `${SCRIPTS_SERVER}.${name} no longer fits the tools that it calls.${why}`,
    )
  }

  return {
    server: SCRIPTS_SERVER,
    status: () => ({ state: 'ready' }),
    tools: library.tools,
    quarantined: library.unusable,
    onChange: library.onChange,
    settled: () => Promise.resolve(),
    async call(call) {
      const { tool, method = 'tools/call' } = call
      if (tool.kind !== undefined || method !== 'tools/call')
        throw new GatewayError('unknown_method', `${method} is not answered here.`)
      const script = library.get(tool.name)
      if (script === undefined)
        throw new GatewayError('unknown_tool', `There is no tool "${toolKey(tool).slice(0, 200)}".`)
      const depth = (call.parent === undefined ? 0 : (depths.get(call.parent) ?? 0)) + 1
      if (depth > MAX_DEPTH)
        throw new GatewayError('script_limit', `Saved scripts may call each other ${MAX_DEPTH} deep.`)
      depths.set(call.id, depth)
      try {
        return await answer(call, script)
      } finally {
        depths.delete(call.id)
      }
    },
    // The cells and the check belong to the script engine.
    close: () => Promise.resolve(),
  }
}
