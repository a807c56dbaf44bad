import type { WireCall, WireEnd, WireFailure, WireFailureKind, WireLimits, WireSettlement } from '../wire.ts'
import { placeIn, SCRIPT_NAME, toFailure, toSyntaxProblem, type Place } from './failure.ts'
import type { WarmIsolate } from './isolates.ts'
import { createMeter } from './meter.ts'
import { prepareScript } from './prepare.ts'
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
  readonly settle: (items: readonly WireSettlement[], values: readonly string[]) => void
  readonly cancel: () => void
  /** Ends the run if it is over its time. Called by the watchdog, several times a second. */
  readonly inspect: () => void
}

/** What only the guest can tell of a run that ended. */
type Told = Pick<WireEnd, 'unawaited' | 'logBytesCut'>

const NOTHING_TOLD: Told = { unawaited: [], logBytesCut: 0 }

/** Texts of errors that nobody handled are cut to this. */
const MAX_PROBLEM_CHARS = 1_000

/** Starts a script. `output.done` is called exactly once; the isolate is disposed of by then. */
export function startRun(code: string, limits: WireLimits, warm: WarmIsolate, output: RunOutput): CellRun {
  const { isolate, context } = warm
  const meter = createMeter(isolate)
  const outstanding = new Set<number>()
  let ended = false
  /** What to do when the guest has said that the script has ended; done once the guest's turn is over. */
  let conclude: (() => void) | undefined

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
    if (outstanding.size > 0) return
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
    for (let index = 0; index + 4 < values.length; index += 5) {
      const part = values.slice(index, index + 5) as [number, string, string, string, number]
      const [id, server, tool, json, line] = part
      items.push({ id, server, tool, ...(line > 0 ? { line } : {}) })
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
      else fail('error', text, placeIn(stack), told)
    }
  }

  warm.listen((kind, values) => {
    if (ended) return
    if (kind === 'calls') receiveCalls(values)
    else if (kind === 'done') receiveDone(values)
    else if (kind === 'log') {
      const [level, text] = values as [string, string]
      meter.logged(text)
      output.log(level, text)
    }
  })

  const begin = (): void => {
    let main
    try {
      const { source, columnOffset } = prepareScript(code)
      const script = isolate.compileScriptSync(source, { filename: SCRIPT_NAME, columnOffset })
      // Evaluates to a function and runs nothing; bounded all the same, because the text is a stranger's.
      main = script.runSync(context, { reference: true, timeout: Math.max(1, limits.cpuMs) })
    } catch (error) {
      if (isolate.isDisposed) return failOfMemory()
      const { message, place } = toSyntaxProblem(error)
      return fail('syntax', message, place)
    }
    const { calls, parallelCalls, argumentBytes, logBytes, valueBytes } = limits
    const args = [main.derefInto(), calls, parallelCalls, argumentBytes, logBytes, valueBytes]
    turns.enter(warm.start, args, turnMs())
  }
  // Not before the caller holds the run: a script that does not parse ends at once.
  queueMicrotask(begin)

  return {
    settle(items, values) {
      if (ended) return
      const flat: (number | boolean | string)[] = []
      let resultBytes = 0
      items.forEach(({ id, ok }, index) => {
        if (!outstanding.delete(id)) return
        const json = values[index] ?? 'null'
        resultBytes = meter.answered(json)
        flat.push(id, ok, json)
      })
      if (flat.length === 0) return
      if (resultBytes > limits.resultBytes) {
        return fail('limit', `A run can receive ${limits.resultBytes} bytes of results.`)
      }
      if (outstanding.size === 0) meter.waiting(false)
      turns.enter(warm.settle, flat, turnMs())
    },
    cancel: () => end({ kind: 'cancelled', message: 'The caller cancelled the run.' }),
    inspect() {
      if (ended) return
      if (meter.cpuMs() > limits.cpuMs) return failOfCpu()
      if (meter.wallMs() > limits.wallMs) return fail('timeout', `It ran for ${limits.wallMs} ms.`)
      meter.lookAtMemory()
    },
  }
}
