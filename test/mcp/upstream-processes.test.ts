import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import type { Backend } from '../../src/core/ports.ts'
import { callOf, closeAll, eventually, isRunning, settle, stdioPlan } from './harness.ts'

afterEach(closeAll)

async function family(backend: Backend): Promise<number[]> {
  const { structuredContent } = await backend.call(callOf('pids'))
  const { pids } = structuredContent as { pids: number[] }
  expect(pids).toHaveLength(4)
  for (const pid of pids) expect(await isRunning(pid)).toBe(true)
  return pids
}

async function areGone(pids: readonly number[]): Promise<void> {
  await eventually(async () => {
    for (const pid of pids) expect(await isRunning(pid)).toBe(false)
  })
}

// Detached grandchildren are found by their environment, which only Linux shows.
describe.runIf(process.platform === 'linux')(
  'a server with grandchildren, detached ones too, ends whole',
  () => {
    test('when the upstream is closed: nothing is left when close has returned', async () => {
      const { backend } = await settle(stdioPlan('family'))
      const pids = await family(backend)
      await backend.close()
      for (const pid of pids) expect(await isRunning(pid)).toBe(false)
    })

    test('when the server dies by itself', async () => {
      const { backend } = await settle(stdioPlan('family'))
      const pids = await family(backend)
      await expect(backend.call(callOf('dies'))).rejects.toMatchObject({ code: 'upstream_closed' })
      await areGone(pids)
    })

    test.for(['SIGKILL', 'SIGTERM', 'exit'])('when the gateway ends by %s', async (how) => {
      const host = fileURLToPath(new URL('../fixtures/upstream-host.ts', import.meta.url))
      const child = spawn(process.execPath, [host], { stdio: ['pipe', 'pipe', 'inherit'] })
      const ended = new Promise((resolve) => child.once('exit', resolve))
      const pids = await new Promise<number[]>((resolve, reject) => {
        child.once('exit', () => reject(new Error('The host ended too early.')))
        child.stdout.once('data', (line: Buffer) => resolve(JSON.parse(line.toString('utf8')) as number[]))
      })
      for (const pid of pids) expect(await isRunning(pid)).toBe(true)
      if (how === 'exit') child.stdin.end()
      else child.kill(how as NodeJS.Signals)
      await ended
      await areGone(pids)
    })
  },
)

test("a server sees the inherited variables, its plan's, and nothing of the gateway's", async () => {
  process.env['ISOGATE_TEST_SECRET'] = 'of the gateway'
  process.env['SSL_CERT_DIR'] = '/a/private/authority'
  const { backend } = await settle(
    stdioPlan('env', ['one', 'two words'], { env: { ADDED: 'yes' }, cwd: '/' }),
  )
  delete process.env['ISOGATE_TEST_SECRET']
  delete process.env['SSL_CERT_DIR']
  const { structuredContent } = await backend.call(callOf('env'))
  const { env, cwd, argv } = structuredContent as { env: Record<string, string>; cwd: string; argv: string[] }
  expect(cwd).toBe('/')
  expect(argv).toEqual(['one', 'two words'])
  expect(env['ADDED']).toBe('yes')
  expect(env['SSL_CERT_DIR']).toBe('/a/private/authority')
  expect(env['PATH']).toBe(process.env['PATH'])
  const inherited = ['HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER']
  // The shell sets these by itself.
  const ofTheShell = ['PWD', 'OLDPWD', 'SHLVL', '_', '__CF_USER_TEXT_ENCODING']
  const certificates = [
    'NODE_EXTRA_CA_CERTS',
    'SSL_CERT_FILE',
    'SSL_CERT_DIR',
    'REQUESTS_CA_BUNDLE',
    'CURL_CA_BUNDLE',
  ]
  const ofPlace = ['LANG', 'LC_ALL', 'TZ', 'TMPDIR']
  const known = new Set([
    ...inherited,
    ...certificates,
    ...ofPlace,
    ...ofTheShell,
    'ADDED',
    'ISOGATE_UPSTREAM',
  ])
  expect(Object.keys(env).filter((name) => !known.has(name))).toEqual([])
})
