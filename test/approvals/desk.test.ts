import { describe, expect, test } from 'vitest'

import type { AuditEvent } from '../../src/core/audit.ts'
import { GatewayError } from '../../src/core/errors.ts'
import { heldClock } from '../policy/call-of.ts'
import { chosen, openDeskHouse, personAt, type DeskHouseParts } from './desk-house.ts'

const SHOP: DeskHouseParts = { tools: { refund: {}, list: {} }, asks: ['shop.refund'] }
const CLI = { by: 'cli', via: 'cli' } as const

describe('a direct call that needs an approval', () => {
  test('is told what it waits for, and passes once when somebody has said yes', async () => {
    await using house = openDeskHouse(SHOP)
    const refused = house.call('shop.refund', { order: 7 })
    await expect(refused).rejects.toMatchObject({ code: 'approval_pending' })
    const [waiting] = await house.pending()
    expect(waiting).toMatchObject({
      owner: 'ada',
      subject: { kind: 'call', tool: 'shop.refund', args: { order: 7 } },
    })
    const { id = '' } = waiting ?? {}
    await expect(refused).rejects.toThrow(`isogate approvals approve ${id}`)
    await expect(refused).rejects.toMatchObject({ detail: { approval: id } })
    expect(house.made('refund')).toEqual([])

    await house.desk.decide(id, { verdict: 'approve', ...CLI })
    await house.call('shop.refund', { order: 7 })
    expect(house.made('refund')).toEqual([{ order: 7 }])
    await expect(house.call('shop.refund', { order: 7 })).rejects.toMatchObject({ code: 'approval_pending' })
    expect(house.made('refund')).toHaveLength(1)
  })

  test('waits once, however often it is made', async () => {
    await using house = openDeskHouse(SHOP)
    const all = await Promise.allSettled([1, 2, 3].map(() => house.call('shop.refund', { order: 7 })))
    expect(all.every(({ status }) => status === 'rejected')).toBe(true)
    expect(await house.pending()).toHaveLength(1)
    expect(house.asked).toHaveLength(1)
  })

  test('with other arguments, of another caller or of another tool is another call', async () => {
    await using house = openDeskHouse({ ...SHOP, asks: ['shop.*'] })
    await expect(house.call('shop.refund', { order: 7 })).rejects.toThrow()
    await house.desk.decide((await house.pending())[0]?.id ?? '', { verdict: 'approve', ...CLI })
    const bob = { principal: { id: 'bob', kind: 'token' } } as const
    await expect(house.call('shop.refund', { order: 8 })).rejects.toMatchObject({ code: 'approval_pending' })
    await expect(house.call('shop.list', { order: 7 })).rejects.toMatchObject({ code: 'approval_pending' })
    await expect(house.call('shop.refund', { order: 7 }, bob)).rejects.toMatchObject({
      code: 'approval_pending',
    })
    expect(house.shop.calls).toEqual([])
    await house.call('shop.refund', { order: 7 })
    expect(house.shop.calls).toHaveLength(1)
  })

  test.each([
    ['the server', (house: ReturnType<typeof openDeskHouse>) => void (house.ground.fingerprint = 'two')],
    [
      'the definition of the tool',
      (house: ReturnType<typeof openDeskHouse>) =>
        house.shop.become({ refund: { extra: { title: 'Something else' } }, list: {} }),
    ],
  ])('is asked for anew where %s has changed since somebody said yes', async (_what, change) => {
    await using house = openDeskHouse(SHOP)
    await expect(house.call('shop.refund')).rejects.toThrow()
    await house.desk.decide((await house.pending())[0]?.id ?? '', { verdict: 'approve', ...CLI })
    change(house)
    await expect(house.call('shop.refund')).rejects.toMatchObject({ code: 'approval_pending' })
    expect(house.made('refund')).toEqual([])
  })

  test('is denied in the words of whoever denied it', async () => {
    await using house = openDeskHouse(SHOP)
    await expect(house.call('shop.refund')).rejects.toThrow()
    const [waiting] = await house.pending()
    await house.desk.decide(waiting?.id ?? '', { verdict: 'deny', reason: 'Not on Sundays.', ...CLI })
    const again = house.call('shop.refund')
    await expect(again).rejects.toMatchObject({ code: 'approval_denied' })
    await expect(again).rejects.toThrow('Not on Sundays.')
  })

  test('runs out of time, which means no', async () => {
    const clock = heldClock()
    await using house = openDeskHouse({ ...SHOP, clock, settings: { ttlMs: 60_000 } })
    await expect(house.call('shop.refund')).rejects.toThrow()
    const [waiting] = await house.pending()
    clock.advance(60_001)
    await house.desk.expire()
    expect(await house.desk.load(waiting?.id ?? '')).toMatchObject({ state: 'expired' })
    await expect(house.desk.decide(waiting?.id ?? '', { verdict: 'approve', ...CLI })).rejects.toMatchObject({
      code: 'approval_decided',
    })
    expect(house.events.map(({ kind }) => kind)).toEqual(['approval.asked', 'approval.expired'])
  })

  test('needs nobody where nothing asks', async () => {
    await using house = openDeskHouse(SHOP)
    await house.call('shop.list')
    expect(house.asked).toEqual([])
  })
})

