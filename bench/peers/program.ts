import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A program of strangers, as it is started. */
export interface ProgramSettings {
  readonly script: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

/** A program that runs. */
export interface Program {
  /** Processor time of its process so far, microseconds, without that of the processes it has started. NaN where that cannot be read. */
  readonly cpuUs: () => number
  /** Its last words, where it has ended. */
  readonly ended: () => string | undefined
  /** Ends it, and what it has started. */
  readonly stop: () => Promise<void>
}

const STOP_MS = 5_000
/** Of what it says, the end. */
const KEPT_CHARS = 2_000
/** Ticks of /proc are hundredths of a second. */
const TICK_US = 10_000

/** Starts a program in a group of processes of its own, with the Node of the benchmark and nothing of its environment but PATH. */
export function startProgram({ script, args, cwd, env = {} }: ProgramSettings): Program {
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let said = ''
  let end: string | undefined
  const keep = (chunk: Buffer): void => {
    said = (said + chunk.toString('utf8')).slice(-KEPT_CHARS)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  child.once('error', (error) => (end = error.message))
  child.once('exit', (code, signal) => (end = `it ended with ${code ?? signal}: ${said.trim().slice(-200)}`))
  const killGroup = (signal: NodeJS.Signals): void => {
    try {
      // The group is the program's own: it was made above.
      if (child.pid !== undefined) process.kill(-child.pid, signal)
    } catch {
      // All of it is gone.
    }
  }
  const onExit = (): void => killGroup('SIGKILL')
  process.once('exit', onExit)
  return {
    cpuUs: () => readCpuUs(child.pid ?? 0),
    ended: () => end,
    async stop() {
      if (end === undefined) {
        const gone = once(child, 'exit')
        child.kill('SIGTERM')
        await Promise.race([gone, sleep(STOP_MS, undefined, { ref: false })])
      }
      killGroup('SIGKILL')
      process.off('exit', onExit)
    },
  }
}

/** Processor time of a process; Linux only. */
export function readCpuUs(pid: number): number {
  try {
    // After the name, which may have spaces: state is the third field, user and system time the 14th and 15th.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * TICK_US
  } catch {
    return Number.NaN
  }
}

/** A port of loopback on which nobody listens at this moment. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
