import { GatewayError } from '../../core/errors.ts'
import type { WireCall, WireSettlement } from '../../../sandbox/wire.ts'
import type { Json } from '../../core/json.ts'
import type { Clock } from '../../core/ports.ts'
import type {
  LogLine,
  RecordedAnswer,
  RunFailure,
  RunOutcome,
  RunRecord,
  RunRequest,
  ScriptCallError,
  ScriptCallOutcome,
} from '../../core/run.ts'
import { isOuterEnd, toDivergedFailure, type Divergence } from '../replay/divergence.ts'
import { hashArguments } from '../replay/record.ts'
import { createRecorder } from '../replay/recorder.ts'
import { createReplay, type MadeCall } from '../replay/replay.ts'
import { parseJson, refusal, toAnswerText, type AnswerText } from './answer-text.ts'
import { createCallCounts } from './call-counts.ts'
import type { CellEnd } from './messages.ts'
import { createRunClock } from './run-clock.ts'

/** More than the guest lets through, with room for what the cell itself has to say. */
const MAX_LOG_LINES = 4_096

/** Why a run waits, as it is told: so many reasons of so many characters. */
const MAX_REASONS = 20
const MAX_REASON_CHARS = 500

/** The server of what the language of scripts itself offers, and all that it offers. */
const OWN_SERVER = '$isogate'
const OWN_TOOLS: readonly string[] = ['search', 'describe', 'open']

/** Made once: to make an exception of the platform for each run took 35 us. */
const RUN_ENDED = new GatewayError('call_cancelled', 'The run has ended.')

/** The host's end of one run. */
export interface HostRun {
  /** What the script's clock shows at its start, and the seed of its random numbers. */
  readonly startedAtMs: number
  readonly seed: number
  /** False: the cell broke the rules of the run and must go. */
  readonly calls: (items: readonly WireCall[], args: readonly string[]) => boolean
  readonly log: (line: LogLine) => void
  readonly done: (end: CellEnd, value: string | undefined) => void
  readonly fail: (failure: RunFailure) => void
  /** Wall time, without that in which a person was asked. */
  readonly elapsedMs: () => number
}

/** What a run tells its cell. */
export interface CellPort {
  /** Sends answers. Called at most once per turn of the event loop, or per recorded turn. */
  readonly settle: (atMs: number, items: readonly WireSettlement[], values: readonly string[]) => void
  /** Ends the run as suspended if it is at rest with exactly so many calls in flight. */
  readonly suspend: (calls: number) => void
  readonly pause: (isPaused: boolean) => void
  readonly cancel: () => void
}

/** A call that has come from the cell and has not been answered. */
interface Open {
  readonly id: number
  readonly made: MadeCall
}

/**
 * Answers the calls of a run and collects its logs. The limits that the guest enforces are counted here again: a cell
 * that has been taken over must not get further than the script in it.
 *
 * What the script is given is recorded by turns. Where a record is there already, it is given first, turn by turn; calls that are not
 * in it wait until then, so that nothing is called on a way that was not the recorded one.
 *
 * @param newSeed gives a whole number of 32 bits
 */
