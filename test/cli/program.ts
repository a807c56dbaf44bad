import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect } from 'vitest'
import { stringify } from 'yaml'

import { withAuto } from '../gateway/auto-policy.ts'

export const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** A folder in which the program runs, with a home of its own. */
export interface Place {
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
  readonly write: (name: string, text: string) => Promise<string>
  readonly remove: () => Promise<void>
}

/** How a run of the program ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A running program whose output grows. */
export interface Running {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  readonly ended: Promise<Ended>
}

/** Makes a place with a configuration of the named servers. */
export async function createPlace(config?: object): Promise<Place> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'isogate-cli-')))
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text)
    return join(folder, name)
  }
  if (config !== undefined)
    await write('isogate.yaml', stringify({ admin: { port: 0 }, ...withAuto(config) }))
  return {
    folder,
    env: { PATH, HOME: folder, ISOGATE_HOME: join(folder, 'home'), NODE_COMPILE_CACHE },
    write,
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** The entry of a real server from npm. */
export function realServer(
  name: 'everything' | 'filesystem' | 'memory',
  args: readonly string[] = [],
): object {
  const path = createRequire(import.meta.url).resolve(`@modelcontextprotocol/server-${name}/package.json`)
  return { command: process.execPath, args: [join(dirname(path), 'dist/index.js'), ...args] }
}

/** A server of this repository that does what no good server does, or simply ends. */
export function scriptServer(script: string): object {
  return { command: process.execPath, args: ['-e', script] }
}

/** Starts the program. */
export function start({ folder, env }: Place, args: readonly string[], input?: string): Running {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, env })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  if (input !== undefined) child.stdin.end(input)
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }))
  return { child, stdout: () => stdout, stderr: () => stderr, ended }
}

/** Runs the program to its end. */
export function run(place: Place, args: readonly string[], input = ''): Promise<Ended> {
  return start(place, args, input).ended
}

/** Waits until something is so. */
export async function eventually(isSo: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
  const until = Date.now() + withinMs
  while (!(await isSo())) {
    if (Date.now() > until) expect.fail('It did not come about in time.')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Processes whose command line or working folder names the place: the servers of its gateway. Linux only. */
export async function processesOf({ folder }: Place): Promise<readonly number[]> {
  const found: number[] = []
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')
    if (command.includes(folder)) found.push(Number(name))
  }
  return found
}

/** All processes that a process started, and that those started. Linux only. */
export async function descendantsOf(pid: number | undefined): Promise<readonly number[]> {
  const parents = new Map<number, number>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    // The name of a program stands in parentheses and may hold anything; behind it come the state and the parent.
    const parent = /\) \w (\d+) /.exec(stat.slice(stat.lastIndexOf(')')))?.[1]
    if (parent !== undefined) parents.set(Number(name), Number(parent))
  }
  const found: number[] = []
  for (const queue = [pid]; queue.length > 0;) {
    const parent = queue.pop()
    const children = [...parents].filter(([, of]) => of === parent).map(([child]) => child)
    found.push(...children)
    queue.push(...children)
  }
  return found
}

/** Is there a process of this number, and not only its remains? Linux only. */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat !== '' && !/\) Z /.test(stat)
}
