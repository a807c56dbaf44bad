import type { WireCall, WireEnd, WireFailure, WireFailureKind, WireLimits, WireSettlement } from '../wire.ts'
import type { WarmIsolate } from './isolates.ts'
import { prepareScript, ScriptSyntaxError } from './prepare.ts'

/** Where a run sends what it has to say. */
export interface RunOutput {
  readonly calls: (items: readonly WireCall[], args: readonly string[]) => void
  readonly log: (level: string, text: string) => void
  readonly done: (end: WireEnd, value?: string) => void
}

/** One execution of a script in one isolate. */
export interface CellRun {
  readonly settle: (items: readonly WireSettlement[], values: readonly string[]) => void
  readonly cancel: () => void
  /** Ends the run if it is over its time. Called by the watchdog, several times a second. */
  readonly inspect: (nowMs: number) => void
}

/** The name of the script in stacks; sandbox/guest/calls.ts looks for it too. */
const SCRIPT_NAME = 'script.ts'

const FRAME = new RegExp(`${SCRIPT_NAME.replace('.', '\\.')}:(\\d+):(\\d+)`)

/** Starts a script. `output.done` is called exactly once; the isolate is disposed of by then. */
export function startRun(code: string, limits: WireLimits, warm: WarmIsolate, output: RunOutput): CellRun {
  const { isolate, context } = warm
  const startedMs = performance.now()
  const cpuBefore = isolate.cpuTime
  const outstanding = new Set<number>()
  let working = 0
  let waitingSinceMs = 0
  let toolWaitMs = 0
  let calls = 0
  let argumentBytes = 0
  let resultBytes = 0
  let memoryBytes = 0
  let logBytes = 0
  let ended = false

  const cpuMs = (): number => {
    try {
      return Number(isolate.cpuTime - cpuBefore) / 1e6
    } catch {
      return limits.cpuMs
    }
  }

  const end = (failure?: WireFailure, value?: string, told: Told = NOTHING_TOLD): void => {
    if (ended) return
    ended = true
    const nowMs = performance.now()
    if (outstanding.size > 0) toolWaitMs += nowMs - waitingSinceMs
    const wallMs = nowMs - startedMs
    const usage = {
      wallMs,
      cpuMs: cpuMs(),
      toolWaitMs,
      calls,
      logBytes,
      argumentBytes,
      resultBytes,
      memoryBytes,
    }
    output.done({ ...(failure === undefined ? {} : { failure }), ...told, usage }, value)
    warm.listen(() => {})
    if (!isolate.isDisposed) isolate.dispose()
  }

  const fail = (kind: WireFailureKind, message: string, place: Place = {}, told?: Told): void => {
    const excerpt =
      place.line === undefined ? undefined : code.split('\n')[place.line - 1]?.trim().slice(0, 200)
    end(
      { kind, message, ...place, ...(excerpt === undefined || excerpt === '' ? {} : { excerpt }) },
      undefined,
      told,
    )
  }

  /** What to do when the guest has said that the script has ended; done once the guest's turn is over. */
  let conclude: (() => void) | undefined

  /** Runs guest code and looks afterwards whether anything can still happen. */
  const work = async (task: Promise<unknown>): Promise<void> => {
    working += 1
    let problem: unknown
    try {
      await task
    } catch (error) {
      problem = error
    }
    working -= 1
    if (ended) return
    // Only the memory limit disposes of an isolate that we did not dispose of.
    if (isolate.isDisposed) return fail('memory', `It went over ${limits.memoryMb} MB.`)
    if (problem !== undefined) {
      // A rejection that the script did not handle surfaces here; it ends nothing, but somebody should see it.
      output.log('error', `Unhandled rejection: ${(problem as Error).message.slice(0, 1_000)}`)
    }
    if (conclude !== undefined) return conclude()
    if (working === 0 && outstanding.size === 0)
      fail('stalled', 'No call is in flight and the script has not ended.')
  }

  warm.listen((kind, values) => {
    if (ended) return
    if (kind === 'log') {
      const text = String(values[1])
      logBytes += Buffer.byteLength(text)
      output.log(String(values[0]), text)
    } else if (kind === 'calls') {
      const items: WireCall[] = []
      const args: string[] = []
      for (let index = 0; index + 4 < values.length; index += 5) {
        const [id, server, tool, json, line] = values.slice(index, index + 5) as [
          number,
          string,
          string,
          string,
          number,
        ]
        items.push({ id, server, tool, ...(line > 0 ? { line } : {}) })
        args.push(json)
        calls += 1
        argumentBytes += Buffer.byteLength(json)
        if (outstanding.size === 0) waitingSinceMs = performance.now()
        outstanding.add(id)
      }
      output.calls(items, args)
    } else if (kind === 'done') {
      const [outcome, text, stack, unawaited, logBytesCut] = values as [
        string,
        string,
        string,
        string,
        number,
      ]
      const told = { unawaited: JSON.parse(unawaited) as string[], logBytesCut }
      conclude = () => {
        if (outcome === 'value-json') end(undefined, text, told)
        else if (outcome === 'empty') end(undefined, undefined, told)
        else if (outcome === 'value' || outcome === 'limit') fail(outcome, text, {}, told)
        else fail('error', text, placeIn(stack), told)
      }
    }
  })

  const begin = async (): Promise<void> => {
    try {
      const { source, columnOffset } = prepareScript(code)
      const script = isolate.compileScriptSync(source, { filename: SCRIPT_NAME, columnOffset })
      // Asynchronously: whatever the text turns out to do when it is evaluated, it does on another thread.
      const main = await script.run(context, { reference: true })
      await work(
        warm.start.apply(undefined, [
          main.derefInto(),
          limits.calls,
          limits.parallelCalls,
          limits.argumentBytes,
          limits.logBytes,
          limits.valueBytes,
        ]),
      )
    } catch (error) {
      if (ended) return
      if (isolate.isDisposed) return fail('memory', `It went over ${limits.memoryMb} MB.`)
      const syntax = toSyntaxProblem(error)
      fail('syntax', syntax.message, syntax.place)
    }
  }
  // Not before the caller holds the run: a script that does not parse ends at once.
  queueMicrotask(() => void begin())

  return {
    settle(items, values) {
      if (ended) return
      const flat: (number | boolean | string)[] = []
      items.forEach(({ id, ok }, index) => {
        if (!outstanding.delete(id)) return
        const json = values[index] ?? 'null'
        resultBytes += Buffer.byteLength(json)
        flat.push(id, ok, json)
      })
      if (flat.length === 0) return
      if (resultBytes > limits.resultBytes) {
        return fail('limit', `A run can receive ${limits.resultBytes} bytes of results.`)
      }
      if (outstanding.size === 0) toolWaitMs += performance.now() - waitingSinceMs
      void work(warm.settle.apply(undefined, flat))
    },
    cancel: () => end({ kind: 'cancelled', message: 'The caller cancelled the run.' }),
    inspect(nowMs) {
      if (ended) return
      if (cpuMs() > limits.cpuMs) return fail('cpu', `It used ${limits.cpuMs} ms of processor time.`)
      if (nowMs - startedMs > limits.wallMs) return fail('timeout', `It ran for ${limits.wallMs} ms.`)
      void isolate.getHeapStatistics().then(
        (heap) => {
          memoryBytes = Math.max(memoryBytes, heap.used_heap_size + heap.externally_allocated_size)
        },
        () => {},
      )
    },
  }
}

/** What only the guest can tell of a run that ended. */
type Told = Pick<WireEnd, 'unawaited' | 'logBytesCut'>

const NOTHING_TOLD: Told = { unawaited: [], logBytesCut: 0 }

interface Place {
  readonly line?: number
  readonly column?: number
}

function placeIn(stack: string): Place {
  const frame = FRAME.exec(stack)
  return frame === null ? {} : { line: Number(frame[1]), column: Number(frame[2]) }
}

function toSyntaxProblem(error: unknown): { message: string; place: Place } {
  if (error instanceof ScriptSyntaxError) {
    const { message, line, column } = error
    return {
      message,
      place: { ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) },
    }
  }
  // The engine refuses what the parser let through: it writes the place at the end, as [script.ts:3:7].
  const message = error instanceof Error ? error.message : 'The script cannot be compiled.'
  return { message: message.replace(/\s*\[.*\]$/, ''), place: placeIn(message) }
}