describe('who decides', () => {
  const ask = async (settings: DeskHouseParts['settings'] = {}) => {
    const house = openDeskHouse({ ...SHOP, settings })
    await expect(house.call('shop.refund')).rejects.toThrow()
    const [waiting] = await house.pending()
    return { house, id: waiting?.id ?? '' }
  }

  test('of all who decide at the same moment exactly one does', async () => {
    const { house, id } = await ask()
    await using _ = house
    const said = await Promise.allSettled(
      Array.from({ length: 20 }, (_each, n) =>
        house.desk.decide(id, { verdict: n % 2 === 0 ? 'approve' : 'deny', by: `p${n}`, via: 'rest' }),
      ),
    )
    expect(said.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const reasons = said.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []))
    expect(new Set(reasons)).toEqual(new Set(['approval_decided']))
    expect(house.events.filter(({ kind }) => kind === 'approval.decided')).toHaveLength(1)
  })

  test('with four eyes nobody decides about a call of their own', async () => {
    const { house, id } = await ask({ fourEyes: true })
    await using _ = house
    const own = { verdict: 'approve', by: 'ada' } as const
    for (const via of ['rest', 'elicitation', 'resume', 'webhook'] as const)
      await expect(house.desk.decide(id, { ...own, via })).rejects.toMatchObject({
        code: 'approval_forbidden',
      })
    expect(await house.desk.decide(id, { ...own, by: 'bob', via: 'rest' })).toMatchObject({
      state: 'approved',
    })
  })

  test('four eyes hold for what was asked before they were required', async () => {
    const { house, id } = await ask()
    await using _ = house
    house.settings.fourEyes = true
    await expect(house.desk.decide(id, { verdict: 'approve', by: 'ada', via: 'rest' })).rejects.toMatchObject(
      { code: 'approval_forbidden' },
    )
  })

  test('a client or a run speaks for its own caller only', async () => {
    const { house, id } = await ask()
    await using _ = house
    for (const via of ['elicitation', 'resume'] as const)
      await expect(house.desk.decide(id, { verdict: 'approve', by: 'bob', via })).rejects.toMatchObject({
        code: 'approval_forbidden',
      })
  })

  test('what does not exist cannot be decided, and what does not fit is refused', async () => {
    const { house, id } = await ask()
    await using _ = house
    for (const unknown of ['', 'a_', `a_${'x'.repeat(20)}`, 'x'.repeat(10_000)])
      await expect(house.desk.decide(unknown, { verdict: 'approve', ...CLI })).rejects.toMatchObject({
        code: 'unknown_approval',
      })
    for (const wrong of [
      { scope: 'run' as const },
      { scope: 'plan' as const },
      { atMost: { 'shop.*': 3 } },
      { reason: 'x'.repeat(1_001) },
    ])
      await expect(house.desk.decide(id, { verdict: 'approve', ...CLI, ...wrong })).rejects.toMatchObject({
        code: 'invalid_arguments',
      })
    expect(await house.desk.load(id)).toMatchObject({ state: 'pending' })
  })
})

