import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js'
import { LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startUpstream, tool, type Upstream } from './attack/advisories/upstream.ts'
import { CANARIES, expectNone, sightings } from './canary.ts'
import {
  createPlace,
  eventually,
  realServer,
  run,
  scriptServer,
  start,
  type Place,
  type Running,
} from './cli/program.ts'
import { tokenOf, urlOf } from './cli/serving.ts'
import { ERAS, post, rpcRequest, type Era } from './http/raw-request.ts'

/*
 * The credentials of upstreams stay inside: servers that repeat everything that they are given, in every place in which a server can say something, behind
 * every door, and in everything that the gateway writes. The whole program runs, with its log at its loudest.
 */

const LEAKY = fileURLToPath(new URL('fixtures/servers/leaky.ts', import.meta.url))
const ADMIN_TOKEN = 'isa_the-token-of-the-administrators'
const WAYS_OF_LEAKY = [
  'result',
  'error',
  'fault',
  'base64',
  'percent',
  'large',
  'garbage',
  'progress',
  'dies',
]

let upstream: Upstream
let place: Place
let serving: Running
let url: string
let token: string

beforeAll(async () => {
  upstream = await startUpstream({
    tools: [tool('echo')],
    answer: ({ method, id }, response, seen) => {
      const known = JSON.stringify(seen)
      if (method === 'tools/list')
        return { tools: [tool('echo', { description: known }), tool('refuses'), tool('faults')] }
      if (method !== 'tools/call') return undefined
      if (seen.text.includes('"refuses"')) {
        response
          .writeHead(403, { 'content-type': 'application/json', 'x-known': encodeURIComponent(known) })
          .end(known)
        return 'answered'
      }
      if (seen.text.includes('"faults"'))
        return { error: { code: -32_000, message: known, data: { known, id } } }
      return {
        content: [{ type: 'text', text: known }],
        structuredContent: { headers: { ...seen.headers } as object },
      }
    },
  })
  const env = { SERVICE_TOKEN: '${env:C_ENV}', DATABASE_URL: 'postgres://me:${env:C_PASSWORD}@127.0.0.1/db' }
  const address = '/s/${env:C_PATH}/mcp?region=eu&api_key=${env:C_QUERY}'
  place = await createPlace({
    http: { port: 0 },
    admin: { port: 0, token: ADMIN_TOKEN },
    timeoutMs: 20_000,
    virtualServers: { search: { mode: 'search', tools: ['*'] } },
    servers: {
      everything: { ...realServer('everything', ['stdio']), env },
      leaky: { command: process.execPath, args: [LEAKY, '--api-key', '${env:C_ARGUMENT}'], env },
      echo: { url: `${upstream.origin}${address}`, headers: { 'X-Api-Key': '${env:C_HEADER}' } },
      gone: { url: `http://127.0.0.1:1${address}`, headers: { Authorization: 'Bearer ${env:C_HEADER}' } },
      crashes: {
        ...scriptServer(
          'console.error(JSON.stringify(process.env)); console.log(JSON.stringify(process.env)); process.exit(4)',
        ),
        env,
      },
    },
  })
  for (const [name, value] of Object.entries(CANARIES)) place.env[`C_${name.toUpperCase()}`] = value
  serving = start(place, ['serve', '--log-level', 'debug'])
  await eventually(() => /^Serving /m.test(serving.stdout()) || serving.child.exitCode !== null, 40_000)
  url = urlOf(serving)
  token = tokenOf(serving)
  expect(url, serving.stderr()).not.toBe('')
}, 60_000)

afterAll(async () => {
  serving.child.kill('SIGKILL')
  await serving.ended
  await place.remove()
  await upstream.close()
})

/** Everything that the answer to a request holds. */
async function ask(era: Era, path: string, method: string, params: object = {}): Promise<string> {
  const { body, headers } = rpcRequest(era, method, { ...params })
  const { uri } = params as { uri?: string }
  const { text, status } = await post(url + path, body, {
    ...headers,
    ...(era === 'modern' && uri !== undefined ? { 'mcp-name': uri } : {}),
    authorization: `Bearer ${token}`,
  })
  expect([method, status]).not.toEqual([method, 401])
  return text
}

const call = (era: Era, path: string, name: string, args: object = {}): Promise<string> =>
  ask(era, path, 'tools/call', { name, arguments: args, _meta: { progressToken: 7 } })

test('the servers know the canaries, and a canary is seen in whatever they say without the gateway', async () => {
  expect(sightings(JSON.stringify(upstream.seen)).length).toBeGreaterThan(0)
  for (const value of Object.values(CANARIES)) {
    for (const text of [
      value,
      Buffer.from(`x${value}`).toString('base64'),
      encodeURIComponent(value),
      value.slice(0, 24),
    ])
      expect(sightings(text), text).not.toEqual([])
  }
})

