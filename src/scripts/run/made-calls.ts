import type { JsonObject } from '../../core/json.ts'
import type { Result } from '../../core/result.ts'

/** A call that a script made and that went further than a refusal. */
export interface MadeCall {
  /** `server.tool`, native. */
  readonly tool: string
  readonly args: JsonObject
  /** `unknown`: it was sent and no answer came, so it may have taken effect. `simulated`: nothing was called. */
  readonly outcome: 'ok' | 'error' | 'unknown' | 'simulated'
  /** True where the tool only reads: then there is no effect to speak of. */
  readonly isReadOnly: boolean
  /** Where it stands in the script and in the order of its activations; the same in each execution of the script. */
  readonly key: string
  /** Calls that were in flight together, even one after the other, are of one wave: a model could have made them in one turn. */
  readonly wave: number
  /** Its number among the calls that were begun. */
  readonly at: number
  /** Absent where no answer came. */
  readonly result?: Result
}

/** A call that has begun. */
export type BegunCall = Pick<MadeCall, 'wave' | 'at'>

/** The calls of one run. */
export interface MadeCalls {
  /** Begins a call. A new wave begins only when no call is open, so waves are counted too few rather than too many. */
  readonly begin: () => BegunCall
  /** Ends a call that was begun, whichever way. */
  readonly end: () => void
  readonly add: (call: MadeCall) => void
  /** In the order in which they were begun. */
  readonly all: () => readonly MadeCall[]
}

/** Begins with no calls. */
export function createMadeCalls(): MadeCalls {
  const made: MadeCall[] = []
  let wave = 0
  let at = 0
  let open = 0
  return {
    begin() {
      if (open === 0) wave += 1
      open += 1
      at += 1
      return { wave, at }
    },
    end: () => void (open -= 1),
    add: (call) => void made.push(call),
    all: () => made.toSorted((a, b) => a.at - b.at),
  }
}
