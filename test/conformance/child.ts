import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** How long a process may take until it says what is waited for, and until it has ended. */
const READY_MS = 60_000
const END_MS = 15_000

/** A process of our own that serves until it is ended. */
export interface Child {
  /** What it said on the line that was waited for. */
  readonly said: string
  readonly stderr: () => string
  readonly close: () => Promise<void>
}

export interface ChildOptions {
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** Takes what is wanted out of the lines so far; undefined where it has not been said yet. */
  readonly read: (lines: readonly string[]) => string | undefined
}

/** Has a process end when this one does. */
export function endWithUs(child: ChildProcess): void {
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
}

/** Starts a Node process and waits until it has said something. It ends when this one does. */
export async function startChild({ args, cwd, env, read }: ChildOptions): Promise<Child> {
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
  })
  endWithUs(child)
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const lines: string[] = []
  const waiting = new AbortController()
  const timer = setTimeout(() => child.kill('SIGKILL'), READY_MS)
  const ended = once(child, 'close', { signal: waiting.signal }).then(
    ([code]) => {
      throw new Error(`${args.join(' ')} ended with ${String(code)}\n${lines.join('\n')}\n${stderr}`)
    },
    () => '',
  )
  const said = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line)
      const found = read(lines)
      if (found !== undefined) resolve(found)
    })
  })
  try {
    return { said: await Promise.race([said, ended]), stderr: () => stderr, close: () => end(child) }
  } finally {
    clearTimeout(timer)
    waiting.abort()
  }
}

/** Ends it in good order, and by force where it does not. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  const timer = setTimeout(() => child.kill('SIGKILL'), END_MS)
  child.stdin?.end()
  child.kill()
  await closed
  clearTimeout(timer)
}
