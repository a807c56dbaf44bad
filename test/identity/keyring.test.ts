import { describe, expect, test } from 'vitest'

import type { Principal } from '../../src/core/principal.ts'
import type { DeclaredKey } from '../../src/config/schema/identity.ts'
import { hashSecret } from '../../src/identity/secret.ts'
import { codeOf, createWorld, LEVEL } from './world.ts'

const DAY_MS = 86_400_000
const ADMIN = 'admin'

const declaredKey = (id: string, secret: string, more: Partial<DeclaredKey> = {}): DeclaredKey => ({
  id,
  hash: hashSecret(secret),
  ...LEVEL,
  ...more,
})

describe('who has a secret', () => {
  test('is one frozen object for as long as the key is there', async () => {
    const { keyring, desk } = await createWorld()
    const { secret } = await desk.keys.create('ci', {}, ADMIN)
    const principal = keyring.authenticate(secret)
    expect(principal).toEqual({ id: 'key:ci', kind: 'key' })
    expect(Object.isFrozen(principal)).toBe(true)
    await desk.keys.change('ci', { title: 'Builds' }, ADMIN)
    expect(keyring.authenticate(secret)).toBe(principal)
  })

  test('is nobody where no key has it', async () => {
    const { keyring, desk } = await createWorld()
    const { secret } = await desk.keys.create('ci', {}, ADMIN)
    for (const wrong of ['', secret.slice(0, -1), `${secret}x`, hashSecret(secret), 'key:ci', 'ci'])
      expect(keyring.authenticate(wrong)).toBeUndefined()
  })

  test('is nobody where two declared keys have the same', async () => {
    const secret = 'a-secret-of-two-keys'
    const { keyring, warnings } = await createWorld({
      declared: {
        keys: [declaredKey('a', secret), declaredKey('b', secret), declaredKey('c', 'another-secret')],
      },
    })
    expect(keyring.authenticate(secret)).toBeUndefined()
    expect(keyring.authenticate('another-secret')).toMatchObject({ id: 'key:c' })
    expect(warnings).toEqual([expect.stringContaining('the same secret')])
  })
})

describe('what holds', () => {
  test('is all levels, the outermost first', async () => {
    const { keyring, desk } = await createWorld()
    await desk.organisations.create('acme', { policy: { deny: ['*.drop'] } }, ADMIN)
    await desk.teams.create('data', { organisation: 'acme', policy: { ask: ['*.write'] } }, ADMIN)
    const { secret } = await desk.keys.create('ci', { team: 'data', limits: { concurrency: 3 } }, ADMIN)
    const standing = keyring.of(keyring.authenticate(secret) as Principal)
    expect(standing).toMatchObject({ organisation: 'acme', team: 'data', key: 'ci' })
    expect(standing.levels.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      'organisation acme',
      'team data',
      'key ci',
    ])
    expect(standing.levels).toMatchObject([
      { policy: { deny: ['*.drop'] } },
      { policy: { ask: ['*.write'] } },
      { limits: { concurrency: 3 } },
    ])
  })

  test('is nothing of its own for the token and for people at this machine', async () => {
    const { keyring } = await createWorld()
    for (const kind of ['token', 'local'] as const)
      expect(keyring.of({ id: 'key:ci', kind })).toEqual({ levels: [] })
  })

  test('is the same object while nothing changes for the key, and another one when its team does', async () => {
    const { keyring, desk } = await createWorld()
    await desk.teams.create('data', {}, ADMIN)
    const { secret } = await desk.keys.create('ci', { team: 'data' }, ADMIN)
    const other = await desk.keys.create('cd', { team: 'data' }, ADMIN)
    const principal = keyring.authenticate(secret) as Principal
    const before = keyring.of(principal)
    const team = before.levels[0]
    await desk.teams.create('web', {}, ADMIN)
    await desk.keys.change('cd', { team: 'data', title: 'Delivery' }, ADMIN)
    expect(keyring.of(principal)).toBe(before)
    // What is compiled of a team is kept by its level: all keys of it share one.
    expect(keyring.of(keyring.authenticate(other.secret) as Principal).levels[0]).toBe(team)
    await desk.teams.change('data', { policy: { deny: ['*.drop'] } }, ADMIN)
    const after = keyring.of(principal)
    expect(after).not.toBe(before)
    expect(after.levels[0]?.policy.deny).toEqual(['*.drop'])
    // Endpoints give principals a scope: it is another object, and the same key.
    expect(keyring.of({ ...principal, scope: [] })).toBe(after)
  })
})

