import { createFrameReader, encodeFrame, type HostMessage } from '../../../sandbox/wire.ts'
import { GatewayError } from '../../core/errors.ts'
import type { Clock } from '../../core/ports.ts'
import type { RunFailure, RunOutcome, RunRequest } from '../../core/run.ts'
import { createHostRun, type CellPort, type HostRun } from './host-run.ts'
import { readCellEvent, type CellEvent } from './messages.ts'
import { readResidentBytes } from './resident.ts'
import { spawnCell } from './spawn-cell.ts'

export interface CellOptions {
  readonly warmIsolates: number
  /** Heap limit of one isolate. */
  readonly memoryMb: number
  /** Resident memory at which the whole cell is ended. */
  readonly cellMemoryMb: number
  readonly maxFrameBytes: number
  readonly clock: Clock
  /** Gives a whole number of 32 bits, for the random numbers of a run. */
  readonly newSeed: () => number
}

/** A cell process as the gateway sees it. */
export interface Cell {
  readonly pid: number | undefined
  /** Resolves when the cell takes runs; false where it could not be started. */
  readonly ready: Promise<boolean>
  readonly run: (request: RunRequest) => Promise<RunOutcome>
  readonly active: () => number
  readonly alive: () => boolean
  /** True where the last runs have left so much memory behind that the next one should not have to pay for it. */
  readonly worn: () => boolean
  /** Isolates that are warm now: a run that finds one starts 2 ms sooner. */
  readonly warm: () => number
  /** Monotonic milliseconds of the last start or end of a run. */
  readonly usedMs: () => number
  /** The last of what the process wrote to its error output, for the log. */
  readonly errorOutput: () => string
  readonly onExit: (listener: () => void) => void
  readonly kill: () => void
}

/** How often the watchdog looks at a cell that has runs. */
const WATCH_EVERY_MS = 50

/** How often a cell that has runs is asked for a sign of life. */
const PING_EVERY_MS = 250

/** How much longer than its limit a run may take before its cell is held to be hung. */
const GRACE_MS = 1_000

const START_TIMEOUT_MS = 15_000

const MAX_ERROR_OUTPUT_CHARS = 4_096

const KILLED: RunFailure = { code: 'script_killed', message: 'Its process ended.' }

/** The texts that a run starts with. */
function toParts({ code, input }: RunRequest): string[] {
  if (input === undefined) return [code]
  try {
    return [code, JSON.stringify(input)]
  } catch {
    throw new GatewayError(
      'invalid_arguments',
      'The input cannot be written as JSON; it may be nested too deeply.',
    )
  }
}

/** A run in the cell. */
interface Running {
  readonly run: HostRun
  readonly wallMs: number
  readonly cpuMs: number
  /** When it must have ended after it was told to. */
  latestMs: number
}

