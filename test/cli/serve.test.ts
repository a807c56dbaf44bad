import { createServer, type AddressInfo } from 'node:net'

import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterEach, expect, test } from 'vitest'

import { descendantsOf, eventually, isAlive, processesOf, realServer, run, scriptServer } from './program.ts'
import { endAll, ping, place, post, serve, startServing, tokenOf, urlOf } from './serving.ts'

afterEach(endAll)

test('tells where it listens and how each server is; a client lists and calls; SIGTERM ends all of it', async () => {
  const where = await place({})
  // The folder in the arguments makes the server's processes known as those of this place.
  const servers = {
    filesystem: realServer('filesystem', [where.folder]),
    dead: { command: 'isogate-no-such-command' },
  }
  await where.write(
    'isogate.yaml',
    JSON.stringify({ servers, policy: { auto: ['*'] }, http: { port: 0 }, admin: { port: 0 } }),
  )
  const running = await serve(where)
  const { child, ended, stdout, stderr, url } = running
  expect(stdout()).toMatch(/^✓ filesystem +14 tools$/m)
  expect(stdout()).toMatch(/^✗ dead +down: command not found: isogate-no-such-command$/m)
  expect(stdout()).toContain('Serving 1 of 2 servers.')
  expect(stdout()).toContain(`claude mcp add --transport http isogate ${url}/mcp`)
  for (const line of stderr().trim().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow()

  const token = tokenOf(running)
  const client = new Client({ name: 'test', version: '1' })
  const requestInit = { headers: { Authorization: `Bearer ${token}` } }
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp/classic`), { requestInit })
  await client.connect(transport)
  expect((await client.listTools()).tools).toHaveLength(14)
  const called = await client.callTool({ name: 'filesystem__list_allowed_directories', arguments: {} })
  expect(JSON.stringify(called.content)).toContain(where.folder)

  expect(await processesOf(where)).not.toEqual([])
  child.kill('SIGTERM')
  expect(await ended).toMatchObject({ code: 0 })
  expect(await processesOf(where)).toEqual([])
  await client.close().catch(() => {})
})

test.each([
  ['SIGINT', 0],
  ['SIGTERM', 0],
  ['SIGKILL', null],
] as const)('after %s no process of a server and no cell is left', async (signal, code) => {
  const running = await serve(await place({ everything: realServer('everything') }))
  const { child, ended, url } = running
  const token = tokenOf(running)
  const args = { code: 'return await tools.everything.echo({ message: "from a cell" })' }
  const answer = await post(`${url}/mcp/code`, token, 'tools/call', { name: 'run_script', arguments: args })
  expect(await answer.text()).toContain('from a cell')
  const pids = await descendantsOf(child.pid)
  // The server with what watches over it, and the cell.
  expect(pids.length).toBeGreaterThan(2)
  child.kill(signal)
  expect((await ended).code).toBe(code)
  await eventually(async () => !(await Promise.all(pids.map(isAlive))).includes(true))
})

test('a second signal ends it at once, although a server takes its time', async () => {
  // Ignores the end of its input, and the polite signal.
  const stubborn = scriptServer('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)')
  const where = await place({ stubborn })
  const running = startServing(where)
  await eventually(() => running.stdout().includes('listens on'))
  running.child.kill('SIGINT')
  await eventually(() => running.stderr().includes('Stopping.'))
  running.child.kill('SIGINT')
  expect((await running.ended).code).toBe(130)
})

test('a port in use is an error that says what to do, and nothing is left', async () => {
  const blocker = createServer()
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve))
  const { port } = blocker.address() as AddressInfo
  const where = await place({ everything: realServer('everything') })
  const { code, stdout, stderr } = await run(where, [
    'serve',
    '--port',
    String(port),
    '--log-level',
    'silent',
  ])
  blocker.close()
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toBe(
    `isogate: [port_in_use] Port ${port} of 127.0.0.1 is taken. End that program, or choose another port with \`--port\` or \`http.port\`; that of the admin API with \`--admin-port\` or \`admin.port\`.\n`,
  )
})

test('a server that hangs at its start blocks nothing', async () => {
  const where = await place({
    hanging: scriptServer('setInterval(() => {}, 1000)'),
    everything: realServer('everything'),
  })
  const running = startServing(where)
  await eventually(() => /^✓ everything/m.test(running.stdout()))
  expect((await ping(urlOf(running), tokenOf(running))).status).toBe(200)
})

test('without any server it says so and serves', async () => {
  const { stdout } = await serve(await place({}))
  expect(stdout()).toContain('No server is configured.')
})
