import { describe, expect, onTestFinished, test } from 'vitest'

import type { Approval } from '../../../src/core/approval.ts'
import type { Seal } from '../../../src/core/seal.ts'
import { pruneGovernance } from '../../../src/store/governance/prune.ts'
import { toStoreLimits } from '../../../src/store/limits.ts'
import { createTestClock } from '../house.ts'
import { bodyOf, readAll } from './audit-rows.ts'
import { openHouses, PLACES } from './house.ts'
import { openParts, type House } from './open-parts.ts'

const DAY_MS = 86_400_000
const START = Date.UTC(2026, 0, 15, 12)
const effect = { tool: 'pay.send', argumentsHash: 'x' }

function approvalOf(id: string, state: 'pending' | 'approved'): Approval {
  return {
    id,
    state: 'pending',
    owner: 'ann',
    subject: {
      kind: 'call',
      tool: 'pay.send',
      args: { iban: 'DE-canary' },
      hash: id,
      run: { id: 'r1', key: id, codeHash: 'c', done: [] },
    },
    binding: 'b',
    rule: state,
    createdAtMs: START,
    expiresAtMs: START + 1_000,
    fourEyes: false,
  }
}

async function prune({ base }: House, nowMs: number): Promise<void> {
  const limits = toStoreLimits({})
  while (await pruneGovernance(base.looseSql, nowMs, limits));
}

async function countOf(
  { base }: House,
  table: 'approval' | 'approvalUse' | 'effect' | 'auditRow' | 'auditSearch',
) {
  const { count } = await base.sql
    .selectFrom(table)
    .select((row) => row.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

describe.each(PLACES)('what is kept: $name', (place) => {
  test('approvals and their uses go long after their time', async () => {
    const { house } = await openHouses(place, 1)
    const decision = { by: 'cli', via: 'cli', atMs: START, scope: 'call' } as const
    for (let index = 0; index < 60; index++) {
      await house.approvals.ask(approvalOf(`a_${index}`, 'approved'))
      await house.approvals.decide(`a_${index}`, 'approved', decision)
      const run = { id: 'r1', key: `a_${index}`, codeHash: 'c' }
      const request = { owner: 'ann', tool: 'pay.send', hash: `a_${index}`, binding: 'b', run, nowMs: START }
      expect(await house.approvals.take(request)).toMatchObject({ id: `a_${index}`, state: 'used' })
    }
    await house.approvals.ask(approvalOf('a_waits', 'pending'))
    await prune(house, START + 29 * DAY_MS)
    expect([await countOf(house, 'approval'), await countOf(house, 'approvalUse')]).toEqual([61, 60])
    await prune(house, START + 31 * DAY_MS)
    expect([await countOf(house, 'approval'), await countOf(house, 'approvalUse')]).toEqual([1, 0])
  })

  test('effects go with their run, and stay while it is suspended', async () => {
    const { house } = await openHouses(place, 1)
    for (const run of ['gone', 'waits']) await house.effects.begin('ann', run, 'k', effect)
    await house.base.sql
      .insertInto('run')
      .values({
        owner: 'ann',
        id: 'waits',
        bytes: 1,
        savedAtMs: START,
        expiresAtMs: START,
        reasons: '[]',
        options: '{}',
        code: '',
        input: null,
        record: '{}',
        claim: null,
      })
      .execute()
    await prune(house, START + 6 * DAY_MS)
    expect(await countOf(house, 'effect')).toBe(2)
    await prune(house, START + 8 * DAY_MS)
    expect(await house.effects.begin('ann', 'gone', 'k', effect)).toBeUndefined()
    expect(await house.effects.begin('ann', 'waits', 'k', effect)).toEqual(effect)
  })

  test('windows of budgets go when nobody uses the budget any more', async () => {
    const { house } = await openHouses(place, 1)
    for (const account of ['a', 'b'])
      await house.budgets.take(
        { account, windowStartMs: START },
        { wanted: 1, least: 1, limit: 1, endsAtMs: account === 'a' ? START + DAY_MS : Infinity },
      )
    await prune(house, START + 50 * DAY_MS)
    expect(await house.budgets.list()).toHaveLength(2)
    await prune(house, START + 70 * DAY_MS)
    expect((await house.budgets.list()).map(({ account }) => account)).toEqual(['b'])
  })

  test('a pruning that was interrupted is not seen, and ends later', async () => {
    const { house } = await openHouses(place, 1)
    await house.audit.append(Array.from({ length: 120 }, (_, index) => bodyOf(`e${index}`)))
    await house.base.sql.updateTable('mark').set({ value: 110 }).where('name', '=', 'audit.floor').execute()
    expect((await readAll(house.audit)).map(({ seq }) => seq)).toEqual(
      Array.from({ length: 10 }, (_, index) => 111 + index),
    )
    expect(await house.audit.list({ principal: 'key:ci' })).toHaveLength(10)
    await prune(house, START)
    expect([await countOf(house, 'auditRow'), await countOf(house, 'auditSearch')]).toEqual([10, 10])
  })

  test('values of people are sealed, each for its own place', async () => {
    const seal: Seal = {
      seal: (text, about) => Buffer.from(JSON.stringify([about, text])).toString('base64'),
      open: (sealed, about) => {
        const [found, text] = JSON.parse(Buffer.from(sealed, 'base64').toString()) as [string, string]
        if (found !== about) throw new Error(`${found} is not ${about}`)
        return text
      },
    }
    const house = await openParts(await place.make(), createTestClock(), seal)
    onTestFinished(house.close)
    const approval = approvalOf('a_1', 'pending')
    await house.approvals.ask(approval)
    await house.effects.begin('ann', 'r1', 'k1', effect)
    await house.effects.end('ann', 'r1', 'k1', { paid: 'DE-canary' })
    const rows = [
      await house.base.sql.selectFrom('approval').selectAll().execute(),
      await house.base.sql.selectFrom('effect').selectAll().execute(),
    ]
    expect(JSON.stringify(rows)).not.toContain('canary')
    expect(await house.approvals.load('a_1')).toEqual(approval)
    expect(await house.effects.begin('ann', 'r1', 'k1', effect)).toMatchObject({
      outcome: { paid: 'DE-canary' },
    })
  })
})
