import { createBindings, createRuns } from './bindings.ts'
import { isLongerThan } from './bytes.ts'
import { createCalls, type Calls, type OutgoingCall } from './calls.ts'
import { replaceClock, seedRandom, setClock } from './clock.ts'
import { createConsole } from './console.ts'
import { describeThrown } from './describe-thrown.ts'
import { harden } from './harden.ts'
import { beginTurn, enter, exit, leave, place, resetLineage, restore, resume } from './lineage.ts'
import { createList, listen, primordials } from './primordials.ts'
import { ToolError } from './tool-error.ts'

/**
 * The inside end of the bridge. The cell calls `boot` when it makes the isolate, `start` with the script's function,
 * and `settle` with answers; everything else stays in these closures, out of the reach of the script. Only strings,
 * numbers and booleans cross.
 */

/** How the guest speaks to the cell. Kinds: 'calls', 'queued', 'log', 'done'. */
type Post = (kind: string, ...values: (string | number | boolean)[]) => void

/** Calls that cross in one go. A larger batch crosses in several. */
const CALLS_PER_CROSSING = 64

/**
 * What a script is compiled to: it takes the functions that were inserted into it (sandbox/cell/script/lineage.ts), and gives the
 * function to be run.
 */
type Script = (
  begin: typeof enter,
  back: typeof resume,
  wait: typeof leave,
  again: typeof restore,
  end: typeof exit,
  at: typeof place,
) => () => Promise<unknown>

let post: Post = () => {}
let calls: Calls | undefined

/**
 * Hands the guest its way out, hides the bridge and hardens the globals. Called once, before any script runs. Not
 * earlier: the engine completes the globals of a context that it takes from a snapshot.
 */
export function boot(send: Post): void {
  post = send
  harden()
  replaceClock()
  define('ToolError', ToolError)
  delete (globalThis as { __isogate?: unknown }).__isogate
}

/**
 * Runs the script's function and posts `done` when it has ended, whichever way.
 *
 * @param input JSON of the global `input`; empty where there is none
 * @param atMs what the clock of the script shows, milliseconds since the epoch
 */
export function start(
  script: Script,
  input: string,
  atMs: number,
  seed: number,
  callLimit: number,
  callsPerTool: number,
  parallelCalls: number,
  argumentBytes: number,
  logBytes: number,
  valueBytes: number,
): void {
  resetLineage()
  setClock(atMs)
  seedRandom(seed)
  const made = createCalls({ calls: callLimit, callsPerTool, parallelCalls, argumentBytes }, sendCalls)
  calls = made
  const { console, bytesCut } = createConsole(logBytes, (level, text) => post('log', level, text))
  define('tools', createBindings(made.make))
  define('runs', createRuns(made.make))
  define('console', console)
  define('input', input === '' ? undefined : primordials.jsonParse(input))
  const end = (outcome: string, text: string, stack: string): void => {
    const unawaited = primordials.jsonStringify(made.unawaited())
    post('done', outcome, text, stack, unawaited, bytesCut())
  }
  const failed = (error: unknown): void => {
    const { text, stack } = describeThrown(error)
    end('error', text, stack)
  }
  let running: Promise<unknown>
  try {
    running = script(enter, resume, leave, restore, exit, place)()
  } catch (error) {
    // The engine compiles the function only now, and may find it too deep (test/attack/huge-source.test.ts).
    return failed(error)
  }
  listen(
    running,
    (value) => {
      if (value === undefined) return end('empty', '', '')
      let json: unknown
      try {
        json = primordials.jsonStringify(value)
      } catch (error) {
        return end('value', describeThrown(error).text, '')
      }
      if (typeof json !== 'string') return end('value', `It is a ${typeof value}.`, '')
      if (isLongerThan(json, valueBytes)) return end('limit', valueTooLong(json.length, valueBytes), '')
      return end('value-json', json, '')
    },
    failed,
  )
}

/** Begins a turn, at milliseconds since the epoch, and settles calls: id, ok, JSON; id, ok, JSON; … */
export function settle(atMs: number, ...flat: (number | boolean | string)[]): void {
  setClock(atMs)
  beginTurn()
  for (let index = 0; index + 2 < flat.length; index += 3) {
    calls?.settle(flat[index] as number, flat[index + 1] as boolean, flat[index + 2] as string)
  }
}

function valueTooLong(chars: number, limit: number): string {
  return `The value is ${chars} characters of JSON; the limit is ${limit} bytes. Return less of it: filter, count, or pick the fields that matter.`
}

function sendCalls(batch: readonly OutgoingCall[], queued: number | undefined): void {
  if (queued !== undefined) post('queued', queued)
  for (let from = 0; from < batch.length; from += CALLS_PER_CROSSING) {
    const flat = createList<string | number>()
    flat[0] = 'calls'
    for (let index = from; index < batch.length && index < from + CALLS_PER_CROSSING; index++) {
      const call = batch[index] as OutgoingCall
      const at = flat.length
      flat[at] = call.id
      flat[at + 1] = call.key
      flat[at + 2] = call.server
      flat[at + 3] = call.tool
      flat[at + 4] = call.args
      flat[at + 5] = call.line
    }
    primordials.apply(post, undefined, flat as ['calls', ...(string | number)[]])
  }
}

function define(name: string, value: unknown): void {
  primordials.defineProperty(globalThis, name, {
    value,
    writable: false,
    configurable: false,
    enumerable: false,
  })
}
