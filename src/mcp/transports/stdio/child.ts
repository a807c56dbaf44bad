import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Duplex, Readable, Writable } from 'node:stream'
import { later } from '../later.ts'

/**
 * Read once, when this module is loaded: an update of the package while the gateway runs must not change
 * how its servers are ended. A file of its own, because it is code of another world, and a shell can check it.
 */
const LIFELINE = readFileSync(new URL('./lifeline.sh', import.meta.url), 'utf8')

/** Longer than the watcher takes in the worst case, milliseconds. */
const WATCHER_MS = 5_000

/** A server's process, with everything that it starts. */
export interface Child {
  readonly pid: number | undefined
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Resolves when the process has ended, or could not be started. Never rejects. */
  readonly ended: Promise<ChildEnd>
  /**
   * Ends the process and everything that it started, the hard way if need be.
   * Resolves when that is done, after 5 s at the latest.
   */
  readonly end: () => Promise<void>
}

/** How a process ended. */
export type ChildEnd =
  | { readonly how: 'exit'; readonly code: number }
  | { readonly how: 'signal'; readonly signal: string }
  | { readonly how: 'failed'; readonly message: string }

/**
 * Starts a process that cannot outlive the gateway.
 *
 * POSIX: it gets a session and process group of its own and a lifeline (see lifeline.sh). The group ends
 * when `end` is called, when the process itself ends, and when the gateway dies. On Linux that includes
 * descendants that left the group, as long as they keep the environment that they were started with.
 *
 * Windows: the process is started directly and `end` runs `taskkill /T /F`. What is not guaranteed there:
 * when the gateway is killed, a server that does not end at the end of its stdin lives on.
 */
export function startChild(
  command: string,
  args: readonly string[],
  options: { readonly env: Readonly<Record<string, string>>; readonly cwd: string | undefined },
): Child {
  const cwd = options.cwd === undefined ? {} : { cwd: options.cwd }
  if (process.platform === 'win32') {
    const child = spawn(command, args, { ...cwd, env: options.env, windowsHide: true })
    return { ...pipes(child), ended: endOf(child), end: () => endWindows(child) }
  }
  const child = spawn('/bin/sh', ['-c', LIFELINE, 'sh', command, ...args], {
    ...cwd,
    env: { ...options.env, ISOGATE_UPSTREAM: randomUUID() },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  })
  const ended = endOf(child)
  const lifeline = child.stdio[3] as Duplex
  lifeline.on('error', ignore)
  lifeline.resume()
  const watcherGone = new Promise<void>((resolve) => lifeline.once('close', () => resolve()))
  // What a server leaves behind when it ends by itself is ended too.
  void ended.then(() => lifeline.end())
  return {
    ...pipes(child),
    ended,
    async end() {
      lifeline.end()
      await Promise.race([Promise.all([watcherGone, ended]), later(WATCHER_MS)])
      lifeline.destroy()
      // Only for a server that killed its watcher, and only while the leader has not been reaped:
      // after that its number may belong to somebody else.
      if (child.exitCode === null && child.signalCode === null) killGroup(child)
    },
  }
}

function pipes(child: ChildProcess): Pick<Child, 'pid' | 'stdin' | 'stdout' | 'stderr'> {
  const { stdin, stdout, stderr } = child
  if (stdin === null || stdout === null || stderr === null) throw new Error('The child has no pipes.')
  return { pid: child.pid, stdin, stdout, stderr }
}

function endOf(child: ChildProcess): Promise<ChildEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ how: 'failed', message: error.message }))
    child.once('exit', (code, signal) => {
      resolve(signal === null ? { how: 'exit', code: code ?? 0 } : { how: 'signal', signal })
    })
  })
}

/**
 * How a process ended, for a person.
 *
 * @param stderr The last lines that it wrote there.
 */
export function describeEnd(end: ChildEnd, stderr: readonly string[]): string {
  if (end.how === 'failed') return `it could not be started: ${end.message}`
  const said = stderr.length === 0 ? '' : `; the last lines of its stderr: ${stderr.join(' | ')}`
  if (end.how === 'signal') return `the server was ended by ${end.signal}${said}`
  if (end.code === 127) return `command not found, or something that it runs (exit code 127)${said}`
  return `the server exited with code ${end.code}${said}`
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Gone already.
  }
}

async function endWindows(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const killer = spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { windowsHide: true })
  await Promise.race([endOf(killer), later(WATCHER_MS)])
}

function ignore(): void {}
