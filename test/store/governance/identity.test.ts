import { describe, expect, test } from 'vitest'

import type { Organisation, Team, VirtualKey } from '../../../src/core/identity.ts'
import { openHouses, PLACES } from './house.ts'

const limits = { rates: [{ calls: 5, per: 'minute' as const }], concurrency: 2, budgets: [] }
const organisation: Organisation = { id: 'acme', title: 'Acme', policy: { deny: ['*.delete_*'] }, limits }
const team: Team = { id: 'data', organisation: 'acme', policy: {}, limits: { rates: [], budgets: [] } }
const key: VirtualKey = {
  id: 'ci',
  team: 'data',
  policy: { rules: [{ tools: ['pay.*'], verdict: 'ask', when: 'args.amount > 100' }] },
  limits,
  secrets: [{ hash: 'ab'.repeat(32), hint: 'isk_abcd', untilMs: 5 }],
  createdAtMs: 1,
  expiresAtMs: 1_900_000_000_000,
}

describe.each(PLACES)('identity: $name', (place) => {
  test('gives back what was written, all of it', async () => {
    const { house } = await openHouses(place, 1)
    const { identity } = house
    expect(await identity.load()).toEqual({ version: 0, organisations: [], teams: [], keys: [] })
    await identity.putOrganisation(organisation, true)
    await identity.putTeam(team, true)
    await identity.putKey(key, true)
    expect(await identity.load()).toEqual({
      version: 3,
      organisations: [organisation],
      teams: [team],
      keys: [key],
    })
    const { title: _, ...untitled } = organisation
    await identity.putOrganisation(untitled, false)
    expect((await identity.load()).organisations).toEqual([untitled])
    expect(await identity.version()).toBe(4)
    expect(await identity.removeKey('ci')).toBe(true)
    expect(await identity.removeKey('ci')).toBe(false)
    expect(await identity.removeTeam('data')).toBe(true)
    expect(await identity.removeOrganisation('acme')).toBe(true)
    expect(await identity.load()).toMatchObject({ organisations: [], teams: [], keys: [] })
  })

  test('a new one does not replace, a changed one does not come back', async () => {
    const { house } = await openHouses(place, 1)
    const { identity } = house
    await identity.putKey(key, true)
    await expect(identity.putKey({ ...key, policy: {} }, true)).rejects.toMatchObject({
      code: 'already_there',
    })
    await expect(identity.putTeam(team, false)).rejects.toMatchObject({ code: 'not_there' })
    await expect(identity.putTeam({ ...team, id: 'x'.repeat(5_000) }, true)).rejects.toMatchObject({
      code: 'bad_request',
    })
    expect(await identity.load()).toEqual({ version: 1, organisations: [], teams: [], keys: [key] })
  })

  test('a key that is revoked stays revoked, whoever writes it', async () => {
    const { house } = await openHouses(place, 1)
    const { identity } = house
    await identity.putKey(key, true)
    await identity.putKey({ ...key, revokedAtMs: 7 }, false)
    await identity.putKey({ ...key, title: 'rotated' }, false)
    expect((await identity.load()).keys).toEqual([{ ...key, title: 'rotated', revokedAtMs: 7 }])
  })

  test('of two who make the same one succeeds, and the version counts every change', async () => {
    const { houseAt, house } = await openHouses(place, place.isShared ? 2 : 1)
    const puts = Array.from({ length: 20 }, (_, index) =>
      houseAt(index)
        .identity.putKey({ ...key, id: `k${index % 10}` }, true)
        .then(() => 'made')
        .catch((error: { readonly code: string }) => error.code),
    )
    const outcomes = await Promise.all(puts)
    expect(outcomes.filter((outcome) => outcome === 'made')).toHaveLength(10)
    expect(outcomes.filter((outcome) => outcome === 'already_there')).toHaveLength(10)
    expect(await house.identity.version()).toBe(10)
  })
})
