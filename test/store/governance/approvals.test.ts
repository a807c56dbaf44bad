import { describe, expect, test } from 'vitest'

import type { Approval, GrantRequest, GrantScope } from '../../../src/core/approval.ts'
import { openHouses, PLACES } from './house.ts'

const NOW = Date.UTC(2026, 0, 15, 12)
const EXPIRES = NOW + 3_600_000

type CallSubject = Extract<Approval['subject'], { kind: 'call' }>

function callOf(more: Partial<CallSubject> = {}): CallSubject {
  return { kind: 'call', tool: 'pay.send', args: { amount: 5 }, hash: 'h1', ...more }
}

const runOf = (key: string, id = 'r1') => ({ id, key, codeHash: 'c1', done: ['files.write'] })

function approvalOf(id: string, more: Partial<Approval> = {}): Approval {
  return {
    id,
    state: 'pending',
    owner: 'key:ci',
    subject: callOf(),
    binding: 'b1',
    rule: 'teams.data.ask[0]',
    createdAtMs: NOW,
    expiresAtMs: EXPIRES,
    fourEyes: false,
    ...more,
  }
}

function requestOf(more: Partial<GrantRequest> = {}): GrantRequest {
  return { owner: 'key:ci', tool: 'pay.send', hash: 'h1', binding: 'b1', nowMs: NOW, ...more }
}

const requestOfRun = (key: string, more: Partial<GrantRequest> = {}): GrantRequest =>
  requestOf({ run: { id: 'r1', key, codeHash: 'c1' }, ...more })

const decisionOf = (scope: GrantScope, more: Partial<NonNullable<Approval['decision']>> = {}) => ({
  by: 'cli',
  via: 'cli' as const,
  atMs: NOW,
  scope,
  ...more,
})

const idOf = (taken: Approval | 'denied' | undefined): string | undefined =>
  taken === undefined || taken === 'denied' ? taken : taken.id

