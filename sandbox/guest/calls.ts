import { isLongerThan, utf8Bytes } from './bytes.ts'
import { CallPromise } from './call-promise.ts'
import { callerPlace } from './caller-place.ts'
import { nextKey, takePlace, type CallPlace } from './lineage.ts'
import { createList, listen, primordials } from './primordials.ts'
import { ToolError } from './tool-error.ts'

/** One call on its way out. */
export interface OutgoingCall {
  readonly id: number
  readonly key: string
  readonly server: string
  readonly tool: string
  readonly args: string
  /** Line of the script, from 1; 0 where it is not known. */
  readonly line: number
}

export interface CallLimits {
  readonly calls: number
  readonly callsPerTool: number
  readonly parallelCalls: number
  readonly argumentBytes: number
}

/** The calls of one run: counted, bounded, sent in batches, settled in batches. */
export interface Calls {
  readonly make: (server: string, tool: string, args: unknown) => Promise<unknown>
  readonly settle: (id: number, ok: boolean, json: string) => void
  /** Calls that nobody waits for, as `server.tool (line n)`. */
  readonly unawaited: () => string[]
}

interface Pending {
  readonly tool: string
  readonly place: CallPlace
  readonly promise: CallPromise
  readonly resolve: (value: unknown) => void
  readonly reject: (error: ToolError) => void
}

/** Labels kept for the report of forgotten calls. */
const MAX_UNAWAITED = 20

/** Names cross beside the arguments and are not counted with them. No tool has a longer one. */
const MAX_NAME_CHARS = 256

/**
 * Makes the queue of calls. Calls of one microtask turn leave together: `send` is called once per turn, because each
 * crossing costs more than all the calls in it. It is told too how many calls wait for a place, where that has changed.
 */
