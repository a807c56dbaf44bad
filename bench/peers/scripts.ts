import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { figureOfRounds, type Figure } from '../figure.ts'
import { median } from '../statistics.ts'
import { skipped } from './skipped.ts'

/** Runs of a script, one after the other. */
export interface ScriptJob {
  readonly code: string
  readonly runs: number
  /** Before each run. */
  readonly pauseMs: number
  readonly expected: unknown
}

/** How they went. */
export interface ScriptAnswer {
  readonly timesMs?: readonly number[]
  /** For one run. */
  readonly cpuUs?: number
  readonly error?: string
}

const ROUNDS = 5
const RUNS = 15
const CALLS = [0, 1, 10, 100]
/** Scripts of models come seconds apart: whoever gets ready for the next one in between may do so. */
const PAUSE_MS = 10
const START_MS = 30_000

/** The same text for both; the peer's calls answer at once, and `await` may stand before them. */
function scriptOf(calls: number): string {
  if (calls === 0) return 'return 0'
  return `let sum = 0
for (let index = 0; index < ${calls}; index++) sum += (await bench.instant({ index })).index
return sum`
}

/**
 * Scripts with N calls in a row, through this gateway with all of its layers and its sandbox in a process of its own, and through `@utcp/code-mode`, which
 * runs its isolate in the process that uses it. The tools are functions that answer at once, on both sides.
 *
 * @param folderOf installs the peer; rejects where it cannot be
 */
export async function measureScripts(
  folderOf: (peer: string) => Promise<string>,
): Promise<readonly Figure[]> {
  const peer = '@utcp/code-mode'
  const hosts: ChildProcess[] = []
  try {
    hosts.push(await startHost('isogate'))
    hosts.push(await startHost(await folderOf(peer)))
    return await measureHosts(hosts, ['isogate', peer])
  } catch (error) {
    return [skipped(peer, error)]
  } finally {
    for (const host of hosts) host.kill()
  }
}

async function measureHosts(
  hosts: readonly ChildProcess[],
  names: readonly string[],
): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const calls of CALLS) {
    const job = { code: scriptOf(calls), runs: RUNS, expected: (calls * (calls - 1)) / 2 }
    const rounds: (readonly Round[])[] = []
    for (const host of hosts) await ask(host, { ...job, pauseMs: 0 })
    for (let round = 0; round < ROUNDS; round++) {
      const both = []
      for (const host of hosts) both.push(await measureRound(host, job))
      rounds.push(both)
    }
    figures.push(...KINDS.flatMap((kind) => toFigures(kind, `a script with ${calls} calls`, names, rounds)))
  }
  return figures
}

interface Round {
  readonly pausedMs: number
  readonly rowMs: number
  readonly cpuUs: number
}

/** What is measured of a script: its member, name and unit. */
interface Kind {
  readonly of: keyof Round
  readonly name: string
  readonly unit: string
  readonly note?: string
}

const KINDS: readonly Kind[] = [
  { of: 'pausedMs', name: 'p50 after a pause', unit: 'ms', note: `${PAUSE_MS} ms between runs` },
  { of: 'rowMs', name: 'p50 without a pause', unit: 'ms' },
  {
    of: 'cpuUs',
    name: 'processor time',
    unit: 'us',
    note: 'of all processes, getting ready for the next run included',
  },
]

async function measureRound(host: ChildProcess, job: Omit<ScriptJob, 'pauseMs'>): Promise<Round> {
  const paused = await ask(host, { ...job, pauseMs: PAUSE_MS })
  const row = await ask(host, { ...job, pauseMs: 0 })
  return {
    pausedMs: median(paused.timesMs ?? []),
    rowMs: median(row.timesMs ?? []),
    cpuUs: row.cpuUs ?? Number.NaN,
  }
}

function toFigures(
  { of, name, unit, note }: Kind,
  script: string,
  names: readonly string[],
  rounds: readonly (readonly Round[])[],
): readonly Figure[] {
  const valuesOf = (at: number): readonly number[] => rounds.map((both) => both[at]?.[of] ?? Number.NaN)
  const ratios = rounds.map(([own, theirs]) => (own?.[of] ?? Number.NaN) / (theirs?.[of] ?? Number.NaN))
  return [
    ...names.map((who, at) => {
      const how =
        at === 0
          ? 'a cell of its own; no type check, as the peer has none'
          : 'in the process that uses it; defaults'
      const said = note === undefined ? how : `${note}; ${how}`
      return figureOfRounds(`${who}: ${script}, ${name}`, valuesOf(at), unit, { better: 'lower', note: said })
    }),
    figureOfRounds(`${names.join(' / ')}: ${script}, ${name}`, ratios, 'x', { better: 'lower' }),
  ]
}

/** `isolated-vm` asks for this flag, and so do the cells of the gateway. */
const FLAGS = ['--no-node-snapshot']

async function startHost(runner: string): Promise<ChildProcess> {
  const host = fork(fileURLToPath(new URL('script-host.ts', import.meta.url)), [runner], {
    // The peer writes a line for each call, and standard output is for figures.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: FLAGS,
  })
  await nextMessage(host)
  return host
}

async function ask(host: ChildProcess, job: ScriptJob): Promise<ScriptAnswer> {
  const answered = nextMessage(host)
  host.send(job)
  const answer = (await answered) as ScriptAnswer
  if (answer.error !== undefined) throw new Error(answer.error)
  return answer
}

function nextMessage(host: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('a script runner did not answer in time')), START_MS)
    const onExit = (code: number | null): void => {
      clearTimeout(late)
      reject(new Error(`a script runner ended with ${code}`))
    }
    host.once('exit', onExit)
    host.once('message', (message) => {
      clearTimeout(late)
      host.off('exit', onExit)
      resolve(message)
    })
  })
}
