import { describe, expect, test } from 'vitest'

import type { Approval } from '../../../src/core/approval.ts'
import { isLetIn, openAdminHouse } from './admin-house.ts'

describe('keys', () => {
  test('are created, shown, changed, rotated, revoked and removed', async () => {
    const house = await openAdminHouse()
    const { send } = house
    expect((await send('POST', '/organisations', { id: 'acme' })).status).toBe(201)
    expect((await send('POST', '/teams', { id: 'data', settings: { organisation: 'acme' } })).status).toBe(
      201,
    )
    const created = await send('POST', '/keys', {
      id: 'ci',
      settings: {
        team: 'data',
        policy: { allow: ['files.*'] },
        limits: { rates: [{ calls: 5, per: 'minute' }] },
      },
    })
    expect(created).toMatchObject({
      status: 201,
      body: { key: { id: 'ci', state: 'active', isDeclared: false } },
    })
    const { secret } = created.body
    expect(isLetIn(house, secret)).toBe(true)

    const shown = await send('GET', '/keys/ci')
    expect(shown.body).toEqual(created.body.key)
    expect(JSON.stringify(shown.body)).not.toContain(secret)
    const settings = { ...shown.body.settings, title: 'Builds' }
    expect(await send('PUT', '/keys/ci', settings)).toMatchObject({ status: 200, body: { settings } })

    const rotated = await send('POST', '/keys/ci/rotate', {})
    expect(rotated.status).toBe(200)
    expect([isLetIn(house, secret), isLetIn(house, rotated.body.secret)]).toEqual([false, true])
    const again = await send('POST', '/keys/ci/rotate', { overlapSeconds: 60 })
    expect(again.body.key.secrets).toHaveLength(2)
    expect([isLetIn(house, rotated.body.secret), isLetIn(house, again.body.secret)]).toEqual([true, true])

    expect(await send('POST', '/keys/ci/revoke')).toMatchObject({ status: 200, body: { state: 'revoked' } })
    expect([isLetIn(house, rotated.body.secret), isLetIn(house, again.body.secret)]).toEqual([false, false])
    expect(await send('DELETE', '/keys/ci')).toEqual({ status: 204, body: null })
    expect(await send('GET', '/keys/ci')).toMatchObject({
      status: 404,
      body: { error: { code: 'not_there' } },
    })
    expect((await send('GET', '/keys')).body).toMatchObject({ keys: [{ id: 'fixed', isDeclared: true }] })
  })

  test('every change is in the audit before its answer leaves', async () => {
    const { send, store } = await openAdminHouse()
    await send('POST', '/teams', { id: 'data' })
    await send('POST', '/keys', { id: 'ci', settings: { team: 'data' } })
    await send('POST', '/keys/ci/revoke')
    const rows = await store.audit.list({ kind: 'identity.changed' })
    expect(rows.map(({ body }) => JSON.parse(body) as object)).toMatchObject([
      { principal: 'admin', detail: { what: 'team', name: 'data', action: 'created' } },
      { principal: 'admin', detail: { what: 'key', name: 'ci', action: 'created' } },
      { principal: 'admin', detail: { what: 'key', name: 'ci', action: 'revoked' } },
    ])
  })
})

describe('what is declared in the configuration', () => {
  test.each(['organisations', 'teams', 'keys'])('is read-only: %s', async (path) => {
    const { send } = await openAdminHouse()
    expect((await send('GET', `/${path}/fixed`)).body).toMatchObject({ id: 'fixed', isDeclared: true })
    const refused = { status: 409, body: { error: { code: 'declared' } } }
    expect(await send('PUT', `/${path}/fixed`, {})).toMatchObject(refused)
    expect(await send('DELETE', `/${path}/fixed`)).toMatchObject(refused)
    expect(await send('POST', `/${path}`, { id: 'fixed' })).toMatchObject(refused)
  })
})

describe('a request that is not right', () => {
  test.each<[string, string, string, unknown, number, string]>([
    ['no name', 'POST', '/keys', {}, 400, 'invalid_arguments'],
    ['a wrong name', 'POST', '/keys', { id: '../etc' }, 400, 'invalid_arguments'],
    [
      'a member that nobody knows',
      'POST',
      '/keys',
      { id: 'ci', settings: { admin: true } },
      400,
      'invalid_arguments',
    ],
    [
      'a secret of its own',
      'POST',
      '/keys',
      { id: 'ci', settings: { key: 'x'.repeat(20) } },
      400,
      'invalid_arguments',
    ],
    ['a name that is taken', 'POST', '/teams', { id: 'fixed' }, 409, 'declared'],
    ['a long overlap', 'POST', '/keys/fixed/rotate', { overlapSeconds: 1e12 }, 400, 'invalid_arguments'],
    ['a body where none belongs', 'POST', '/keys/fixed/revoke', { force: true }, 400, 'invalid_arguments'],
    ['a query that nobody knows', 'GET', '/keys?all=1', undefined, 400, 'invalid_arguments'],
    ['a parameter twice', 'GET', '/audit?limit=1&limit=2', undefined, 400, 'invalid_arguments'],
    ['no JSON', 'POST', '/keys', '{', 400, 'bad_request'],
    ['too much', 'POST', '/keys', `"${'x'.repeat(1_100_000)}"`, 413, 'body_too_large'],
    ['a wrong path', 'GET', '/servers', undefined, 404, 'not_found'],
    ['a server to start', 'POST', '/servers', { command: 'touch', args: ['/tmp/x'] }, 404, 'not_found'],
    ['an unknown approval', 'POST', '/approvals/a_nothing/approve', {}, 404, 'unknown_approval'],
    ['an unknown record', 'GET', '/audit/99', undefined, 404, 'not_there'],
    ['a record without a number', 'GET', '/audit/1e1', undefined, 404, 'not_there'],
  ])('%s is refused in the words of the table', async (_what, method, path, body, status, code) => {
    const { send } = await openAdminHouse()
    const answer = await send(method, path, body)
    expect([answer.status, answer.body.error.code]).toEqual([status, code])
    expect(Object.keys(answer.body.error).sort()).toEqual([
      'code',
      'detail',
      'message',
      'remedy',
      'retryable',
    ])
  })
})

