import { afterAll, beforeAll, expect, test } from 'vitest'

import { createPlace, processesOf, realServer, run, scriptServer, type Place } from './program.ts'

let place: Place
beforeAll(async () => {
  place = await createPlace()
  const servers = {
    files: { ...realServer('filesystem', [place.folder]), env: { API_TOKEN: 'very-secret' } },
    dying: scriptServer('console.error("\\u001b[31mno licence\\u001b[0m"); process.exit(3)'),
    talker: {
      ...scriptServer('console.error("key " + process.env.API_TOKEN); process.exit(4)'),
      env: { API_TOKEN: 'very-secret' },
    },
    remote: { url: 'http://127.0.0.1:9/mcp' },
    lazy: { ...realServer('memory'), start: 'lazy' },
    off: { command: 'x', enabled: false },
  }
  await place.write('isogate.yaml', JSON.stringify({ servers }))
})
afterAll(() => place.remove())

test('ls shows how each server is, and leaves none behind', async () => {
  const { code, stdout } = await run(place, ['servers', 'ls'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^files {3}ready {2}14 tools, legacy \d{4}-\d\d-\d\d, pid \d+, connected for/m)
  expect(stdout).toMatch(/^dying {3}down: the server exited with code 3; .*no licence/m)
  expect(stdout).toMatch(/^remote {2}down: /m)
  expect(stdout).toMatch(/^lazy {4}ready {2}\d+ tools, stopped until it is called$/m)
  expect(stdout).toMatch(/^Disabled: off$/m)
  expect(stdout).not.toContain('\u001b')
  expect(await processesOf(place)).toEqual([])
})

test('ls gives JSON', async () => {
  const { code, stdout } = await run(place, ['servers', 'ls', '--json'])
  expect(code).toBe(0)
  const { servers, disabled } = JSON.parse(stdout) as { servers: object[]; disabled: string[] }
  expect(disabled).toEqual(['off'])
  expect(servers[0]).toMatchObject({
    server: 'files',
    state: 'ready',
    tools: 14,
    setAside: [],
    era: 'legacy',
    pid: expect.any(Number) as number,
  })
  expect(servers[1]).toMatchObject({
    server: 'dying',
    state: 'down',
    lastReason: expect.any(String) as string,
  })
})

test('logs prints what a server wrote, also one that is gone, without its secrets', async () => {
  expect((await run(place, ['servers', 'logs', 'files'])).stdout).toContain('Secure MCP Filesystem Server')
  expect(await run(place, ['servers', 'logs', 'talker'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^(?:key \[redacted\]\n)+$/) as string,
  })
})

test.each([
  ['fils', 'No enabled server has the name "fils". Nearest: files.'],
  ['remote', '"remote" is not started by Isogate'],
])('logs of %s is refused, with the reason', async (name, reason) => {
  const { code, stdout, stderr } = await run(place, ['servers', 'logs', name])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain(reason)
})
