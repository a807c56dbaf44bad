import { createBindings } from './bindings.ts'
import { isLongerThan } from './bytes.ts'
import { createCalls, type Calls, type OutgoingCall } from './calls.ts'
import { createConsole } from './console.ts'
import { harden } from './harden.ts'
import { createList, listen, primordials } from './primordials.ts'

/**
 * The inside end of the bridge. The cell calls `boot` when it makes the isolate, `start` with the script's function,
 * and `settle` with answers; everything else stays in these closures, out of the reach of the script. Only strings,
 * numbers and booleans cross.
 */

/** How the guest speaks to the cell. Kinds: 'calls', 'log', 'done'. */
type Post = (kind: string, ...values: (string | number | boolean)[]) => void

/** Calls that cross in one go. A larger batch crosses in several. */
const CALLS_PER_CROSSING = 64

/** Error texts are cut here, before they cross. */
const MAX_ERROR_CHARS = 4_096

let post: Post = () => {}
let calls: Calls | undefined

/**
 * Hands the guest its way out, hides the bridge and hardens the globals. Called once, before any script runs. Not
 * earlier: the engine completes the globals of a context that it takes from a snapshot.
 */
export function boot(send: Post): void {
  post = send
  harden()
  delete (globalThis as { __isogate?: unknown }).__isogate
}

/** Runs the script's function and posts `done` when it has ended, whichever way. */
export function start(
  script: () => Promise<unknown>,
  callLimit: number,
  parallelCalls: number,
  argumentBytes: number,
  logBytes: number,
  valueBytes: number,
): void {
  const made = createCalls({ calls: callLimit, parallelCalls, argumentBytes }, sendCalls)
  calls = made
  const { console, bytesCut } = createConsole(logBytes, (level, text) => post('log', level, text))
  const tools = createBindings(made.make)
  define('tools', tools)
  define('console', console)
  const end = (outcome: string, text: string, stack: string): void => {
    const unawaited = primordials.jsonStringify(made.unawaited())
    post('done', outcome, text, stack, unawaited, bytesCut())
  }
  const failed = (error: unknown): void => {
    const { text, stack } = describe(error)
    end('error', text, stack)
  }
  let running: Promise<unknown>
  try {
    running = script()
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
        return end('value', describe(error).text, '')
      }
      if (typeof json !== 'string') return end('value', `It is a ${typeof value}.`, '')
      if (isLongerThan(json, valueBytes)) {
        return end(
          'limit',
          `The value is ${json.length} characters of JSON; the limit is ${valueBytes} bytes.`,
          '',
        )
      }
      return end('value-json', json, '')
    },
    failed,
  )
}

/** Settles calls: id, ok, JSON; id, ok, JSON; … */
export function settle(...flat: (number | boolean | string)[]): void {
  for (let index = 0; index + 2 < flat.length; index += 3) {
    calls?.settle(flat[index] as number, flat[index + 1] as boolean, flat[index + 2] as string)
  }
}

function sendCalls(batch: readonly OutgoingCall[]): void {
  for (let from = 0; from < batch.length; from += CALLS_PER_CROSSING) {
    const flat = createList<string | number>()
    flat[0] = 'calls'
    for (let index = from; index < batch.length && index < from + CALLS_PER_CROSSING; index++) {
      const call = batch[index] as OutgoingCall
      const at = flat.length
      flat[at] = call.id
      flat[at + 1] = call.server
      flat[at + 2] = call.tool
      flat[at + 3] = call.args
      flat[at + 4] = call.line
    }
    primordials.apply(post, undefined, flat as ['calls', ...(string | number)[]])
  }
}

function define(name: string, value: object): void {
  primordials.defineProperty(globalThis, name, {
    value,
    writable: false,
    configurable: false,
    enumerable: false,
  })
}

/** The text of whatever was thrown. Reading it may run code of the script, which may throw again. */
function describe(thrown: unknown): { text: string; stack: string } {
  try {
    if (thrown instanceof primordials.Error) {
      const { name, message, stack } = thrown as { name: unknown; message: unknown; stack?: unknown }
      const tool = (thrown as { tool?: unknown }).tool
      const code = (thrown as { code?: unknown }).code
      const origin = typeof tool === 'string' && typeof code === 'string' ? ` [${code}] ${tool}` : ''
      return {
        text: cut(`${primordials.toText(name)}${origin}: ${primordials.toText(message)}`),
        stack: typeof stack === 'string' ? cut(stack) : '',
      }
    }
    return { text: cut(`The script threw ${formatThrown(thrown)}`), stack: '' }
  } catch {
    return { text: 'The script threw a value that cannot be shown.', stack: '' }
  }
}

function formatThrown(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null) return primordials.jsonStringify(thrown)
  return primordials.toText(thrown)
}

function cut(text: string): string {
  return text.length > MAX_ERROR_CHARS ? primordials.slice(text, 0, MAX_ERROR_CHARS) : text
}