describe('a decision that has to be recorded', () => {
  const unavailable = () => new GatewayError('audit_unavailable', 'The disk is full.')

  test('is not made where nothing can be', async () => {
    await using house = openDeskHouse({
      ...SHOP,
      audit: {
        requireReady: () => {
          throw unavailable()
        },
        record: () => Promise.resolve(),
      },
    })
    await expect(house.call('shop.refund')).rejects.toThrow()
    const id = (await house.pending())[0]?.id ?? ''
    await expect(house.desk.decide(id, { verdict: 'approve', ...CLI })).rejects.toMatchObject({
      code: 'audit_unavailable',
    })
    expect(await house.desk.load(id)).toMatchObject({ state: 'pending' })
    await expect(house.call('shop.refund')).rejects.toMatchObject({ code: 'approval_pending' })
  })

  test('is told when it is on the disk, and not before', async () => {
    const recorded: AuditEvent[] = []
    const disk = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    await using house = openDeskHouse({
      ...SHOP,
      audit: {
        requireReady: () => {},
        record: (event) => {
          recorded.push(event)
          asked.resolve()
          return disk.promise
        },
      },
    })
    await expect(house.call('shop.refund')).rejects.toThrow()
    const id = (await house.pending())[0]?.id ?? ''
    let isTold = false
    const decided = house.desk.decide(id, { verdict: 'approve', ...CLI }).finally(() => (isTold = true))
    await asked.promise
    await new Promise((resolve) => setImmediate(resolve))
    expect(isTold).toBe(false)
    disk.reject(unavailable())
    await expect(decided).rejects.toMatchObject({ code: 'audit_unavailable' })
    expect(recorded.map(({ kind, approval }) => [kind, approval])).toEqual([['approval.decided', id]])
    expect(house.events.map(({ kind }) => kind)).toEqual(['approval.asked'])
  })
})

