import { fork, type ChildProcess } from 'node:child_process'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

/** As `npm start` has it: without the bound V8 lets its young objects take a hundred megabytes, little by little. */
export const YOUNG_BOUND = '--max-semi-space-size=8'

/** A process of the benchmark that serves HTTP on loopback. */
export interface Peer {
  readonly url: string
  /** Processor time that it has used so far, microseconds. */
  readonly cpuUs: () => Promise<number>
  /** Resident memory after a garbage collection, bytes. */
  readonly residentBytes: () => Promise<number>
  readonly stop: () => Promise<void>
}

interface Told {
  readonly url?: string
  readonly cpuUs?: number
  readonly residentBytes?: number
}

/** In a child: tells the address to the parent and answers how much processor time was used. */
export function announce(server: Server | { readonly url: string }): void {
  const url = 'url' in server ? server.url : `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  process.on('message', (asked) => {
    if (asked === 'memory') {
      globalThis.gc?.()
      process.send?.({ residentBytes: process.memoryUsage.rss() } satisfies Told)
      return
    }
    const { user, system } = process.cpuUsage()
    process.send?.({ cpuUs: user + system } satisfies Told)
  })
  // A benchmark that is broken off leaves nothing behind.
  process.on('disconnect', () => process.exit())
  process.send?.({ url } satisfies Told)
}

/** Starts a process of this folder. */
export function startPeer(file: string, ...args: readonly string[]): Promise<Peer> {
  return startPeerWith([], file, ...args)
}

/** The same, with flags for Node. */
export async function startPeerWith(
  flags: readonly string[],
  file: string,
  ...args: readonly string[]
): Promise<Peer> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: ['--expose-gc', ...flags],
  })
  const { url } = await nextMessage(child)
  if (url === undefined) throw new Error(`${file} told no address`)
  return {
    url,
    async cpuUs() {
      const answer = nextMessage(child)
      child.send('cpu')
      return (await answer).cpuUs ?? Number.NaN
    },
    async residentBytes() {
      const answer = nextMessage(child)
      child.send('memory')
      return (await answer).residentBytes ?? Number.NaN
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.kill()
      }),
  }
}

function nextMessage(child: ChildProcess): Promise<Told> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void =>
      reject(new Error(`a process of the benchmark ended with ${code}`))
    child.once('exit', onExit)
    child.once('message', (message) => {
      child.off('exit', onExit)
      resolve(message as Told)
    })
  })
}