describe('refused', () => {
  test('when it is revoked, at once, and for ever', async () => {
    const { keyring, desk } = await createWorld()
    const { secret } = await desk.keys.create('ci', {}, ADMIN)
    const principal = keyring.authenticate(secret) as Principal
    await desk.keys.revoke('ci', ADMIN)
    expect(await codeOf(() => keyring.of(principal))).toBe('key_revoked')
    await desk.keys.change('ci', { title: 'again' }, ADMIN)
    expect(await codeOf(() => keyring.of(principal))).toBe('key_revoked')
    expect(await codeOf(() => desk.keys.rotate('ci', 0, ADMIN))).toBe('invalid_arguments')
  })

  test('when it is removed', async () => {
    const { keyring, desk } = await createWorld()
    const { secret } = await desk.keys.create('ci', {}, ADMIN)
    const principal = keyring.authenticate(secret) as Principal
    await desk.keys.remove('ci', ADMIN)
    expect(keyring.authenticate(secret)).toBeUndefined()
    expect(await codeOf(() => keyring.of(principal))).toBe('key_revoked')
  })

  test('when it has expired, and not before; a clock that is set back does not bring it back', async () => {
    const { desk, clock, keyring } = await createWorld()
    const expires = new Date(clock.nowMs() + DAY_MS).toISOString()
    const { secret } = await desk.keys.create('ci', { expires }, ADMIN)
    const principal = keyring.authenticate(secret) as Principal
    clock.pass(DAY_MS - 1)
    await keyring.refresh()
    expect(await codeOf(() => keyring.of(principal))).toBe('ok')
    clock.pass(1)
    await keyring.refresh()
    expect(await codeOf(() => keyring.of(principal))).toBe('key_revoked')
    clock.setBack(DAY_MS)
    await keyring.refresh()
    expect(await codeOf(() => keyring.of(principal))).toBe('key_revoked')
  })

  test('where its team or its organisation is gone', async () => {
    const { store, keyring, desk } = await createWorld()
    await desk.organisations.create('acme', {}, ADMIN)
    await desk.teams.create('data', { organisation: 'acme' }, ADMIN)
    const { secret } = await desk.keys.create('ci', { team: 'data' }, ADMIN)
    const principal = keyring.authenticate(secret) as Principal
    await store.removeOrganisation('acme')
    await keyring.refresh()
    expect(await codeOf(() => keyring.of(principal))).toBe('key_revoked')
    expect(await desk.keys.get('ci')).toMatchObject({ state: 'orphaned' })
    await desk.organisations.create('acme', {}, ADMIN)
    expect(await codeOf(() => keyring.of(principal))).toBe('ok')
    await store.removeTeam('data')
    await keyring.refresh()
    expect(await codeOf(() => keyring.of(principal))).toBe('key_revoked')
  })

  test('for its old secret when the overlap of a rotation is over', async () => {
    const { keyring, desk, clock } = await createWorld()
    const { secret: first } = await desk.keys.create('ci', {}, ADMIN)
    const { secret: second, key } = await desk.keys.rotate('ci', DAY_MS, ADMIN)
    expect(key.secrets).toEqual([
      { hint: second.slice(0, 8) },
      { hint: first.slice(0, 8), until: new Date(clock.nowMs() + DAY_MS).toISOString() },
    ])
    expect(keyring.authenticate(first)).toBe(keyring.authenticate(second))
    clock.pass(DAY_MS)
    expect(await codeOf(() => keyring.authenticate(first))).toBe('key_revoked')
    expect(keyring.authenticate(second)).toMatchObject({ id: 'key:ci' })
    const { secret: third } = await desk.keys.rotate('ci', 0, ADMIN)
    expect(keyring.authenticate(second)).toBeUndefined()
    expect(keyring.authenticate(third)).toMatchObject({ id: 'key:ci' })
  })

  test('a second rotation makes no overlap longer', async () => {
    const { keyring, desk, clock } = await createWorld()
    const { secret: first } = await desk.keys.create('ci', {}, ADMIN)
    await desk.keys.rotate('ci', 1_000, ADMIN)
    await desk.keys.rotate('ci', DAY_MS, ADMIN)
    clock.pass(1_000)
    expect(await codeOf(() => keyring.authenticate(first))).toBe('key_revoked')
  })
})