export function createCalls(
  limits: CallLimits,
  send: (batch: readonly OutgoingCall[], queued: number | undefined) => void,
): Calls {
  const madeByTool = new primordials.Map<string, number>()
  const pending = new primordials.Map<number, Pending>()
  const settledUnseen = createList<Pending>()
  let waiting = createList<OutgoingCall>()
  let waitingFrom = 0
  let outbox = createList<OutgoingCall>()
  let flushing = false
  let toldQueued = 0
  let made = 0
  let ids = 0
  let bytes = 0
  let inFlight = 0

  const flush = (): void => {
    flushing = false
    const batch = outbox
    outbox = createList()
    const queued = waiting.length - waitingFrom
    const isNews = queued !== toldQueued
    toldQueued = queued
    if (isNews || batch.length > 0) send(batch, isNews ? queued : undefined)
  }

  const dispatch = (call: OutgoingCall): void => {
    if (inFlight >= limits.parallelCalls) {
      waiting[waiting.length] = call
    } else {
      inFlight += 1
      outbox[outbox.length] = call
    }
    if (flushing) return
    flushing = true
    listen(resolved, flush)
  }

  const make: Calls['make'] = (server, tool, args) => {
    const name = `${shorten(server)}.${shorten(tool)}`
    const place = takePlace() ?? callerPlace()
    made += 1
    const refuse = (code: string, message: string): Promise<never> =>
      rejected(new ToolError(name, { code, message, retryable: false }, place))
    if (made > limits.calls) return refuse('script_limit', `A run can make ${limits.calls} calls.`)
    const madeOfTool = (primordials.mapGet(madeByTool, name) ?? 0) + 1
    if (madeOfTool > limits.callsPerTool) {
      return refuse('script_limit', `A run can make ${limits.callsPerTool} calls of ${name}.`)
    }
    primordials.mapSet(madeByTool, name, madeOfTool)
    if (server.length > MAX_NAME_CHARS || tool.length > MAX_NAME_CHARS) {
      return refuse('unknown_tool', `There is no tool "${name}".`)
    }
    const problem = argumentProblem(args)
    if (problem !== undefined) return refuse('invalid_arguments', problem)
    let json: string
    try {
      json = args === undefined ? '{}' : primordials.jsonStringify(args)
    } catch (error) {
      return refuse('invalid_arguments', `The arguments cannot be written as JSON: ${messageOf(error)}`)
    }
    if (isLongerThan(json, limits.argumentBytes - bytes)) {
      return refuse('script_limit', `A run can send ${limits.argumentBytes} bytes of arguments.`)
    }
    bytes += utf8Bytes(json)
    let resolve: Pending['resolve'] = ignore
    let reject: Pending['reject'] = ignore
    const promise = new CallPromise((onValue, onError) => {
      resolve = onValue
      reject = onError
    })
    // Not before: writing the arguments may have run code of the script, which made calls (test/attack/getters-on-results.test.ts).
    ids += 1
    primordials.mapSet(pending, ids, { tool: name, place, promise, resolve, reject })
    dispatch({ id: ids, key: nextKey(place), server, tool, args: json, line: place.line })
    return promise
  }

  const settle: Calls['settle'] = (id, ok, json) => {
    const entry = primordials.mapGet(pending, id)
    if (entry === undefined) return
    primordials.mapDelete(pending, id)
    inFlight -= 1
    if (waitingFrom < waiting.length) {
      const next = waiting[waitingFrom]
      waitingFrom += 1
      if (waitingFrom === waiting.length) {
        waiting = createList()
        waitingFrom = 0
      }
      if (next !== undefined) dispatch(next)
    }
    if (!entry.promise.awaited && settledUnseen.length < MAX_UNAWAITED) {
      settledUnseen[settledUnseen.length] = entry
    }
    const value: unknown = primordials.jsonParse(json)
    if (ok) entry.resolve(value)
    // A rejection that nobody handles is reported with the run; it must not end the run by itself.
    else
      entry.reject(
        new ToolError(entry.tool, value as ConstructorParameters<typeof ToolError>[1], entry.place),
      )
  }

  const unawaited: Calls['unawaited'] = () => {
    const labels = createList<string>()
    const add = (entry: Pending): void => {
      if (entry.promise.awaited || labels.length >= MAX_UNAWAITED) return
      const { line } = entry.place
      labels[labels.length] = line > 0 ? `${entry.tool} (line ${line})` : entry.tool
    }
    for (let index = 0; index < settledUnseen.length; index++) add(settledUnseen[index] as Pending)
    primordials.mapForEach(pending, add)
    return labels
  }

  return { make, settle, unawaited }
}

const resolved = primordials.Promise.resolve()

function ignore(): void {
  // Stands in until the promise's executor has run, which it does at once.
}

/** A rejected promise that is not reported as unhandled where the script does not look at it. */
function rejected(error: ToolError): Promise<never> {
  const promise = new primordials.Promise<never>((_, reject) => reject(error))
  void primordials.promiseThen(promise, undefined, ignore)
  return promise
}

/** Why these cannot be the arguments of a call, or undefined where they can. Names the usual slips of the pen. */
function argumentProblem(args: unknown): string | undefined {
  if (args === undefined) return undefined
  if (typeof args !== 'object' || args === null || primordials.isArray(args)) {
    return 'A tool takes one object of named arguments, as in tools.server.tool({ name: value }).'
  }
  if (args instanceof primordials.Promise) return 'The arguments are a promise; await it first.'
  const keys = primordials.ownKeys(args)
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as PropertyKey
    if ((args as Record<PropertyKey, unknown>)[key] instanceof primordials.Promise) {
      return `The argument \`${primordials.toText(key)}\` is a promise; await it first.`
    }
  }
  return undefined
}

function shorten(name: string): string {
  return name.length > MAX_NAME_CHARS ? `${primordials.slice(name, 0, MAX_NAME_CHARS)}…` : name
}

function messageOf(error: unknown): string {
  try {
    return primordials.toText((error as { message?: unknown }).message)
  } catch {
    return 'unknown error'
  }
}
