import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts'
import { readLists, RpcError, type Ask, type Lists } from './lists.ts'

/** How a server is started: its program, its environment as a whole, and where. */
export interface Start {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
}

/** What a server says of itself and lists. */
export interface Said {
  /** As it said: one version, or all that it knows. */
  readonly protocolVersion: Json | undefined
  readonly lists: Lists
}

const ANSWER_MS = 120_000
const END_MS = 5_000
const IDENTITY = { name: 'raw', version: '1' }
const MODERN_ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': IDENTITY,
}

/** Starts a server, shakes hands with 2025-11-25 and no capabilities, reads all lists and ends it. */
export function readByHandshake(start: Start): Promise<Said> {
  return converse(start, async (ask, tell) => {
    const { protocolVersion, capabilities } = await ask('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: IDENTITY,
    })
    tell('notifications/initialized')
    return { protocolVersion, lists: await readLists(toObject(capabilities), ask) }
  })
}

/** Starts a server, speaks 2026-07-28 with it without a handshake, reads all lists and ends it. */
export function readByDiscovery(start: Start): Promise<Said> {
  return converse(start, async (ask) => {
    const askModern: Ask = (method, params) => ask(method, { ...params, _meta: MODERN_ENVELOPE })
    const { supportedVersions, capabilities } = await askModern('server/discover')
    return { protocolVersion: supportedVersions, lists: await readLists(toObject(capabilities), askModern) }
  })
}

/** Starts a server, speaks JSON-RPC with it by hand, one message a line, and ends it. */
async function converse<T>(
  { command, args, env, cwd }: Start,
  use: (ask: Ask, tell: (method: string) => void) => Promise<T>,
): Promise<T> {
  const child = spawn(command, args, { cwd, env: { ...env }, stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-2_000)))
  child.stdin.on('error', () => {})
  const open = new Map<Json, (message: JsonObject) => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = readLine(line)
    const { id } = message
    if (id !== undefined && message['method'] === undefined) open.get(id)?.(message)
  })
  const write = (message: object): void =>
    void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  let nextId = 1
  const ask: Ask = async (method, params = {}) => {
    const id = nextId++
    const answer = new Promise<JsonObject>((resolve) => open.set(id, resolve))
    write({ id, method, params })
    const late = AbortSignal.timeout(ANSWER_MS)
    const { result, error } = await Promise.race([
      answer,
      ended.then(() => Promise.reject(new Error(`ended before it answered ${method}: ${errors}`))),
      once(late, 'abort').then(() => Promise.reject(new Error(`no answer to ${method}: ${errors}`))),
    ])
    if (isJsonObject(error)) throw new RpcError(method, error as { code: number; message: string })
    return toObject(result)
  }
  try {
    return await use(ask, (method) => write({ method }))
  } finally {
    child.stdin.end()
    const force = setTimeout(() => child.kill('SIGKILL'), END_MS)
    await ended
    clearTimeout(force)
  }
}

/** A message; nothing where a line is none: some servers write banners to stdout. */
function readLine(line: string): JsonObject {
  try {
    return toObject(JSON.parse(line) as Json)
  } catch {
    return {}
  }
}

const toObject = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {})