describe('approvals', () => {
  const HOUR_MS = 3_600_000
  const approval = (id: string): Approval => ({
    id,
    state: 'pending',
    owner: 'key:ci',
    subject: { kind: 'call', tool: 'shop.buy', args: { what: id }, hash: id.padEnd(64, '0') },
    binding: 'b'.repeat(64),
    rule: 'policy.ask[0]',
    createdAtMs: Date.now(),
    expiresAtMs: Date.now() + HOUR_MS,
    fourEyes: true,
  })
  const [first, second] = ['a_'.padEnd(22, 'x'), 'a_'.padEnd(22, 'y')]

  test('are listed, shown, approved and denied; nobody decides twice', async () => {
    const { send, store } = await openAdminHouse()
    for (const id of [first, second]) await store.approvals.ask(approval(id))
    const { body } = await send('GET', '/approvals?state=pending&owner=key:ci')
    expect(body.approvals.map(({ id }: Approval) => id).sort()).toEqual([first, second])
    expect((await send('GET', `/approvals/${first}`)).body).toMatchObject({
      subject: { args: { what: first } },
    })
    expect(await send('POST', `/approvals/${first}/approve`, { by: 'ann', reason: 'fine' })).toMatchObject({
      status: 200,
      body: { state: 'approved', decision: { by: 'admin:ann', via: 'rest', scope: 'call', reason: 'fine' } },
    })
    expect(await send('POST', `/approvals/${second}/deny`)).toMatchObject({
      status: 200,
      body: { state: 'denied', decision: { by: 'admin' } },
    })
    for (const [id, verb] of [
      [first, 'deny'],
      [second, 'approve'],
    ])
      expect(await send('POST', `/approvals/${id}/${verb}`)).toMatchObject({
        status: 409,
        body: { error: { code: 'approval_decided' } },
      })
  })
})

describe('the audit', () => {
  test('is listed by what is asked for, shown row by row, and verified', async () => {
    const { send } = await openAdminHouse()
    for (const id of ['a', 'b', 'c']) await send('POST', '/teams', { id })
    const newest = await send('GET', '/audit?kind=identity.changed&limit=2')
    expect(
      newest.body.rows.map(({ event }: { event: { detail: { name: string } } }) => event.detail.name),
    ).toEqual(['c', 'b'])
    const seq = newest.body.rows[1]?.seq
    expect((await send('GET', `/audit/${seq}`)).body).toEqual(newest.body.rows[1])
    const later = await send('GET', `/audit?afterSeq=${seq}`)
    expect(later.body.rows).toHaveLength(1)
    expect((await send('GET', '/audit?since=2999-01-01T00:00:00Z')).body).toEqual({ rows: [] })
    const verified = await send('POST', '/audit/verify')
    expect(verified).toMatchObject({ status: 200, body: { rows: 3 } })
    expect(verified.body.fault).toBeUndefined()
  })
})

test('the policy is explained with what was asked', async () => {
  const { send, explained } = await openAdminHouse()
  const { status, body } = await send('POST', '/policy/explain', {
    key: 'ci',
    tool: 'files.read.all',
    args: { path: '/a' },
  })
  expect([status, body]).toEqual([200, { verdict: 'deny', findings: [] }])
  await send('POST', '/policy/explain', { tool: 'files.read', door: 'script' })
  expect(explained).toEqual([
    { key: 'ci', tool: { server: 'files', name: 'read.all' }, door: 'mcp', args: { path: '/a' } },
    { tool: { server: 'files', name: 'read' }, door: 'script' },
  ])
  expect((await send('POST', '/policy/explain', { tool: 'files' })).status).toBe(400)
  expect((await send('GET', '/limits?key=ci')).body).toEqual({ limits: [{ level: 'key', id: 'ci' }] })
})

test('good answers are what the document says', async () => {
  const { send, routes } = await openAdminHouse()
  const answerOf = (name: string) => routes.find((route) => route.name === name)?.answer
  const created = await send('POST', '/keys', { id: 'ci' })
  expect(answerOf('createKey')?.safeParse(created.body).error).toBeUndefined()
  for (const [name, path] of [
    ['listKeys', '/keys'],
    ['getKey', '/keys/ci'],
    ['getTeam', '/teams/fixed'],
    ['getOrganisation', '/organisations/fixed'],
    ['listAudit', '/audit'],
    ['getAudit', '/audit/1'],
    ['listApprovals', '/approvals'],
  ] as const)
    expect([name, answerOf(name)?.safeParse((await send('GET', path)).body).error]).toEqual([name, undefined])
})