describe('the configuration and the store', () => {
  test('both count; of two with one name that of the configuration does, and it is said', async () => {
    const { store } = await createWorld()
    await store.putTeam({ id: 'data', ...LEVEL, policy: { deny: ['*'] } }, true)
    await store.putKey(
      {
        id: 'ci',
        team: 'data',
        ...LEVEL,
        secrets: [{ hash: hashSecret('of-the-store'), hint: 'of-the-s' }],
        createdAtMs: 1,
      },
      true,
    )
    await store.putKey(
      {
        id: 'web',
        team: 'data',
        ...LEVEL,
        secrets: [{ hash: hashSecret('of-the-web'), hint: 'of-the-w' }],
        createdAtMs: 1,
      },
      true,
    )
    const { keyring, warnings, desk } = await createWorld({
      store,
      declared: {
        teams: [{ id: 'data', ...LEVEL, policy: { ask: ['*'] } }],
        keys: [declaredKey('ci', 'of-the-configuration', { team: 'data' })],
      },
    })
    expect(keyring.authenticate('of-the-store')).toBeUndefined()
    for (const secret of ['of-the-configuration', 'of-the-web']) {
      const standing = keyring.of(keyring.authenticate(secret) as Principal)
      expect(standing.levels[0]).toMatchObject({ kind: 'team', policy: { ask: ['*'] } })
    }
    expect(warnings).toEqual([expect.stringContaining('key "ci"'), expect.stringContaining('team "data"')])
    expect(await desk.keys.list()).toMatchObject([
      { id: 'ci', isDeclared: true, secrets: [] },
      { id: 'web', isDeclared: false },
    ])
  })

  test('another configuration holds at once', async () => {
    const { keyring } = await createWorld({ declared: { keys: [declaredKey('ci', 'a-declared-secret')] } })
    const principal = keyring.authenticate('a-declared-secret') as Principal
    let told = 0
    const stop = keyring.onChange(() => (told += 1))
    keyring.declare({ organisations: [], teams: [], keys: [declaredKey('cd', 'another-declared')] })
    expect(told).toBe(1)
    expect(keyring.authenticate('a-declared-secret')).toBeUndefined()
    expect(await codeOf(() => keyring.of(principal))).toBe('key_revoked')
    expect(keyring.authenticate('another-declared')).toMatchObject({ id: 'key:cd' })
    stop()
    keyring.declare({ organisations: [], teams: [], keys: [] })
    expect(told).toBe(1)
  })
})

describe('what others write into the store', () => {
  test('is followed without being told', async () => {
    const mine = await createWorld({ pollMs: 10 })
    const other = await createWorld({ store: mine.store })
    const { secret } = await other.desk.keys.create('ci', {}, ADMIN)
    await expect.poll(() => mine.keyring.authenticate(secret)).toMatchObject({ id: 'key:ci' })
    await other.desk.keys.revoke('ci', ADMIN)
    const principal: Principal = { id: 'key:ci', kind: 'key' }
    await expect.poll(() => codeOf(() => mine.keyring.of(principal))).toBe('key_revoked')
  })

  test('is known when refresh resolves, also where a look that began earlier is still under way', async () => {
    const { store, keyring, desk } = await createWorld()
    const { secret } = await desk.keys.create('ci', {}, ADMIN)
    const held = Promise.withResolvers<void>()
    store.hold = held.promise
    await store.putTeam({ id: 'data', ...LEVEL }, true)
    const early = keyring.refresh()
    // It has read by now, and holds on to what it has read.
    await new Promise((resolve) => setImmediate(resolve))
    const [key] = (await loadNow(store)).keys
    if (key !== undefined) await store.putKey({ ...key, revokedAtMs: 1 }, false)
    const late = keyring.refresh()
    store.hold = undefined
    held.resolve()
    await Promise.all([early, late])
    expect(await codeOf(() => keyring.of(keyring.authenticate(secret) as Principal))).toBe('key_revoked')
  })
})

async function loadNow(store: Awaited<ReturnType<typeof createWorld>>['store']) {
  const { hold } = store
  store.hold = undefined
  const records = store.load()
  store.hold = hold
  return records
}

describe('a store that does not answer', () => {
  test('leaves everything as it was for a minute, then refuses what came from it, and comes back by itself', async () => {
    const { store, keyring, desk, clock, warnings } = await createWorld({
      pollMs: 10,
      declared: { keys: [declaredKey('fixed', 'a-declared-secret')] },
    })
    const { secret } = await desk.keys.create('ci', {}, ADMIN)
    const principal = keyring.authenticate(secret) as Principal
    store.fault = new Error('gone')
    await expect.poll(() => warnings.length).toBe(1)
    clock.pass(59_000)
    expect(await codeOf(() => keyring.of(principal))).toBe('ok')
    clock.pass(1_001)
    expect(await codeOf(() => keyring.of(principal))).toBe('store_unusable')
    expect(await codeOf(() => keyring.authenticate('isk_nobody-knows'))).toBe('store_unusable')
    // What the configuration says does not depend on it.
    const fixed = keyring.authenticate('a-declared-secret') as Principal
    expect(await codeOf(() => keyring.of(fixed))).toBe('ok')
    store.fault = undefined
    await expect.poll(() => codeOf(() => keyring.of(principal))).toBe('ok')
  })

  test('at the start lets nobody in but declared keys, and others when it is there', async () => {
    const { store, desk } = await createWorld()
    const { secret } = await desk.keys.create('ci', {}, ADMIN)
    store.fault = new Error('gone')
    const keys = [declaredKey('fixed', 'a-declared-secret')]
    const { keyring } = await createWorld({ store, declared: { keys }, pollMs: 10 })
    expect(await codeOf(() => keyring.authenticate(secret))).toBe('store_unusable')
    expect(keyring.of(keyring.authenticate('a-declared-secret') as Principal).key).toBe('fixed')
    store.fault = undefined
    await expect.poll(() => codeOf(() => keyring.authenticate(secret))).toBe('ok')
    expect(keyring.authenticate(secret)).toMatchObject({ id: 'key:ci' })
  })
})
