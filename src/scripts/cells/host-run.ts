import type { WireCall, WireSettlement } from '../../../sandbox/wire.ts'
import type { ErrorCode } from '../../core/error-table.ts'
import type { Json } from '../../core/json.ts'
import type { LogLine, RunFailure, RunOutcome, RunRequest, ScriptCallOutcome } from '../../core/run.ts'
import type { CellEnd } from './messages.ts'

/** More than the guest lets through, with room for what the cell itself has to say. */
const MAX_LOG_LINES = 4_096

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
  let resultBytes = 0
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
    const isFirst = items.length === 0
    const [ok, text] = toText(outcome, limits.resultBytes - resultBytes)
    resultBytes += Buffer.byteLength(text)
    items.push({ id, ok })
    values.push(text)
    // Answers that arrive in one turn of the event loop cross together; the last one outstanding waits for no others.
    if (isFirst && inFlight === 0) flush()
    else if (isFirst) setImmediate(flush)
  }

  const end = (outcome: RunOutcome): void => {
    if (ended) return
    ended = true
    // Calls that nobody waits for any more are cancelled, upstream too.
    calls.abort()
    resolve(outcome)
  }

  const fail = (failure: RunFailure): void => {
    const usage = {
      wallMs: monotonicMs() - startedMs,
      cpuMs: 0,
      toolWaitMs: 0,
      calls: made,
      logBytes: logChars,
      argumentBytes,
      resultBytes,
      memoryBytes: 0,
    }
    end({ failure, logs, logBytesCut: 0, unawaited: [], usage })
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
      if (logChars <= limits.logBytes + 4_096 && logs.length < MAX_LOG_LINES) logs.push(line)
    },
    done({ failure, logBytesCut, unawaited, usage }, value) {
      if (value !== undefined && Buffer.byteLength(value) > limits.valueBytes) {
        return fail({ code: 'script_limit', message: `The value is over ${limits.valueBytes} bytes.` })
      }
      const parsed = value === undefined ? undefined : parseJson(value)
      const result =
        failure === undefined ? (parsed === undefined ? { empty: true } : { value: parsed }) : { failure }
      end({ ...result, logs, logBytesCut, unawaited, usage: { ...usage, wallMs: monotonicMs() - startedMs } })
    },
    fail,
  }
}

/**
 * Writes an answer, or says why it cannot be handed on. Never throws: what a tool gave may be nested too deeply for
 * JSON.stringify (test/attack/deep-results.test.ts). Counts before it crosses: answers that leave together share a frame.
 */
function toText(outcome: ScriptCallOutcome, leftBytes: number): [ok: boolean, text: string] {
  let text: string
  try {
    text = JSON.stringify(outcome.ok ? outcome.value : outcome.error)
  } catch {
    return refusal('upstream_invalid', 'The result cannot be written as JSON; it may be nested too deeply.')
  }
  const bytes = Buffer.byteLength(text)
  if (bytes <= leftBytes) return [outcome.ok, text]
  return refusal(
    'script_limit',
    `The result is ${bytes} bytes of JSON; this run can receive ${Math.max(0, leftBytes)} more. Ask the tool for less.`,
  )
}

function refusal(code: ErrorCode, message: string): [ok: false, text: string] {
  return [false, JSON.stringify({ code, message, retryable: false })]
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