describe.each(ERAS)('over HTTP in the %s era', (era) => {
  const hello = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } }

  test.each([
    '/mcp',
    '/mcp/classic',
    '/mcp/code',
    '/mcp/v/search',
    '/mcp/s/leaky',
    '/mcp/s/echo',
    '/mcp/s/crashes',
  ])('nothing that %s lists', async (path) => {
    const first = era === 'modern' ? 'server/discover' : 'initialize'
    for (const method of [first, 'tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'])
      expectNone(`${path} ${method}`, await ask(era, path, method, method === first ? hello : {}))
  })

  test.each(WAYS_OF_LEAKY)('no call of the tool that leaks by "%s"', async (name) => {
    for (const [path, exposed] of [
      ['/mcp/classic', `leaky__${name}`],
      ['/mcp/s/leaky', name],
    ] as const)
      expectNone(`${path} ${name}`, await call(era, path, exposed))
    expectNone(
      'call_tool',
      await call(era, '/mcp/v/search', 'call_tool', { name: `leaky__${name}`, arguments: {} }),
    )
  })

  test('no call of a server behind HTTP, of a real one, of one that is down', async () => {
    for (const name of [
      'echo__echo',
      'echo__refuses',
      'echo__faults',
      'everything__get-env',
      'gone__any',
      'crashes__any',
    ])
      expectNone(name, await call(era, '/mcp/classic', name))
    expect(await call(era, '/mcp/classic', 'everything__get-env')).toContain('[redacted]')
    expect(await call(era, '/mcp/classic', 'echo__echo')).toContain('[redacted]')
  })

  test('no prompt, resource or completion', async () => {
    for (const [method, params] of [
      ['prompts/get', { name: 'leaky__prompt' }],
      ['resources/read', { uri: 'x://one' }],
      [
        'completion/complete',
        { ref: { type: 'ref/prompt', name: 'leaky__prompt' }, argument: { name: 'a', value: 'b' } },
      ],
    ] as const) {
      const text = await ask(era, '/mcp/classic', method, params)
      expectNone(method, text)
      expect(text, method).toContain('[redacted]')
    }
  })

  test('nothing that is searched, described or run', async () => {
    for (const [name, args] of [
      ['search_tools', { query: 'known environment' }],
      ['describe_tools', { tools: ['leaky.result', 'echo.echo', 'everything.get-env'] }],
      ['run_script', { code: `return await tools.leaky.result({})`, check: 'off' }],
      ['run_script', { code: `return await tools.leaky.fault({})`, check: 'off' }],
      ['run_script', { code: `console.log(await tools.leaky.large({})); return 1`, check: 'off' }],
      [
        'run_script',
        { code: `return JSON.stringify(await tools.echo.echo({})).split('').join('-')`, check: 'off' },
      ],
      [
        'run_script',
        {
          code: `try { await tools.leaky.error({}) } catch (e) { return [...e.message].reverse().join('') }`,
          check: 'off',
        },
      ],
      ['run_script', { code: `return await tools.$describe(['leaky.result'])`, check: 'off' }],
      ['run_script', { code: `return await tools.leaky.result({ a: 1 })`, dryRun: true }],
    ] as const) {
      const text = await call(era, '/mcp/code', name, args)
      expectNone(`${name} ${JSON.stringify(args)}`, text)
      // What is spread out or turned around in the script was never in it.
      expect(text.replaceAll('-', '')).not.toContain('CANARYbird')
      expect(text).not.toContain('dribYRANAC')
    }
  })
})

test('over HTTP+SSE, with what a server tells on the way', async () => {
  const headers = { authorization: `Bearer ${token}` }
  const heard: unknown[] = []
  const client = new Client({ name: 'test', version: '1' })
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void heard.push(params))
  client.fallbackNotificationHandler = (message) => {
    heard.push(message)
    return Promise.resolve()
  }
  const options = {
    requestInit: { headers },
    eventSourceInit: {
      fetch: (address: string | URL, init: RequestInit) =>
        fetch(address, { ...init, headers: new Headers({ accept: 'text/event-stream', ...headers }) }),
    },
  }
  await client.connect(new SSEClientTransport(new URL(`${url}/mcp/classic/sse`), options))
  await client.setLoggingLevel('debug')
  heard.push(await client.listTools(), client.getInstructions())
  const progress = { onprogress: (report: unknown) => void heard.push(report) }
  heard.push(await client.callTool({ name: 'leaky__progress', arguments: {} }, undefined, progress))
  heard.push(await client.callTool({ name: 'leaky__result', arguments: {} }))
  await client.close()
  expect(heard.length).toBeGreaterThan(3)
  expectNone('HTTP+SSE', JSON.stringify(heard))
})

