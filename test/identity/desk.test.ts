import { describe, expect, test } from 'vitest'

import { GatewayError } from '../../src/core/errors.ts'
import { hashSecret } from '../../src/identity/secret.ts'
import { codeOf, createWorld, LEVEL } from './world.ts'

const ADMIN = 'admin'

describe('a key', () => {
  test('is shown once; what is kept is its hash and its first characters', async () => {
    const { store, desk } = await createWorld()
    const { secret, key } = await desk.keys.create('ci', { title: 'Builds' }, ADMIN)
    expect(secret).toMatch(/^isk_[A-Za-z0-9_-]{43}$/)
    const records = JSON.stringify(await store.load())
    expect(records).toContain(hashSecret(secret))
    expect(records).not.toContain(secret)
    expect(key).toMatchObject({ id: 'ci', state: 'active', secrets: [{ hint: secret.slice(0, 8) }] })
    expect(JSON.stringify(await desk.keys.list())).not.toMatch(new RegExp(`${secret}|${hashSecret(secret)}`))
  })

  test('shows its settings in the form in which they are given', async () => {
    const { desk } = await createWorld()
    await desk.teams.create('data', {}, ADMIN)
    const settings = {
      title: 'Builds',
      team: 'data',
      expires: '2026-03-01T00:00:00.000Z',
      policy: { allow: ['files.*'], ask: ['files.write'], deny: [], rules: [], auto: ['files.read'] },
      limits: { rates: [{ calls: 100, per: 'minute' }], budgets: [] },
    }
    const { key } = await desk.keys.create('ci', settings, ADMIN)
    expect(key.settings).toEqual(settings)
    expect((await desk.keys.change('ci', key.settings, ADMIN)).settings).toEqual(settings)
    expect((await desk.keys.change('ci', {}, ADMIN)).settings).toEqual(LEVEL)
  })
})

describe('refused', () => {
  const settings: readonly (readonly [string, unknown])[] = [
    ['a member that nobody knows', { polcy: {} }],
    ['a secret', { key: 'a-secret-of-my-own' }],
    ['a hash', { hash: '0'.repeat(64) }],
    ['a team that is not there', { team: 'nowhere' }],
    ['a moment that is over', { expires: '2020-01-01T00:00:00Z' }],
    ['a glob that would protect nothing', { policy: { deny: ['delete_*'] } }],
    ['the same in a rule', { policy: { rules: [{ tools: ['delete_*'], verdict: 'deny' }] } }],
    ['a rate of nothing', { limits: { rates: [{ per: 'minute' }] } }],
    ['no object', 'ci'],
    ['a list', []],
  ]
  test.each(settings)('%s', async (_what, given) => {
    const { store, desk, events } = await createWorld()
    expect(await codeOf(() => desk.keys.create('ci', given, ADMIN))).toBe('invalid_arguments')
    expect((await store.load()).keys).toEqual([])
    expect(events).toEqual([])
  })

  test.each(['', 'CI', '1st', 'a b', '../x', 'a'.repeat(64), 'key:ci', '__proto__'])(
    'the name %j',
    async (id) => {
      const { desk } = await createWorld()
      for (const shelf of [desk.organisations, desk.teams, desk.keys])
        expect(await codeOf(() => shelf.create(id, {}, ADMIN))).toBe('invalid_arguments')
    },
  )

  test('a condition that is none', async () => {
    const { desk } = await createWorld()
    const rules = (when: string) => ({ policy: { rules: [{ tools: ['*'], verdict: 'deny', when }] } })
    for (const shelf of [desk.organisations, desk.teams, desk.keys]) {
      await expect(shelf.create('data', rules('args.'), ADMIN)).rejects.toMatchObject({
        code: 'invalid_arguments',
        message: expect.stringContaining('`policy.rules.0.when` is no condition in CEL') as string,
      })
      await shelf.create('data', rules('args.amount > 100'), ADMIN)
    }
  })

  test('what is there already, what is not there, and what the configuration declares', async () => {
    const declared = {
      organisations: [{ id: 'fixed', ...LEVEL }],
      teams: [{ id: 'fixed', ...LEVEL }],
      keys: [{ id: 'fixed', hash: '0'.repeat(64), ...LEVEL }],
    }
    const { desk, events } = await createWorld({ declared })
    for (const shelf of [desk.organisations, desk.teams, desk.keys]) {
      await shelf.create('mine', {}, ADMIN)
      expect(await codeOf(() => shelf.create('mine', {}, ADMIN))).toBe('already_there')
      expect(await codeOf(() => shelf.get('nobody'))).toBe('not_there')
      expect(await codeOf(() => shelf.change('nobody', {}, ADMIN))).toBe('not_there')
      expect(await codeOf(() => shelf.remove('nobody', ADMIN))).toBe('not_there')
      expect(await codeOf(() => shelf.create('fixed', {}, ADMIN))).toBe('declared')
      expect(await codeOf(() => shelf.change('fixed', {}, ADMIN))).toBe('declared')
      expect(await codeOf(() => shelf.remove('fixed', ADMIN))).toBe('declared')
      expect(await shelf.get('fixed')).toMatchObject({ isDeclared: true })
    }
    expect(await codeOf(() => desk.keys.rotate('fixed', 0, ADMIN))).toBe('declared')
    expect(await codeOf(() => desk.keys.revoke('fixed', ADMIN))).toBe('declared')
    expect(await codeOf(() => desk.keys.rotate('nobody', 0, ADMIN))).toBe('not_there')
    expect(await codeOf(() => desk.keys.rotate('mine', -1, ADMIN))).toBe('invalid_arguments')
    expect(await codeOf(() => desk.keys.rotate('mine', Number.NaN, ADMIN))).toBe('invalid_arguments')
    expect(events).toHaveLength(3)
  })

  test('to remove what others belong to', async () => {
    const { desk } = await createWorld()
    await desk.organisations.create('acme', {}, ADMIN)
    await desk.teams.create('data', { organisation: 'acme' }, ADMIN)
    await desk.keys.create('ci', { team: 'data' }, ADMIN)
    expect(await codeOf(() => desk.organisations.remove('acme', ADMIN))).toBe('invalid_arguments')
    await expect(desk.teams.remove('data', ADMIN)).rejects.toThrow('To the team "data" belong ci')
    await desk.keys.remove('ci', ADMIN)
    await desk.teams.remove('data', ADMIN)
    await desk.organisations.remove('acme', ADMIN)
    expect(await desk.organisations.list()).toEqual([])
  })
})

