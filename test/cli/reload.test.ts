import { randomBytes } from 'node:crypto'
import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, describe, expect, test } from 'vitest'

import { systemClock } from '../../src/assemble.ts'
import type { AuditEvent } from '../../src/core/audit.ts'
import { openStore } from '../../src/store/store.ts'
import { eventually, processesOf, realServer, type Place, type Running } from './program.ts'
import { endAll, place, post, serve, tokenOf } from './serving.ts'

afterEach(endAll)

interface Ready {
  readonly ready: boolean
  readonly waiting: number
  readonly revision: number
  readonly configuration?: string
}

type Serving = Running & { readonly url: string }

async function readyOf({ url }: Serving): Promise<Ready> {
  return (await (await fetch(`${url}/ready`)).json()) as Ready
}

async function metricsOf({ url }: Serving, token: string): Promise<string> {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ])
  return answer.text()
}

/** A server whose processes are known by the mark among its arguments. */
const marked = (where: Place, mark: string): object =>
  realServer('everything', ['stdio', markOf(where, mark)])
const markOf = (where: Place, mark: string): string => join(where.folder, mark)

/** The processes of a marked server that are no shells around it. */
async function pidsOf(where: Place, mark: string): Promise<readonly number[]> {
  const pids: number[] = []
  for (const pid of await processesOf(where)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (command.startsWith(process.execPath) && command.includes(markOf(where, mark))) pids.push(pid)
  }
  return pids
}

/** What the audit says of configurations, the newest first. */
async function configEventsOf({ folder }: Place): Promise<readonly AuditEvent[]> {
  const path = join(folder, 'home', 'isogate.db')
  const store = await openStore({ path, clock: systemClock, random: randomBytes })
  try {
    const rows = await store.audit.list({ newestFirst: true })
    return rows
      .map(({ body }) => JSON.parse(body) as AuditEvent)
      .filter(({ kind }) => kind.startsWith('config.'))
  } finally {
    await store.close()
  }
}

function configure(where: Place, servers: object, more: object = {}): Promise<string> {
  return where.write(
    'isogate.yaml',
    JSON.stringify({ servers, http: { port: 0 }, admin: { port: 0 }, ...more }),
  )
}

async function callTool(
  running: Serving,
  token: string,
  name: string,
  args: object,
): Promise<{ readonly status: number; readonly text: string }> {
  const params = { name, arguments: args }
  const answer = await post(`${running.url}/mcp/classic`, token, 'tools/call', params)
  return { status: answer.status, text: await answer.text() }
}

async function toolNames({ url }: Serving, token: string): Promise<string> {
  return (await post(`${url}/mcp/classic`, token, 'tools/list')).text()
}

