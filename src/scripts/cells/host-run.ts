import type { WireCall, WireSettlement } from '../../../sandbox/wire.ts'
import type { Json } from '../../core/json.ts'
import type { LogLine, RunFailure, RunOutcome, RunRequest, ScriptCallOutcome } from '../../core/ports.ts'
import type { CellEnd } from './messages.ts'

/** The host's end of one run. */
export interface HostRun {
  /** False: the cell broke the rules of the run and must go. */
  readonly calls: (items: readonly WireCall[], args: readonly string[]) => boolean
  readonly log: (line: LogLine) => void
  readonly done: (end: CellEnd, value: string | undefined) => void
  readonly fail: (failure: RunFailure) => void
}

/** Sends answers to the cell. Called at most once per turn of the event loop. */
export type SendSettlements = (items: readonly WireSettlement[], values: readonly string[]) => void

/**
 * Answers the calls of a run and collects its logs. The limits that the guest enforces are counted here again: a cell
 * that has been taken over must not get further than the script in it.
 */
export function createHostRun(
  request: RunRequest,
  startedMs: number,
  monotonicMs: () => number,
  settle: SendSettlements,
  resolve: (outcome: RunOutcome) => void,
): HostRun {
  const { limits } = request
  const calls = new AbortController()
  const logs: LogLine[] = []
  let logChars = 0
  let lastId = 0
  let made = 0
  let argumentBytes = 0
  let inFlight = 0
  let ended = false
  let items: WireSettlement[] = []
  let values: string[] = []

  const flush = (): void => {
    const sent = items
    const texts = values
    items = []
    values = []
    if (!ended) settle(sent, texts)
  }

  const answer = (id: number, outcome: ScriptCallOutcome): void => {
    inFlight -= 1
    if (ended) return
    // Answers that arrive in one turn of the event loop cross together.
    if (items.length === 0) setImmediate(flush)
    const [ok, text] = toText(outcome, limits.resultBytes)
    items.push({ id, ok })
    values.push(text)
  }

  const end = (outcome: RunOutcome): void => {
    if (ended) return
    ended = true
    // Calls that nobody waits for any more are cancelled, upstream too.
    calls.abort()
    resolve(outcome)
  }

  return {
    calls(received, args) {
      for (const [index, { id, server, tool, line }] of received.entries()) {
        const text = args[index] ?? ''
        made += 1
        inFlight += 1
        argumentBytes += text.length
        const honest =
          id > lastId &&
          made <= limits.calls &&
          inFlight <= limits.parallelCalls &&
          argumentBytes <= limits.argumentBytes
        const parsed = honest ? parseJson(text) : undefined
        if (parsed === undefined) return false
        lastId = id
        const call = {
          server,
          tool,
          args: parsed,
          signal: calls.signal,
          ...(line === undefined ? {} : { line }),
        }
        void request.call(call).then((outcome) => answer(id, outcome))
      }
      return true
    },
    log(line) {
      logChars += line.text.length
      if (logChars <= limits.logBytes + 4_096) logs.push(line)
    },
    done({ failure, logBytesCut, unawaited, usage }, value) {
      const parsed = value === undefined ? undefined : parseJson(value)
      const result =
        failure === undefined ? (parsed === undefined ? { empty: true } : { value: parsed }) : { failure }
      end({ ...result, logs, logBytesCut, unawaited, usage: { ...usage, wallMs: monotonicMs() - startedMs } })
    },
    fail(failure) {
      const usage = {
        wallMs: monotonicMs() - startedMs,
        cpuMs: 0,
        toolWaitMs: 0,
        calls: made,
        logBytes: logChars,
        argumentBytes,
        resultBytes: 0,
        memoryBytes: 0,
      }
      end({ failure, logs, logBytesCut: 0, unawaited: [], usage })
    },
  }
}

function toText(outcome: ScriptCallOutcome, maxBytes: number): [ok: boolean, text: string] {
  if (!outcome.ok) return [false, JSON.stringify(outcome.error)]
  const text = JSON.stringify(outcome.value)
  if (text.length <= maxBytes) return [true, text]
  const message = `The result is ${text.length} characters of JSON; a run can receive ${maxBytes} bytes. Ask the tool for less.`
  return [false, JSON.stringify({ code: 'script_limit', message, retryable: false })]
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