test('each change is recorded, with who did it, and no record holds a secret', async () => {
  const { desk, events } = await createWorld()
  await desk.teams.create('data', {}, 'cli')
  const { secret } = await desk.keys.create('ci', { team: 'data' }, ADMIN)
  await desk.keys.change('ci', {}, ADMIN)
  await desk.keys.rotate('ci', 0, ADMIN)
  await desk.keys.revoke('ci', ADMIN)
  await desk.keys.remove('ci', ADMIN)
  expect(events.map(({ kind, principal, detail }) => [kind, principal, detail])).toEqual([
    ['identity.changed', 'cli', { what: 'team', name: 'data', action: 'created' }],
    ...['created', 'changed', 'rotated', 'revoked', 'removed'].map((action) => [
      'identity.changed',
      ADMIN,
      { what: 'key', name: 'ci', action },
    ]),
  ])
  expect(JSON.stringify(events)).not.toContain(secret)
})

test('nothing is changed while nothing can be recorded', async () => {
  const audit = {
    requireReady: () => {
      throw new GatewayError('audit_unavailable', 'The disk is full.')
    },
    record: () => Promise.resolve(),
  }
  const { store, desk } = await createWorld({ audit })
  expect(await codeOf(() => desk.keys.create('ci', {}, ADMIN))).toBe('audit_unavailable')
  expect((await store.load()).keys).toEqual([])
})

test('changes that come together are made one after the other, each on what the one before left', async () => {
  const { desk } = await createWorld()
  await desk.keys.create('ci', {}, ADMIN)
  const fresh = await Promise.all(Array.from({ length: 5 }, () => desk.keys.rotate('ci', 60_000, ADMIN)))
  expect((await desk.keys.get('ci')).secrets).toHaveLength(6)
  expect(new Set(fresh.map(({ secret }) => secret)).size).toBe(5)
  const ends = await Promise.all(
    Array.from({ length: 5 }, () => codeOf(() => desk.keys.create('one', {}, ADMIN))),
  )
  expect(ends.sort()).toEqual(['already_there', 'already_there', 'already_there', 'already_there', 'ok'])
})