/** Starts a cell and speaks with it. */
export function createCell({
  warmIsolates,
  memoryMb,
  cellMemoryMb,
  maxFrameBytes,
  clock,
  newSeed,
}: CellOptions): Cell {
  const { process: child, channel } = spawnCell(warmIsolates, memoryMb, maxFrameBytes)
  const readFrames = createFrameReader(maxFrameBytes)
  const runs = new Map<number, Running>()
  const exitListeners: (() => void)[] = []
  let nextRun = 1
  let alive = true
  let warm = 0
  let heardMs = clock.monotonicMs()
  let pingedMs = 0
  let usedMs = clock.monotonicMs()
  let errorOutput = ''
  let watchdog: NodeJS.Timeout | undefined
  let becomeReady: (ready: boolean) => void = () => {}
  const ready = new Promise<boolean>((resolve) => {
    becomeReady = resolve
  })
  const startTimer = setTimeout(() => kill(), START_TIMEOUT_MS)

  const send = (message: HostMessage, parts: readonly string[] = []): void => {
    if (alive) channel.write(encodeFrame(message, parts))
  }

  /** Ends the process. Its runs fail with `reason`, or with the one of the run that is to blame. */
  const kill = (reason: RunFailure = KILLED, blamed?: number): void => {
    if (!alive) return
    alive = false
    clearInterval(watchdog)
    clearTimeout(startTimer)
    child.kill('SIGKILL')
    channel.destroy()
    becomeReady(false)
    for (const [id, { run }] of runs) run.fail(blamed === undefined || blamed === id ? reason : KILLED)
    runs.clear()
    for (const listener of exitListeners) listener()
  }

  const isAbove = (limitMb: number): boolean =>
    child.pid !== undefined && (readResidentBytes(child.pid) ?? 0) > limitMb * 1_048_576

  const watch = (): void => {
    if (isAbove(cellMemoryMb)) {
      return kill({ code: 'script_memory', message: `Its process grew beyond ${cellMemoryMb} MB.` })
    }
    const nowMs = clock.monotonicMs()
    // A run that has its cell to itself may hold it for as long as its processor time lasts; a cell that is silent for
    // longer cannot be stopped from inside.
    const patienceMs = Math.max(0, ...[...runs.values()].map(({ cpuMs }) => cpuMs)) + GRACE_MS
    if (pingedMs > heardMs && nowMs - pingedMs > patienceMs) {
      return kill({ code: 'script_cpu', message: 'It held its process and could not be stopped.' })
    }
    if (pingedMs <= heardMs && nowMs - heardMs > PING_EVERY_MS) {
      pingedMs = nowMs
      send({ type: 'ping' })
    }
    for (const [id, { run, wallMs, latestMs }] of runs) {
      if (nowMs > latestMs || run.elapsedMs() > wallMs + GRACE_MS)
        return kill({ code: 'script_timeout', message: 'It did not stop when told to.' }, id)
    }
  }

  const receive = (event: CellEvent | undefined, parts: readonly string[]): boolean => {
    if (event === undefined) return false
    if (event.type === 'ready') {
      clearTimeout(startTimer)
      warm = event.warm
      becomeReady(true)
      return true
    }
    const run = runs.get(event.run)?.run
    // A run that has ended here may still have frames on the way.
    if (run === undefined) return event.run < nextRun
    if (event.type === 'calls') return run.calls(event.items, parts)
    if (event.type === 'log') run.log(event.line)
    else run.done(event.end, parts[0])
    return true
  }

  channel.on('data', (chunk: Buffer) => {
    heardMs = clock.monotonicMs()
    try {
      for (const { message, parts } of readFrames(chunk)) {
        if (!receive(readCellEvent(message), parts)) return kill()
      }
    } catch {
      // A frame that is none: whoever speaks there is not the cell that we started.
      kill()
    }
  })
  channel.on('error', () => kill())
  channel.on('close', () => kill())
  child.on('error', () => kill())
  child.on('exit', () => kill())
  child.stderr?.on('data', (chunk: Buffer) => {
    errorOutput = (errorOutput + chunk.toString('utf8')).slice(-MAX_ERROR_OUTPUT_CHARS)
  })

  const run = (request: RunRequest): Promise<RunOutcome> => {
    const id = nextRun
    nextRun += 1
    const parts = toParts(request)
    const startedMs = clock.monotonicMs()
    usedMs = startedMs
    return new Promise((resolve) => {
      const cancel = (): void => {
        const entry = runs.get(id)
        if (entry === undefined) return
        send({ type: 'cancel', run: id })
        entry.latestMs = Math.min(entry.latestMs, clock.monotonicMs() + GRACE_MS)
      }
      const finish = (outcome: RunOutcome): void => {
        request.signal.removeEventListener('abort', cancel)
        runs.delete(id)
        usedMs = clock.monotonicMs()
        if (runs.size === 0) clearInterval(watchdog)
        resolve(outcome)
      }
      const port: CellPort = {
        settle: (atMs, items, values) => send({ type: 'settle', run: id, atMs, items }, values),
        suspend: (calls) => send({ type: 'suspend', run: id, calls }),
        pause: (isPaused) => send({ type: 'pause', run: id, isPaused }),
        cancel,
      }
      const hostRun = createHostRun(request, clock, newSeed, port, finish)
      if (!alive) return hostRun.fail(KILLED)
      const { limits } = request
      runs.set(id, { run: hostRun, wallMs: limits.wallMs, cpuMs: limits.cpuMs, latestMs: Infinity })
      heardMs = Math.max(heardMs, startedMs)
      if (runs.size === 1) watchdog = setInterval(watch, WATCH_EVERY_MS)
      warm = Math.max(0, warm - 1)
      const { startedAtMs, seed } = hostRun
      send({ type: 'start', run: id, limits, atMs: startedAtMs, seed }, parts)
      if (request.signal.aborted) cancel()
      else request.signal.addEventListener('abort', cancel, { once: true })
    })
  }

  return {
    pid: child.pid,
    ready,
    run,
    active: () => runs.size,
    warm: () => warm,
    alive: () => alive,
    worn: () => isAbove(cellMemoryMb / 2),
    usedMs: () => usedMs,
    errorOutput: () => errorOutput,
    onExit: (listener) => exitListeners.push(listener),
    kill: () => kill(),
  }
}
