import { randomInt } from 'node:crypto'

import type { ErrorCode } from '../../core/error-table.ts'
import { GatewayError } from '../../core/errors.ts'
import type { Clock } from '../../core/ports.ts'
import type { RunOutcome, RunRequest, Sandbox } from '../../core/run.ts'
import { createCell, type Cell } from './cell.ts'

export interface SandboxOptions {
  readonly maxCells: number
  readonly warmIsolates: number
  readonly memoryMb: number
  readonly cellMemoryMb: number
  /** Runs that wait for a cell; beyond it a run is refused. */
  readonly queue: number
  readonly maxFrameBytes: number
  readonly clock: Clock
  /** Starts a cell only when a run needs it, and none in reserve: for a program that ends after its run. */
  readonly isShortLived?: boolean
  /** Gives a whole number of 32 bits, for the random numbers of a run. Absent: one that nobody can guess. */
  readonly newSeed?: () => number
  /** Told when a cell ends by itself, with the last of its error output. */
  readonly onCellLost?: (pid: number | undefined, errorOutput: string) => void
}

/** A run in line for a cell. */
interface Waiting {
  readonly owner: string
  readonly take: (cell: Cell | undefined) => void
}

/** Runs that share one cell at the most, when there are no more cells to be had. */
const RUNS_PER_CELL = 4

/** How a run ends that did not end by itself. */
const FORCED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'script_timeout',
  'script_cpu',
  'script_memory',
  'script_cancelled',
  'replay_diverged',
])

/** A cell that has had no run for so long is ended. */
const IDLE_MS = 60_000

/**
 * The pool of cells. A cell belongs to the owner of its first run until it ends: runs of different owners never meet in
 * one process. Runs of one owner are spread over cells first and share them last, so that a script that brings its cell
 * down takes as few others with it as possible.
 */
export function createSandbox(options: SandboxOptions): Sandbox {
  const { clock, maxCells } = options
  const owned = new Map<Cell, string>()
  const waiting: Waiting[] = []
  let spare: Cell | undefined
  let closed = false

  const spawn = (): Cell => {
    const cell = createCell({ newSeed: () => randomInt(2 ** 32), ...options })
    cell.onExit(() => {
      const lost = !closed && (owned.has(cell) || spare === cell) && !retired.has(cell)
      if (lost) options.onCellLost?.(cell.pid, cell.errorOutput())
      owned.delete(cell)
      if (spare === cell) spare = undefined
      // Not at once: a cell also ends while another one is being placed.
      setImmediate(serveWaiting)
    })
    return cell
  }
  const retired = new WeakSet<Cell>()
  /** Runs that have been given to a cell, those that still wait for its start included. */
  const placed = new WeakMap<Cell, number>()
  const load = (cell: Cell): number => placed.get(cell) ?? 0
  /** Cells in which a run was ended by force: its thread may still be at work and bring the next run down with it. */
  const spoiled = new WeakSet<Cell>()

  const retire = (cell: Cell): void => {
    retired.add(cell)
    cell.kill()
  }

  const keepSpare = (): void => {
    if (closed || options.isShortLived === true) return
    if (spare === undefined && owned.size < maxCells) spare = spawn()
  }

  /** A cell for the owner, or undefined where the run must wait. */
  const place = (owner: string): Cell | undefined => {
    const own = [...owned].filter(([cell, of]) => of === owner && !spoiled.has(cell)).map(([cell]) => cell)
    const idle = own
      .filter((cell) => load(cell) === 0)
      .sort((a, b) => b.warm() - a.warm() || a.usedMs() - b.usedMs())[0]
    // Runs in quick succession use two cells in turn: one makes new isolates while the other runs.
    const hurried = idle?.warm() === 0 && own.length < 2 && owned.size < maxCells
    if (idle !== undefined && !hurried) return idle
    if (owned.size >= maxCells) {
      const foreign = [...owned.keys()].find((cell) => load(cell) === 0)
      if (foreign === undefined) return leastBusy(own, load)
      // Idle, but of another owner: it is ended, never handed on.
      retire(foreign)
    }
    const cell = spare ?? spawn()
    spare = undefined
    owned.set(cell, owner)
    setTimeout(keepSpare, 50).unref()
    return cell
  }

  /** Places a run and counts it at once: the next run of this turn must not take the same cell for idle. */
  const claim = (owner: string): Cell | undefined => {
    const cell = place(owner)
    if (cell !== undefined) placed.set(cell, load(cell) + 1)
    return cell
  }

  const serveWaiting = (): void => {
    for (const run of waiting.slice()) {
      const cell = closed ? undefined : claim(run.owner)
      if (cell === undefined && !closed) continue
      waiting.splice(waiting.indexOf(run), 1)
      run.take(cell)
    }
  }

  /** Waits in line for a cell; undefined where the sandbox closes first. */
  const waitForCell = ({ owner, signal }: RunRequest): Promise<Cell | undefined> => {
    if (waiting.length >= options.queue) {
      throw new GatewayError('sandbox_busy', `${maxCells} cells are busy and ${waiting.length} runs wait.`)
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting.splice(waiting.indexOf(run), 1)
        reject(new GatewayError('call_cancelled', 'The run was cancelled before it began.'))
      }
      const take = (cell: Cell | undefined): void => {
        signal.removeEventListener('abort', leave)
        resolve(cell)
      }
      const run: Waiting = { owner, take }
      waiting.push(run)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  const shuttingDown = (): GatewayError => new GatewayError('shutting_down', 'No new script is started.')

  const runIn = async (cell: Cell, request: RunRequest): Promise<RunOutcome> => {
    try {
      if (!(await cell.ready)) {
        if (closed) throw shuttingDown()
        throw new GatewayError('sandbox_unavailable', 'The cell for the script could not be started.')
      }
      const outcome = await cell.run(request)
      if (outcome.failure !== undefined && FORCED.has(outcome.failure.code)) spoiled.add(cell)
      return outcome
    } finally {
      placed.set(cell, load(cell) - 1)
      if (load(cell) === 0 && (spoiled.has(cell) || cell.worn())) retire(cell)
      serveWaiting()
    }
  }

  const run = async (request: RunRequest): Promise<RunOutcome> => {
    if (closed) throw shuttingDown()
    const cell = claim(request.owner) ?? (await waitForCell(request))
    if (cell === undefined) throw shuttingDown()
    return runIn(cell, request)
  }

  const reap = setInterval(() => {
    const before = clock.monotonicMs() - IDLE_MS
    for (const cell of owned.keys()) if (load(cell) === 0 && cell.usedMs() < before) retire(cell)
    keepSpare()
  }, IDLE_MS / 4)
  reap.unref()
  keepSpare()

  return {
    run,
    close() {
      closed = true
      clearInterval(reap)
      for (const cell of [...owned.keys(), ...(spare === undefined ? [] : [spare])]) cell.kill()
      serveWaiting()
      return Promise.resolve()
    },
  }
}

function leastBusy(cells: readonly Cell[], load: (cell: Cell) => number): Cell | undefined {
  return cells.filter((cell) => load(cell) < RUNS_PER_CELL).sort((a, b) => load(a) - load(b))[0]
}