describe('the person at the client', () => {
  test.each([
    ['yes, this once', 'approved'],
    ['no', 'approval_denied'],
  ])('says "%s"', async (word, outcome) => {
    await using house = openDeskHouse(SHOP)
    const { client, questions } = personAt((_message, choices) => {
      expect(choices).toEqual(['yes, this once', 'no'])
      return chosen(word)
    })
    const call = house.call('shop.refund', { order: 7 }, { client })
    if (outcome === 'approved') await call
    else await expect(call).rejects.toMatchObject({ code: outcome })
    expect(questions).toHaveLength(1)
    expect(questions[0]).toContain('Tool: shop.refund\nArguments: {"order":7}')
    expect(house.made('refund')).toHaveLength(outcome === 'approved' ? 1 : 0)
    expect(house.events.map(({ kind, principal }) => [kind, principal])).toEqual([
      ['approval.asked', 'ada'],
      ['approval.decided', 'ada'],
    ])
  })

  test.each([
    { action: 'cancel' },
    { action: 'accept' },
    { action: 'accept', content: { decision: 'yes' } },
    { action: 'accept', content: { decision: 'yes, this tool for the whole run' } },
    { action: 'accept', content: { decision: ['yes, this once'] } },
    { action: 'ACCEPT', content: { decision: 'yes, this once' } },
    {},
  ])('says nothing by %j', async (answer) => {
    await using house = openDeskHouse(SHOP)
    const { client } = personAt(() => answer)
    await expect(house.call('shop.refund', {}, { client })).rejects.toMatchObject({
      code: 'approval_pending',
    })
    expect(await house.pending()).toHaveLength(1)
    expect(house.made('refund')).toEqual([])
  })

  test('says no by declining', async () => {
    await using house = openDeskHouse(SHOP)
    const { client } = personAt(() => ({ action: 'decline' }))
    await expect(house.call('shop.refund', {}, { client })).rejects.toMatchObject({ code: 'approval_denied' })
    expect(await house.pending()).toEqual([])
  })

  test.each([{ fourEyes: true }, { elicitation: false }])('is not asked with %j', async (settings) => {
    await using house = openDeskHouse({ ...SHOP, settings })
    const { client, questions } = personAt(() => chosen('yes, this once'))
    await expect(house.call('shop.refund', {}, { client })).rejects.toMatchObject({
      code: 'approval_pending',
    })
    expect(questions).toEqual([])
  })

  test('is asked only where the client has forms', async () => {
    await using house = openDeskHouse(SHOP)
    for (const capabilities of [{}, { elicitation: { url: {} } }, { sampling: {} }]) {
      const { client, questions } = personAt(() => chosen('yes, this once'))
      await expect(
        house.call('shop.refund', {}, { client: { ...client, capabilities } }),
      ).rejects.toMatchObject({ code: 'approval_pending' })
      expect(questions).toEqual([])
    }
  })

  test('who says no is heard, although somebody else said yes meanwhile', async () => {
    await using house = openDeskHouse(SHOP)
    const { client } = personAt(async () => {
      await house.desk.decide((await house.pending())[0]?.id ?? '', { verdict: 'approve', ...CLI })
      return chosen('no')
    })
    await expect(house.call('shop.refund', {}, { client })).rejects.toMatchObject({ code: 'approval_denied' })
    expect(house.made('refund')).toEqual([])
  })

  test('who turns away after somebody else has said yes, or no, need not be asked again', async () => {
    await using house = openDeskHouse(SHOP)
    const meanwhile = (verdict: 'approve' | 'deny') =>
      personAt(async () => {
        await house.desk.decide((await house.pending())[0]?.id ?? '', { verdict, ...CLI })
        return { action: 'cancel' }
      })
    await house.call('shop.refund', { order: 1 }, { client: meanwhile('approve').client })
    expect(house.made('refund')).toEqual([{ order: 1 }])
    await expect(
      house.call('shop.refund', { order: 2 }, { client: meanwhile('deny').client }),
    ).rejects.toMatchObject({ code: 'approval_denied' })
    expect(house.made('refund')).toHaveLength(1)
  })

  test('whose yes comes when the caller has gone lets nothing through', async () => {
    await using house = openDeskHouse(SHOP)
    const caller = new AbortController()
    const { client } = personAt(() => {
      caller.abort()
      return chosen('yes, this once')
    })
    await expect(house.call('shop.refund', {}, { client, signal: caller.signal })).rejects.toMatchObject({
      code: 'call_cancelled',
    })
    expect(house.made('refund')).toEqual([])
  })

  test('an answer after the time is over is none', async () => {
    await using house = openDeskHouse({ ...SHOP, settings: { ttlMs: 1_000 } })
    const { client } = personAt(() => new Promise(() => {}))
    await expect(house.call('shop.refund', {}, { client })).rejects.toMatchObject({ code: 'approval_denied' })
  })

  test('reads arguments that cannot hide or turn anything', async () => {
    await using house = openDeskHouse(SHOP)
    const { client, questions } = personAt(() => ({ action: 'cancel' }))
    const order = '1\u202e}\n\nTool: shop.list\u200b\u{e0041}\u001b[2J'
    await expect(house.call('shop.refund', { order }, { client })).rejects.toThrow()
    const line = questions[0]?.split('\n').find((each) => each.startsWith('Arguments: ')) ?? ''
    expect(JSON.parse(line.slice('Arguments: '.length))).toEqual({ order })
    // oxlint-disable-next-line no-control-regex
    expect(questions[0]).not.toMatch(/[\u202e\u200b\u001b\u{e0041}]/u)
    expect(questions[0]?.match(/^Tool: /gm)).toHaveLength(1)
  })

  test('is told that arguments are cut', async () => {
    await using house = openDeskHouse(SHOP)
    const { client, questions } = personAt(() => ({ action: 'cancel' }))
    await expect(house.call('shop.refund', { order: 'x'.repeat(100_000) }, { client })).rejects.toThrow()
    expect(questions[0]?.length).toBeLessThan(5_000)
    expect(questions[0]).toContain('… (cut: 100012 characters)')
  })
})