describe('a change of the file', () => {
  test('is applied under load without a failed call; what is unchanged keeps its process', async () => {
    const where = await place({})
    await configure(where, { kept: marked(where, 'kept'), changed: marked(where, 'changed-0') })
    const running = await serve(where)
    const token = tokenOf(running)
    const before = await pidsOf(where, 'kept')
    expect(before).toHaveLength(1)

    const failed: string[] = []
    const over = new AbortController()
    let calls = 0
    const caller = async (server: string): Promise<void> => {
      while (!over.signal.aborted) {
        const { status, text } = await callTool(running, token, `${server}__echo`, { message: 'hello' })
        if (status !== 200 || !text.includes('Echo: hello')) failed.push(text)
        calls += 1
      }
    }
    const callers = ['kept', 'changed', 'kept', 'changed', 'kept', 'changed'].map(caller)
    for (let version = 1; version <= 3; version += 1) {
      await configure(where, { kept: marked(where, 'kept'), changed: marked(where, `changed-${version}`) })
      await eventually(async () => (await readyOf(running)).revision === version + 1)
    }
    over.abort()
    await Promise.all(callers)
    expect(failed.slice(0, 3)).toEqual([])
    expect(calls).toBeGreaterThan(50)
    expect(await pidsOf(where, 'kept')).toEqual(before)
    await eventually(async () => (await pidsOf(where, 'changed-2')).length === 0)
    expect(await pidsOf(where, 'changed-3')).toHaveLength(1)
  })

  test('is seen where an editor replaces the file: a server is added, a tool forbidden, a mode set', async () => {
    const where = await place({ one: realServer('everything') })
    const running = await serve(where)
    const token = tokenOf(running)
    expect(await readyOf(running)).toEqual({ ready: true, waiting: 0, revision: 1 })
    expect(await metricsOf(running, token)).toContain('\nisogate_config_revision 1\n')
    const servers = { one: realServer('everything'), two: realServer('memory') }
    const config = { servers, http: { port: 0 }, policy: { deny: ['one.echo'] }, mode: 'code' }
    await where.write('isogate.yaml.new', JSON.stringify(config))
    await rename(join(where.folder, 'isogate.yaml.new'), join(where.folder, 'isogate.yaml'))
    await eventually(async () => (await readyOf(running)).revision === 2)
    expect(await metricsOf(running, token)).toMatch(
      /^isogate_config_revision 2$[^]*^isogate_server_up\{server="two"\} 1$/m,
    )
    const names = await toolNames(running, token)
    expect(names).toContain('two__read_graph')
    expect(names).toContain('one__get-sum')
    expect(names).not.toContain('one__echo')
    const onMain = await (await post(`${running.url}/mcp`, token, 'tools/list')).text()
    expect(onMain).toContain('run_script')
    expect(running.stderr()).toMatch(/"added":\["two"\].*"The configuration was applied\."/)
  })

  test('that is bad is logged with all of its errors, is told by /ready, and changes nothing', async () => {
    const where = await place({ one: realServer('everything') })
    const running = await serve(where)
    await where.write('isogate.yaml', 'servers:\n  one:\n    comand: x\nmode: fast\n')
    await eventually(async () => (await readyOf(running)).configuration === 'stale')
    expect(await readyOf(running)).toEqual({ ready: true, waiting: 0, revision: 1, configuration: 'stale' })
    expect(running.stderr()).toContain('isogate.yaml:3:5 servers.one.comand')
    expect(running.stderr()).toContain('isogate.yaml:4:7 mode')
    expect(await toolNames(running, tokenOf(running))).toContain('one__echo')

    await configure(
      where,
      { one: realServer('everything') },
      { timeoutMs: 5_000, policy: { auto: ['one.*'] } },
    )
    await eventually(async () => (await readyOf(running)).revision === 2)
    expect(await readyOf(running)).toEqual({ ready: true, waiting: 0, revision: 2 })
    expect(running.stderr()).toContain('"settings":["timeoutMs","policy.auto"]')

    running.child.kill('SIGTERM')
    await running.ended
    const [applied, refused, first] = await configEventsOf(where)
    const fingerprint = expect.stringMatching(/^[0-9a-f]{64}$/) as string
    expect(first).toMatchObject({ kind: 'config.applied', detail: { revision: 1, fingerprint } })
    expect(refused).toMatchObject({
      kind: 'config.refused',
      outcome: 'refused',
      code: 'config_invalid',
      detail: {
        revision: 1,
        places: ['3:5 servers.one.comand', '4:7 mode'],
      },
    })
    expect(applied).toMatchObject({
      kind: 'config.applied',
      detail: { revision: 2, fingerprint, changed: ['timeoutMs', 'policy.auto'], changes: 2 },
    })
    const { detail: firstOne } = first as AuditEvent & { readonly detail: { readonly fingerprint: string } }
    expect(applied).not.toMatchObject({ detail: { fingerprint: firstOne.fingerprint } })
  })

  test('of what is read at the start only is said to need a restart', async () => {
    const where = await place({})
    const running = await serve(where, ['--port', '0'])
    const fixed = { admin: { port: 0 }, policy: { auto: ['*'] } }
    await where.write(
      'isogate.yaml',
      JSON.stringify({ ...fixed, http: { port: 1 }, sandbox: { maxCells: 3 } }),
    )
    await eventually(() => running.stderr().includes('applied at the next start'))
    // The port of the command line goes over that of the file, here too.
    expect(running.stderr()).toContain('"settings":["sandbox.maxCells"]')
    expect((await readyOf(running)).revision).toBe(1)
  })
})

test('SIGHUP reads the file again; with --no-watch nothing else does', async () => {
  const where = await place({})
  const running = await serve(where, ['--no-watch'])
  await configure(where, { one: realServer('everything') })
  await new Promise((resolve) => setTimeout(resolve, 600))
  expect((await readyOf(running)).revision).toBe(1)
  running.child.kill('SIGHUP')
  await eventually(async () => (await readyOf(running)).revision === 2)
  expect(await toolNames(running, tokenOf(running))).toContain('one__echo')
})

test('SIGTERM: a call in flight finishes, a new one is refused, and then the gateway ends', async () => {
  const running = await serve(await place({ one: realServer('everything') }))
  const token = tokenOf(running)
  const slow = callTool(running, token, 'one__trigger-long-running-operation', { duration: 2, steps: 2 })
  // On its way before the signal is.
  await new Promise((resolve) => setTimeout(resolve, 500))
  running.child.kill('SIGTERM')
  await eventually(() => running.stderr().includes('Stopping.'))
  expect((await callTool(running, token, 'one__echo', { message: 'late' })).text).toContain('shutting_down')
  const ready = await fetch(`${running.url}/ready`)
  expect([ready.status, await ready.json()]).toMatchObject([503, { ready: false, stopping: true }])
  expect((await slow).text).toContain('Long running operation completed')
  expect((await running.ended).code).toBe(0)
})
