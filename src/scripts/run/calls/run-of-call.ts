import type { Call } from '../../../core/call.ts'
import { GatewayError } from '../../../core/errors.ts'
import type { ScriptCall } from '../../../core/run.ts'
import type { KeptRun, KnownEffect, RunEffect } from '../suspended/kept-run.ts'
import type { BegunCall, MadeCall, MadeCalls } from './made-calls.ts'

/** What the calls of a run that may be resumed are told of it. */
export interface ResumableRun {
  readonly id: string
  readonly codeHash: string
  readonly kept: KeptRun
  /** Calls of earlier legs, and those of them that may have had an effect, a line each. */
  readonly earlier: readonly MadeCall[]
  readonly earlierDone: readonly string[]
  /** Hears that the script makes another call than an earlier leg made in its place. */
  readonly onAstray: (call: string, line: number | undefined) => void
}

/** A call of a run, and what is known of both. */
export interface CallOfRun {
  /** The call of the run. */
  readonly run: Call
  readonly resumable?: ResumableRun
  readonly made: MadeCalls
  readonly scriptCall: ScriptCall
  readonly begun: BegunCall
  /** Absent: it has none. */
  readonly effect: RunEffect | undefined
  /** Hears what another leg knows of the call, which began it while this one waited. */
  readonly onKnown: (known: KnownEffect) => void
}

/** What a call is told of the run that makes it. Nothing where the run cannot be resumed: then it is a call like any other. */
export function runOfCall(parts: CallOfRun): Pick<Call, 'run'> {
  const { resumable, made, begun, run, scriptCall } = parts
  if (resumable === undefined) return {}
  const { id, codeHash, earlierDone } = resumable
  const { key, record } = scriptCall
  const wait = record === undefined ? undefined : () => waitIn(resumable, record, parts)
  return {
    run: {
      id,
      key,
      codeHash,
      // A saved script may be called by a script, which waits with it.
      done: () => [...(run.run?.done() ?? []), ...earlierDone, ...made.done()],
      onWouldAsk: ({ hash, binding }, rule) => begun.asks({ hash, binding, rule }),
      ...(wait === undefined ? {} : { wait }),
    },
  }
}

/**
 * Keeps the run, and the one that made it, for as long as the call waits.
 *
 * @returns what is called before it is made after all; it throws GatewayError `effect_unknown` where another leg has begun it meanwhile
 */
async function waitIn(
  { kept, earlier }: ResumableRun,
  record: NonNullable<ScriptCall['record']>,
  { run, made, effect, scriptCall, onKnown }: CallOfRun,
): Promise<() => Promise<void>> {
  // While it waits it has not begun: whoever plays the run again may make it.
  if (effect !== undefined) await kept.undo(scriptCall.key)
  await kept.keep(() => ({ record: record(), made: [...earlier, ...made.all()] }))
  const goOn = await run.run?.wait?.()
  return async () => {
    await goOn?.()
    const known = effect === undefined ? undefined : await kept.begin(effect)
    if (known === undefined) return
    onKnown(known)
    throw new GatewayError('effect_unknown', 'Another leg of the run began the call while this one waited.')
  }
}
