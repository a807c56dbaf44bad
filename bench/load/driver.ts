import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import type { Load, Target } from './generator.ts'
import type { Pace, PacedLoad } from './open-loop.ts'

/** What the process that makes the load is to do. */
export interface Job {
  readonly target: Target
  /** Set: an open loop. Absent: a closed one. */
  readonly pace?: Pace
  readonly connections: number
  readonly forMs: number
}

/** What it answers. */
export interface Outcome {
  readonly load?: PacedLoad
  readonly error?: string
}

/** A process of its own that makes load. One job at a time: a further one waits. */
export interface Driver {
  /** Each connection calls again as soon as it has its answer. Rejects at the first wrong answer. */
  readonly inLoop: (target: Target, connections: number, forMs: number) => Promise<Load>
  /** Calls come at a rate, whatever the answers take. */
  readonly atRate: (target: Target, pace: Pace) => Promise<PacedLoad>
  readonly stop: () => Promise<void>
}

/** Starts the process. */
export async function startDriver(): Promise<Driver> {
  const child = fork(fileURLToPath(new URL('drive.ts', import.meta.url)), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Calls without an answer took for ever, and JSON has no word for that.
    serialization: 'advanced',
    execArgv: [],
  })
  await once(child, 'message')
  let last: Promise<unknown> = Promise.resolve()
  const run = (job: Job): Promise<PacedLoad> => {
    const mine = last.then(() => runOne(child, job))
    last = mine.catch(() => {})
    return mine
  }
  return {
    inLoop: (target, connections, forMs) => run({ target, connections, forMs }),
    atRate: (target, pace) => run({ target, pace, connections: pace.connections, forMs: pace.forMs }),
    async stop() {
      const gone = once(child, 'exit')
      child.kill()
      await gone
    },
  }
}

async function runOne(child: ChildProcess, job: Job): Promise<PacedLoad> {
  const answer = new Promise<Outcome>((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`the load generator ended with ${code}`))
    child.once('exit', onExit)
    child.once('message', (message) => {
      child.off('exit', onExit)
      resolve(message as Outcome)
    })
  })
  child.send(job)
  const { load, error } = await answer
  if (load === undefined) throw new Error(error ?? 'the load generator gave nothing')
  return load
}