export function createHostRun(
  request: RunRequest,
  clock: Clock,
  newSeed: () => number,
  cell: CellPort,
  resolve: (outcome: RunOutcome) => void,
): HostRun {
  const { limits, suspend } = request
  const wall = createRunClock(clock.monotonicMs, cell.pause)
  const counts = createCallCounts(limits)
  const calls = new AbortController()
  const replay = createReplay(request.replay)
  const recorder = createRecorder(
    request.replay ?? { startedAtMs: Math.floor(clock.nowMs()), seed: newSeed() },
  )
  const logs: LogLine[] = []
  const reasons = new Set<string>()
  const idsByKey = new Map<string, number>()
  let logChars = 0
  let lastId = 0
  let resultBytes = 0
  let inFlight = 0
  let suspended = 0
  let ended = false
  let divergence: Divergence | undefined
  /** Calls that wait for the end of the replay. */
  let held: (() => void)[] = []
  let items: WireSettlement[] = []
  let answers: RecordedAnswer[] = []

  /** A cell at rest has nothing more to say: then the run waits for the world, or has left the recorded way. */
  const considerRest = (): void => {
    if (ended || inFlight === 0 || items.length > 0) return
    if (inFlight === suspended || !replay.isOver()) cell.suspend(inFlight)
  }

  const flush = (): void => {
    const sent = items
    const given = answers
    items = []
    answers = []
    if (ended || sent.length === 0) return
    const atMs = recorder.turn(given, clock.nowMs())
    cell.settle(
      atMs,
      sent,
      given.map(({ text }) => text),
    )
    considerRest()
  }

  const answer = ({ id, made }: Open, { ok, text, bytes }: AnswerText): void => {
    inFlight -= 1
    const isFirst = items.length === 0
    resultBytes += bytes
    items.push({ id, ok })
    answers.push({ ...made, ok, text })
    // Answers that arrive in one turn of the event loop cross together; the last one outstanding waits for no others.
    if (isFirst && inFlight === suspended) flush()
    else if (isFirst) setImmediate(flush)
  }

  const waitFor = (reason: string): void => {
    suspended += 1
    if (reasons.size < MAX_REASONS) reasons.add(reason.slice(0, MAX_REASON_CHARS))
    considerRest()
  }

  const receive = (open: Open, outcome: ScriptCallOutcome): void => {
    if (ended) return
    if ('suspended' in outcome) waitFor(outcome.reason)
    else answer(open, toAnswerText(outcome, limits.resultBytes - resultBytes))
  }

  /** Gives the script what is recorded, as far as it has asked for it, and lets the others go when that is all. */
  const goOn = (): void => {
    for (let turn = replay.next(); turn !== undefined; turn = replay.next()) {
      recorder.turn(turn.answers, turn.atMs)
      inFlight -= turn.answers.length
      for (const { text } of turn.answers) resultBytes += Buffer.byteLength(text)
      cell.settle(
        turn.atMs,
        turn.answers.map(({ key, ok }) => ({ id: idsByKey.get(key) ?? 0, ok })),
        turn.answers.map(({ text }) => text),
      )
    }
    if (replay.isOver()) {
      const due = held
      held = []
      for (const begin of due) begin()
    }
    considerRest()
  }

  const begin = (open: Open, { server, tool, line }: WireCall, args: Json): void => {
    if (server === OWN_SERVER && !OWN_TOOLS.includes(tool)) {
      return answer(open, refusal('unknown_tool', `There is no tool "${server}.${tool}".`))
    }
    if (suspend?.aborted === true) return waitFor('The run is being suspended.')
    const { key } = open.made
    const made = { key, server, tool, args, ...(line === undefined ? {} : { line }) }
    const record = (): RunRecord => recorder.record(answers, clock.nowMs())
    request.call({ ...made, signal: calls.signal, pause: wall.pause, record }).then(
      (outcome) => receive(open, outcome),
      // It never rejects; if it does all the same, the script must not wait for ever, nor the process end.
      () => receive(open, { ok: false, error: FAULT }),
    )
  }

  const end = (outcome: Omit<RunOutcome, 'record' | 'logs' | 'usage'>, usage: CellEnd['usage']): void => {
    if (ended) return
    ended = true
    suspend?.removeEventListener('abort', considerRest)
    // Calls that nobody waits for any more are cancelled, upstream too.
    calls.abort(RUN_ENDED)
    resolve({
      ...outcome,
      logs,
      record: recorder.record(answers, clock.nowMs()),
      usage: { ...usage, wallMs: wall.elapsedMs(), callsByTool: counts.byTool() },
    })
  }

  const fail = (failure: RunFailure, told: CellEnd = untold()): void => {
    const { logBytesCut, unawaited, usage } = told
    end({ failure, logBytesCut, unawaited }, usage)
  }

  /** What is known here of a run whose cell says nothing. */
  const untold = (): CellEnd => ({
    logBytesCut: 0,
    unawaited: [],
    isSuspended: false,
    usage: {
      wallMs: 0,
      cpuMs: 0,
      toolWaitMs: 0,
      queueWaitMs: 0,
      calls: counts.calls(),
      logBytes: logChars,
      argumentBytes: counts.argumentBytes(),
      resultBytes,
      memoryBytes: 0,
    },
  })

  const diverge = (found: Divergence): void => {
    if (divergence !== undefined) return
    divergence = found
    cell.cancel()
  }

  suspend?.addEventListener('abort', considerRest, { once: true })

  return {
    startedAtMs: recorder.startedAtMs,
    seed: recorder.seed,
    elapsedMs: wall.elapsedMs,
    calls(received, args) {
      if (ended) return true
      for (const [index, item] of received.entries()) {
        const { id, key, server, tool, line } = item
        const text = args[index] ?? ''
        const name = `${server}.${tool}`
        inFlight += 1
        const honest =
          counts.count(name, text) && id > lastId && inFlight <= limits.parallelCalls && !idsByKey.has(key)
        const parsed = honest ? parseJson(text) : undefined
        if (parsed === undefined) return false
        lastId = id
        idsByKey.set(key, id)
        if (divergence !== undefined) continue
        const argumentsHash = hashArguments(text)
        const made = { key, call: name, argumentsHash, ...(line === undefined ? {} : { line }) }
        const expected = replay.expect(made)
        if (expected.from === 'nowhere') diverge(expected.divergence)
        else if (expected.from === 'record') continue
        else if (replay.isOver()) begin({ id, made }, item, parsed)
        else held.push(() => begin({ id, made }, item, parsed))
      }
      if (divergence === undefined) goOn()
      return true
    },
    log(line) {
      logChars += line.text.length
      if (logChars <= limits.logBytes + 4_096 && logs.length < MAX_LOG_LINES) logs.push(line)
    },
    done(told, value) {
      const { failure, isSuspended, logBytesCut, unawaited, usage } = told
      const isOuter = !isSuspended && isOuterEnd(failure)
      const astray = divergence ?? (isOuter ? undefined : replay.missing())
      if (astray !== undefined) return fail(toDivergedFailure(astray, request.code), told)
      if (isSuspended) {
        // The cell was asked, but whether the run waits is known here.
        if (inFlight === 0 || inFlight !== suspended || items.length > 0) return fail(BROKEN)
        return end({ suspended: { reasons: [...reasons] }, logBytesCut, unawaited: [] }, usage)
      }
      if (value !== undefined && Buffer.byteLength(value) > limits.valueBytes) {
        return fail({ code: 'script_limit', message: `The value is over ${limits.valueBytes} bytes.` }, told)
      }
      const parsed = value === undefined ? undefined : parseJson(value)
      const result =
        failure === undefined ? (parsed === undefined ? { empty: true } : { value: parsed }) : { failure }
      end({ ...result, logBytesCut, unawaited }, usage)
    },
    fail: (failure) => fail(failure),
  }
}

const FAULT: ScriptCallError = {
  code: 'internal',
  message: 'The call met an unforeseen failure; it may have had its effect.',
  retryable: false,
}

const BROKEN: RunFailure = { code: 'script_killed', message: 'Its process broke the rules.' }