test('over REST, and at every other address', async () => {
  const get = async (path: string, method = 'GET'): Promise<string> => {
    const init = method === 'POST' ? { body: '{}' } : {}
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const answer = await fetch(url + path, { method, headers, ...init })
    return `${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`
  }
  expect(await get('/v1/tools/leaky/result/call', 'POST')).toContain('[redacted]')
  for (const name of WAYS_OF_LEAKY)
    expectNone(`REST ${name}`, await get(`/v1/tools/leaky/${name}/call`, 'POST'))
  for (const name of ['echo', 'refuses', 'faults'])
    expectNone(`REST ${name}`, await get(`/v1/tools/echo/${name}/call`, 'POST'))
  expectNone('REST of one that is down', await get('/v1/tools/gone/any/call', 'POST'))
  for (const path of ['/v1/tools', '/metrics', '/health', '/ready', '/nowhere', '/mcp/s/gone'])
    expectNone(path, await get(path))
})

test('over the admin API', async () => {
  const [, admin = ''] = /Admin API: (http:\S+?)\/api\/v1/.exec(serving.stdout()) ?? []
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` }
  for (const path of [
    'openapi.json',
    'keys',
    'teams',
    'approvals',
    'audit',
    'audit?limit=1000',
    'limits',
    'nowhere',
  ]) {
    const answer = await fetch(`${admin}/api/v1/${path}`, { headers })
    expect(answer.status).not.toBe(401)
    expectNone(path, await answer.text())
  }
})

describe('when it has ended', () => {
  beforeAll(async () => {
    serving.child.kill('SIGTERM')
    await serving.ended
  }, 30_000)

  test('nothing is in what the program printed and logged, at its loudest', () => {
    expect(serving.stderr()).toMatch(/"level":"debug"/)
    expect(serving.stderr()).toMatch(/stderr|crashes/)
    expectNone('stdout', serving.stdout())
    for (const line of serving.stderr().split('\n')) expectNone('log', line)
  })

  test.each<readonly string[]>([
    ['servers', 'ls'],
    ['servers', 'ls', '--json'],
    ['servers', 'logs', 'leaky'],
    ['servers', 'logs', 'crashes'],
    ['tools', 'describe', 'leaky.result'],
    ['tools', 'call', 'leaky.fault', '--log-level', 'debug'],
    ['tools', 'call', 'leaky.dies', '--log-level', 'debug'],
    ['tools', 'call', 'echo.refuses'],
    ['tools', 'call', 'gone.any', '--log-level', 'debug'],
    ['validate', '--json'],
    ['policy', 'matrix', 'token'],
    ['audit', 'ls', '--json'],
    ['audit', 'export', '--format', 'jsonl'],
    ['db', 'backup', 'backup.jsonl'],
  ])('isogate %s %s %s', async (...args) => {
    const { stdout, stderr } = await run(place, args)
    expect(stdout + stderr).not.toMatch(/unknown (?:command|option)|too many arguments|missing required/)
    expectNone(args.join(' '), stdout)
    expectNone(args.join(' '), stderr)
  })

  test('isogate run', async () => {
    await place.write('all.ts', 'return [await tools.leaky.result({}), await tools.echo.echo({})]')
    const { stdout, stderr } = await run(place, ['run', 'all.ts', '--log-level', 'debug'])
    expect(stdout).toContain('[redacted]')
    expectNone('run', stdout + stderr)
  })

  test('isogate stdio', async () => {
    const hello = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'raw', version: '1' },
    }
    const lines = [
      { id: 1, method: 'initialize', params: hello },
      { method: 'notifications/initialized' },
      { id: 2, method: 'logging/setLevel', params: { level: 'debug' } },
      { id: 3, method: 'tools/list' },
      ...WAYS_OF_LEAKY.map((name, index) => ({
        id: 10 + index,
        method: 'tools/call',
        params: { name: `leaky__${name}`, arguments: {}, _meta: { progressToken: index } },
      })),
    ].map((message) => JSON.stringify({ jsonrpc: '2.0', ...message }))
    const door = start(place, ['stdio', '--mode', 'classic', '--log-level', 'debug'])
    for (const line of lines) door.child.stdin?.write(`${line}\n`)
    await eventually(() =>
      WAYS_OF_LEAKY.every((_name, index) => door.stdout().includes(`"id":${10 + index}`)),
    )
    door.child.stdin?.end()
    const { stdout, stderr } = await door.ended
    expect(stdout).toContain('[redacted]')
    expectNone('stdio', stdout)
    expectNone('stdio', stderr)
  })

  test('nothing is in any file that was written: the store, its journal, the lists that are kept, the audit', () => {
    const files = readdirSync(place.folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    expect(files.map(({ name }) => name)).toContain('isogate.db')
    for (const { parentPath, name } of files)
      expectNone(name, readFileSync(join(parentPath, name)).toString('latin1'))
  })
})
