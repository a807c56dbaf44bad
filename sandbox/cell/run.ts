import type { WireCall, WireEnd, WireFailure, WireFailureKind, WireLimits, WireSettlement } from '../wire.ts'
import { compileScript, type CompiledScript } from './compile.ts'
import { placeIn, toFailure, type Place } from './failure.ts'
import type { WarmIsolate } from './isolates.ts'
import { createMeter } from './meter.ts'
import type { ScriptSyntaxError } from './script/syntax-error.ts'
import { createTurns } from './turns.ts'

/** Where a run sends what it has to say. */
export interface RunOutput {
  readonly calls: (items: readonly WireCall[], args: readonly string[]) => void
  readonly log: (level: string, text: string) => void
  readonly done: (end: WireEnd, value?: string) => void
  /** True where no other run is in this cell. */
  readonly isAlone: () => boolean
}

/** One execution of a script in one isolate. */
export interface CellRun {
  /** Begins a turn of the script, in which its clock shows `atMs`. */
  readonly settle: (atMs: number, items: readonly WireSettlement[], values: readonly string[]) => void
  /** Ends the run if it is at rest, or as soon as it is, with exactly so many calls in flight. */
  readonly suspend: (calls: number) => void
  readonly pause: (isPaused: boolean) => void
  readonly cancel: () => void
  /** Ends the run if it is over its time. Called by the watchdog, several times a second. */
  readonly inspect: () => void
}

/** What only the guest can tell of a run that ended. */
type Told = Pick<WireEnd, 'unawaited' | 'logBytesCut'>

const NOTHING_TOLD: Told = { unawaited: [], logBytesCut: 0 }

/** Texts of errors that nobody handled are cut to this. */
const MAX_PROBLEM_CHARS = 1_000

/** What a run is made of. */
export interface RunStart {
  readonly code: string
  /** JSON of the input. */
  readonly input?: string | undefined
  readonly limits: WireLimits
  readonly atMs: number
  readonly seed: number
}

