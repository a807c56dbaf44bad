import { expect } from 'vitest'

import { createPlace, eventually, start, type Place, type Running } from './program.ts'

const places: Place[] = []
const started: Running[] = []

/** Ends and removes all that a test has started and made. For `afterEach`. */
export async function endAll(): Promise<void> {
  for (const { child, ended } of started.splice(0)) {
    child.kill('SIGKILL')
    await ended
  }
  for (const made of places.splice(0)) await made.remove()
}

/** Makes a place whose gateway has these servers and takes a free port. */
export async function place(servers: object): Promise<Place> {
  const made = await createPlace({ servers, http: { port: 0 } })
  places.push(made)
  return made
}

/** Starts `serve` and does not wait. */
export function startServing(where: Place, args: readonly string[] = []): Running {
  const running = start(where, ['serve', ...args])
  started.push(running)
  return running
}

/** Starts `serve` and waits until all servers have been tried. */
export async function serve(
  where: Place,
  args: readonly string[] = [],
): Promise<Running & { readonly url: string }> {
  const running = startServing(where, args)
  await eventually(() => /^Serving |^No server /m.test(running.stdout()) || running.child.exitCode !== null)
  const url = urlOf(running)
  expect(url, running.stderr()).not.toBe('')
  return { ...running, url }
}

/** Where the program said that it listens; empty where it did not. */
export function urlOf({ stdout }: Running): string {
  return /listens on (http:\S+)/.exec(stdout())?.[1] ?? ''
}

/** The token that the program printed; empty where it printed none. */
export function tokenOf({ stdout }: Running): string {
  return /^Token, shown only this once: (isg_\S+)$/m.exec(stdout())?.[1] ?? ''
}

/** Asks for the list of tools, to see whether a token opens the door. */
export function ping(url: string, token: string): Promise<Response> {
  return post(`${url}/mcp`, token, 'tools/list')
}

/** Sends one JSON-RPC request. */
export function post(url: string, token: string, method: string, params?: object): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
}