describe.each(PLACES)('approvals: $name', (place) => {
  test('what was asked is given back, and asking twice asks once', async () => {
    const { houseAt, house } = await openHouses(place, place.isShared ? 2 : 1)
    const asked = approvalOf('a_1', { team: 'data', subject: callOf({ run: runOf('k1') }), fourEyes: true })
    expect(await house.approvals.ask(asked)).toEqual(asked)
    const again = await Promise.all(
      Array.from({ length: 6 }, (_, index) => houseAt(index).approvals.ask({ ...asked, id: `a_x${index}` })),
    )
    expect(new Set(again.map((found) => found?.id))).toEqual(new Set(['a_1']))
    expect(await house.approvals.load('a_1')).toEqual(asked)
    expect(await house.approvals.load('a_2')).toBeUndefined()
    // Another call of the same run, the same call of nobody's run, of somebody else: questions of their own.
    await house.approvals.ask(approvalOf('a_2', { subject: callOf({ run: runOf('k2') }) }))
    await house.approvals.ask(approvalOf('a_3', { createdAtMs: NOW + 1 }))
    await house.approvals.ask(approvalOf('a_4', { owner: 'key:bob', createdAtMs: NOW + 2 }))
    const ids = async (query: Parameters<typeof house.approvals.list>[0]) =>
      (await house.approvals.list(query)).map(({ id }) => id)
    expect(await ids({})).toEqual(['a_4', 'a_3', 'a_2', 'a_1'])
    expect(await ids({ owner: 'key:ci', limit: 2 })).toEqual(['a_3', 'a_2'])
    expect(await ids({ run: 'r1', state: 'pending' })).toEqual(['a_2', 'a_1'])
    expect(await ids({ state: 'denied' })).toEqual([])
  })

  test('many who ask the same at the same time make one question', async () => {
    const { house, houseAt } = await openHouses(place, place.isShared ? 2 : 1)
    // Connections are there, so that all begin together.
    await Promise.all(Array.from({ length: 12 }, (_, index) => houseAt(index).approvals.load('a_0')))
    const asked = await Promise.all(
      Array.from({ length: 12 }, (_, index) => houseAt(index).approvals.ask(approvalOf(`a_${index}`))),
    )
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1)
    expect(await house.approvals.list({})).toHaveLength(1)
  })

  test('of many who decide exactly one succeeds', async () => {
    const { houseAt, house } = await openHouses(place, place.isShared ? 2 : 1)
    await house.approvals.ask(approvalOf('a_1'))
    const decided = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        houseAt(index).approvals.decide(
          'a_1',
          index % 2 === 0 ? 'approved' : 'denied',
          decisionOf('call', { by: `p${index}`, reason: 'as planned' }),
        ),
      ),
    )
    const winner = decided.indexOf(true)
    expect(decided.filter(Boolean)).toHaveLength(1)
    const approval = await house.approvals.load('a_1')
    expect(approval?.state).toBe(winner % 2 === 0 ? 'approved' : 'denied')
    expect(approval?.decision).toEqual(decisionOf('call', { by: `p${winner}`, reason: 'as planned' }))
    expect(await house.approvals.decide('a_none', 'approved', decisionOf('call'))).toBe(false)
  })

  test('a call that no script makes is let through once, however many try', async () => {
    const { houseAt, house } = await openHouses(place, place.isShared ? 2 : 1)
    expect(await house.approvals.take(requestOf())).toBeUndefined()
    await house.approvals.ask(approvalOf('a_1'))
    expect(await house.approvals.take(requestOf())).toBeUndefined()
    await house.approvals.decide('a_1', 'approved', decisionOf('call'))
    for (const wrong of [{ hash: 'h2' }, { binding: 'b2' }, { owner: 'key:bob' }, { tool: 'pay.all' }])
      expect(await house.approvals.take(requestOf(wrong))).toBeUndefined()
    expect(await house.approvals.take(requestOf({ nowMs: EXPIRES }))).toBeUndefined()
    expect(await house.approvals.take(requestOfRun('k1'))).toBeUndefined()
    const taken = await Promise.all(
      Array.from({ length: 20 }, (_, index) => houseAt(index).approvals.take(requestOf())),
    )
    expect(taken.filter((found) => found !== undefined).map(idOf)).toEqual(['a_1'])
    expect((await house.approvals.load('a_1'))?.state).toBe('used')
    // The next one is a question of its own.
    expect((await house.approvals.ask(approvalOf('a_2'))).id).toBe('a_2')
  })

  test('a call of a run finds at its replay what it took, and no other call does', async () => {
    const { house } = await openHouses(place, 1)
    await house.approvals.ask(approvalOf('a_1', { subject: callOf({ run: runOf('k1') }) }))
    await house.approvals.decide('a_1', 'approved', decisionOf('call'))
    expect(await house.approvals.take(requestOfRun('k2'))).toBeUndefined()
    expect(await house.approvals.take(requestOf())).toBeUndefined()
    expect(idOf(await house.approvals.take(requestOfRun('k1')))).toBe('a_1')
    expect(idOf(await house.approvals.take(requestOfRun('k1')))).toBe('a_1')
    expect(await house.approvals.take(requestOfRun('k1', { hash: 'h2' }))).toBeUndefined()
    expect(await house.approvals.take(requestOfRun('k1', { nowMs: EXPIRES }))).toBeUndefined()
    expect(await house.approvals.take(requestOfRun('k2'))).toBeUndefined()
  })

  test('a tool for the rest of a run: this tool, this run, this code, what stands behind it now', async () => {
    const { house } = await openHouses(place, 1)
    await house.approvals.ask(approvalOf('a_1', { subject: callOf({ run: runOf('k1') }) }))
    await house.approvals.decide('a_1', 'approved', decisionOf('run'))
    for (const key of ['k1', 'k2', 'k3'])
      expect(idOf(await house.approvals.take(requestOfRun(key, { hash: `other-${key}` })))).toBe('a_1')
    const wrong: readonly Partial<GrantRequest>[] = [
      { tool: 'pay.all' },
      { binding: 'b2' },
      { owner: 'key:bob' },
      { nowMs: EXPIRES },
      { run: { id: 'r2', key: 'k9', codeHash: 'c1' } },
      { run: { id: 'r1', key: 'k9', codeHash: 'c2' } },
    ]
    for (const more of wrong)
      expect(await house.approvals.take(requestOfRun('k9', { hash: 'h9', ...more }))).toBeUndefined()
  })

  test('a no is stronger than a yes to the tool, and holds for every replay', async () => {
    const { house } = await openHouses(place, 1)
    await house.approvals.ask(approvalOf('a_1', { subject: callOf({ run: runOf('k1') }) }))
    await house.approvals.ask(approvalOf('a_2', { subject: callOf({ run: runOf('k2') }) }))
    await house.approvals.decide('a_1', 'denied', decisionOf('call'))
    await house.approvals.decide('a_2', 'approved', decisionOf('run'))
    expect(await house.approvals.take(requestOfRun('k1'))).toBe('denied')
    expect(await house.approvals.take(requestOfRun('k1', { nowMs: EXPIRES + 1 }))).toBe('denied')
    expect(idOf(await house.approvals.take(requestOfRun('k2')))).toBe('a_2')
  })

  test('a no to a call that no script makes holds until its time is over', async () => {
    const { house } = await openHouses(place, 1)
    await house.approvals.ask(approvalOf('a_1'))
    await house.approvals.decide('a_1', 'denied', decisionOf('call'))
    expect(await house.approvals.take(requestOf())).toBe('denied')
    expect(await house.approvals.take(requestOf({ nowMs: EXPIRES }))).toBeUndefined()
  })

  test('what nobody decides in time expires once, and cannot be decided after', async () => {
    const { houses, house, clock } = await openHouses(place, place.isShared ? 2 : 1)
    await house.approvals.ask(approvalOf('a_1'))
    await house.approvals.ask(approvalOf('a_2', { subject: callOf({ run: runOf('k1') }) }))
    await house.approvals.ask(approvalOf('a_3', { expiresAtMs: EXPIRES + 1, owner: 'key:bob' }))
    expect(await house.approvals.expire(EXPIRES - 1)).toEqual([])
    clock.pass(3_600_000)
    expect(await house.approvals.decide('a_1', 'approved', decisionOf('call'))).toBe(false)
    // It waits no more, although nobody has marked it yet.
    expect((await house.approvals.ask(approvalOf('a_4', { expiresAtMs: EXPIRES + 9 }))).id).toBe('a_4')
    const expired = await Promise.all(houses.map(({ approvals }) => approvals.expire(EXPIRES)))
    expect(
      expired
        .flat()
        .map(({ id, state }) => `${id} ${state}`)
        .toSorted(),
    ).toEqual(['a_1 expired', 'a_2 expired'])
    expect(await house.approvals.take(requestOfRun('k1', { nowMs: EXPIRES }))).toBe('denied')
    expect(await house.approvals.take(requestOf({ nowMs: EXPIRES }))).toBeUndefined()
  })

  test('many expire little by little, and no list is larger than a process can hold', async () => {
    const { house } = await openHouses(place, 1)
    for (let index = 0; index < 102; index++)
      await house.approvals.ask(approvalOf(`a_${index}`, { subject: callOf({ hash: `h${index}` }) }))
    expect(await house.approvals.expire(EXPIRES)).toHaveLength(100)
    expect(await house.approvals.expire(EXPIRES)).toHaveLength(2)
    const args = { text: 'x'.repeat(7 * 1024 * 1024) }
    for (let index = 0; index < 12; index++)
      await house.approvals.ask(
        approvalOf(`a_big${index}`, { owner: `o${index % 2}`, subject: callOf({ args, hash: `b${index}` }) }),
      )
    expect(await house.approvals.list({ state: 'pending' })).toHaveLength(9)
  })

  const effect = (tool: string, hash: string) => ({ tool, args: {}, hash, binding: `b-${tool}` })
  const plan: Approval['subject'] = {
    kind: 'plan',
    hash: 'p1',
    codeHash: 'c1',
    effects: [effect('fs.write', 'w1'), effect('fs.write', 'w1'), effect('fs.delete', 'd1')],
  }
  const planned = (tool: string, hash: string, key: string, more: Partial<GrantRequest> = {}) =>
    requestOf({ tool, hash, binding: `b-${tool}`, run: { id: 'r7', key, codeHash: 'c1' }, ...more })

  test('a plan lets each of its calls through as often as it stands there', async () => {
    const { houseAt, house } = await openHouses(place, place.isShared ? 2 : 1)
    await house.approvals.ask(approvalOf('a_1', { subject: plan, binding: 'all' }))
    await house.approvals.decide('a_1', 'approved', decisionOf('plan'))
    expect(await house.approvals.take(planned('fs.delete', 'd1', 'k0', { binding: 'new' }))).toBeUndefined()
    expect(
      await house.approvals.take(
        planned('fs.delete', 'd1', 'k0', { run: { id: 'r7', key: 'k0', codeHash: 'c2' } }),
      ),
    ).toBeUndefined()
    const taken = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        houseAt(index).approvals.take(planned('fs.write', 'w1', `w${index}`)),
      ),
    )
    const won = taken.flatMap((found, index) => (found === undefined ? [] : [index]))
    expect(won).toHaveLength(2)
    // The same calls again take nothing more, and the others are still refused.
    for (const [index, found] of taken.entries())
      expect(idOf(await house.approvals.take(planned('fs.write', 'w1', `w${index}`)))).toBe(idOf(found))
    expect(idOf(await house.approvals.take(planned('fs.delete', 'd1', 'd')))).toBe('a_1')
    expect(await house.approvals.take(planned('fs.delete', 'd2', 'd2'))).toBeUndefined()
  })

  test('a plan with "at most" counts exactly, over all runs, and only tools that it shows', async () => {
    const { houseAt, house } = await openHouses(place, place.isShared ? 2 : 1)
    await house.approvals.ask(approvalOf('a_1', { subject: plan, binding: 'all' }))
    await house.approvals.decide('a_1', 'approved', decisionOf('plan', { atMost: { 'fs.del*': 20 } }))
    const taken = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        houseAt(index).approvals.take(
          planned('fs.delete', `x${index}`, `k${index}`, {
            run: { id: `r${index % 3}`, key: `k${index}`, codeHash: 'c1' },
          }),
        ),
      ),
    )
    expect(taken.filter((found) => found !== undefined)).toHaveLength(20)
    expect(await house.approvals.take(planned('fs.delete_all', 'x', 'k'))).toBeUndefined()
    expect(await house.approvals.take(planned('fs.write', 'x', 'k'))).toBeUndefined()
    // What was approved as it is does not count.
    expect(idOf(await house.approvals.take(planned('fs.delete', 'd1', 'last')))).toBe('a_1')
  })

  test('whoever asks without end is refused, and nobody else is', async () => {
    const { house } = await openHouses(place, 1)
    const args = { text: 'x'.repeat(7 * 1024 * 1024) }
    const ask = (index: number, owner = 'key:ci') =>
      house.approvals.ask(
        approvalOf(`a_${owner}${index}`, { owner, subject: callOf({ args, hash: `h${index}` }) }),
      )
    for (let index = 0; index < 9; index++) await ask(index)
    await expect(ask(9)).rejects.toMatchObject({ code: 'store_full' })
    await ask(9, 'key:bob')
    // What is over makes room.
    await house.approvals.decide('a_key:ci0', 'denied', decisionOf('call'))
    await ask(10)
    const huge = callOf({ args: { text: 'x'.repeat(9 * 1024 * 1024) } })
    await expect(
      house.approvals.ask(approvalOf('a_huge', { owner: 'z', subject: huge })),
    ).rejects.toMatchObject({
      code: 'store_full',
    })
  })
})