/** Starts a script. `output.done` is called exactly once; the isolate is disposed of by then. */
export function startRun(
  { code, input, limits, atMs: startedAtMs, seed }: RunStart,
  warm: WarmIsolate,
  output: RunOutput,
): CellRun {
  const { isolate } = warm
  const meter = createMeter(isolate)
  const outstanding = new Set<number>()
  let ended = false
  /** What to do when the guest has said that the script has ended; done once the guest's turn is over. */
  let conclude: (() => void) | undefined
  /** With so many calls in flight the run is to end when it is at rest. */
  let suspendAt: number | undefined
  let script: CompiledScript | undefined

  const columnOf = (line: number, column: number): number => script?.columnOf(line, column) ?? column

  const end = (failure?: WireFailure, value?: string, told: Told = NOTHING_TOLD): void => {
    if (ended) return
    ended = true
    output.done({ ...(failure === undefined ? {} : { failure }), ...told, usage: meter.usage() }, value)
    warm.listen(() => {})
    if (!isolate.isDisposed) isolate.dispose()
  }

  const fail = (kind: WireFailureKind, message: string, place: Place = {}, told?: Told): void =>
    end(toFailure(kind, message, place, code), undefined, told)

  const failOfMemory = (): void => fail('memory', `It went over ${limits.memoryMb} MB.`)
  const failOfCpu = (): void => fail('cpu', `It used ${limits.cpuMs} ms of processor time.`)

  /** The guest has come to rest: it has ended, it waits for answers, or it will wait for ever. */
  function rest(): void {
    if (ended || turns.busy()) return
    if (conclude !== undefined) return conclude()
    if (outstanding.size > 0) {
      if (outstanding.size === suspendAt) fail('suspended', 'The run waits.')
      return
    }
    fail('stalled', 'No call is in flight and the script has not ended.')
  }

  const turns = createTurns(output.isAlone, {
    problem(error) {
      if (ended) return
      // Only the memory limit disposes of an isolate that we did not dispose of.
      if (isolate.isDisposed) return failOfMemory()
      // A rejection that the script did not handle ends nothing, but somebody should see it.
      const message = error instanceof Error ? error.message : String(error)
      output.log('error', `Unhandled rejection: ${message.slice(0, MAX_PROBLEM_CHARS)}`)
    },
    timedOut: failOfCpu,
    rest,
  })

  const turnMs = (): number => Math.min(limits.cpuMs - meter.cpuMs(), limits.wallMs - meter.wallMs())

  const receiveCalls = (values: readonly unknown[]): void => {
    const items: WireCall[] = []
    const args: string[] = []
    for (let index = 0; index + 5 < values.length; index += 6) {
      const part = values.slice(index, index + 6) as [number, string, string, string, string, number]
      const [id, key, server, tool, json, line] = part
      items.push({ id, key, server, tool, ...(line > 0 ? { line } : {}) })
      args.push(json)
      meter.called(json)
      if (outstanding.size === 0) meter.waiting(true)
      outstanding.add(id)
    }
    output.calls(items, args)
  }

  const receiveDone = (values: readonly unknown[]): void => {
    const [outcome, text, stack, unawaited, logBytesCut] = values as [string, string, string, string, number]
    const told = { unawaited: JSON.parse(unawaited) as string[], logBytesCut }
    conclude = () => {
      if (outcome === 'value-json') end(undefined, text, told)
      else if (outcome === 'empty') end(undefined, undefined, told)
      else if (outcome === 'value' || outcome === 'limit') fail(outcome, text, {}, told)
      else fail('error', text, placeIn(stack, columnOf), told)
    }
  }

  warm.listen((kind, values) => {
    if (ended) return
    if (kind === 'calls') receiveCalls(values)
    else if (kind === 'queued') meter.queued(values[0] as number)
    else if (kind === 'done') receiveDone(values)
    else if (kind === 'log') {
      const [level, text] = values as [string, string]
      meter.logged(text)
      output.log(level, text)
    }
  })

  const begin = (): void => {
    if (ended) return
    try {
      script = compileScript(warm, code, input !== undefined, Math.max(1, limits.cpuMs))
    } catch (error) {
      if (isolate.isDisposed) return failOfMemory()
      const { message, line, column } = error as ScriptSyntaxError
      return fail('syntax', message, { line, column })
    }
    const { calls, callsPerTool, parallelCalls, argumentBytes, logBytes, valueBytes } = limits
    const bounds = [calls, callsPerTool, parallelCalls, argumentBytes, logBytes, valueBytes]
    turns.enter(warm.start, [script.main.derefInto(), input ?? '', startedAtMs, seed, ...bounds], turnMs())
  }
  // Not before the caller holds the run: a script that does not parse ends at once.
  queueMicrotask(begin)

  return {
    settle(atMs, items, values) {
      if (ended) return
      suspendAt = undefined
      const flat: (number | boolean | string)[] = [atMs]
      let resultBytes = 0
      items.forEach(({ id, ok }, index) => {
        if (!outstanding.delete(id)) return
        const json = values[index] ?? 'null'
        resultBytes = meter.answered(json)
        flat.push(id, ok, json)
      })
      if (flat.length === 1) return
      if (resultBytes > limits.resultBytes) {
        return fail('limit', `A run can receive ${limits.resultBytes} bytes of results.`)
      }
      if (outstanding.size === 0) meter.waiting(false)
      turns.enter(warm.settle, flat, turnMs())
    },
    suspend(calls) {
      suspendAt = calls
      if (outstanding.size > 0) rest()
    },
    pause: meter.pause,
    cancel: () => end({ kind: 'cancelled', message: 'The caller cancelled the run.' }),
    inspect() {
      if (ended) return
      if (meter.cpuMs() > limits.cpuMs) return failOfCpu()
      if (meter.wallMs() > limits.wallMs) return fail('timeout', `It ran for ${limits.wallMs} ms.`)
      meter.lookAtMemory()
    },
  }
}
