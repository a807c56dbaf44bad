import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { verifyAudit } from '../../src/audit/verify.ts'
import type { AuditEvent } from '../../src/core/audit.ts'
import { DOORS, keyOf } from './doors.ts'
import type { DoorClient } from './forms.ts'
import { openGovernedHouse, type GovernedHouse } from './house.ts'
import { expectNoted } from './noted.ts'
import { codeOf, mainText, particular, type Reply } from './reply.ts'

let house: GovernedHouse
beforeAll(async () => {
  house = await openGovernedHouse('keys')
})
afterAll(() => house.close())

const BY_SCRIPT = 'code.run_script'

/** The parts of a record that each scenario says something of. */
type Expected = Partial<Pick<AuditEvent, 'tool' | 'verdict' | 'outcome' | 'code' | 'approval'>> & {
  readonly rule?: unknown
}

describe.each(DOORS)('$name', (door) => {
  let site: GovernedHouse
  let client: DoorClient
  let mark = 0
  const key = keyOf(door, 'key')
  const order = key
  const principal = door.hasKeys ? `key:${key}` : 'stdio'

  beforeAll(async () => {
    // Where nobody has a key the policy is that of the gateway, so it is another gateway.
    site = door.hasKeys ? house : await openGovernedHouse('gateway', { isServing: false })
    const secret = door.hasKeys ? await site.newKey(key) : ''
    client = await door.open(site, key, secret)
  })
  afterAll(async () => {
    await client.close()
    if (site !== house) await site.close()
  })

  const begin = async (): Promise<void> => {
    mark = await site.mark()
  }
  /** The records since the beginning: exactly these calls, and for each the one of what made it. */
  const expectRecords = async (...expected: readonly Expected[]): Promise<void> => {
    const all = (await site.since(mark)).filter((event) => event.principal === principal)
    const calls = all.filter(({ tool }) => !tool?.startsWith('code.'))
    const ofKey = door.hasKeys ? { organisation: 'acme', team: 'data' } : {}
    expect(calls).toEqual(
      expected.map((each) =>
        expect.objectContaining({
          kind: 'call',
          door: door.door,
          principal,
          ...ofKey,
          argumentsHash: expect.stringMatching(/^sha256:/) as string,
          ...each,
        }),
      ),
    )
    if (!door.hasKeys) for (const call of calls) expect(call).not.toHaveProperty('team')
    const makers = all.filter(({ tool }) => tool?.startsWith('code.'))
    expect(makers.map(({ id }) => id)).toEqual(door.by === undefined ? [] : calls.map(({ parent }) => parent))
    for (const call of calls) expect(call.parent === undefined).toBe(door.by === undefined)
  }

  test('what is allowed goes through', async () => {
    await begin()
    expect(mainText(await client.call('alpha.say', { order }))).toContain('done')
    expect(site.reached('say', order)).toBe(1)
    await expectRecords({ tool: 'alpha.say', verdict: 'allow', rule: 'servers.alpha', outcome: 'ok' })
  })

  test('what is asked for waits, and goes through exactly once when somebody else has said yes', async () => {
    const rule = 'refunds are asked for'
    await begin()
    const waiting = await client.call('alpha.refund', { order })
    const approval = particular(waiting, 'approval')
    expect([codeOf(waiting), approval]).toEqual(['approval_pending', expect.stringMatching(/^a_[\w-]{20}$/)])
    expect(site.reached('refund', order)).toBe(0)
    const asked = { tool: 'alpha.refund', verdict: 'ask', rule, approval } as const
    const waits = { ...asked, outcome: 'refused', code: 'approval_pending' } as const
    await expectRecords(waits)

    const { approvals } = site.gateway.governance
    expect(await approvals.load(approval)).toMatchObject({
      owner: principal,
      rule,
      subject: { tool: 'alpha.refund', args: { order } },
      ...(door.hasKeys ? { team: 'data' } : {}),
    })
    await approvals.decide(approval, { verdict: 'approve', by: 'somebody else', via: 'cli' })
    const about = async (): Promise<readonly AuditEvent[]> =>
      (await site.since(mark, ['approval.asked', 'approval.decided'])).filter(({ id }) => id === approval)
    await expect.poll(about, { timeout: 5_000, interval: 20 }).toMatchObject([
      { kind: 'approval.asked', principal, door: door.door, tool: 'alpha.refund', rule },
      { kind: 'approval.decided', principal: 'somebody else', outcome: 'ok', detail: { via: 'cli' } },
    ])
    await begin()
    expect(mainText(await client.again(waiting, 'alpha.refund', { order }))).toContain('done')
    expect(site.reached('refund', order)).toBe(1)
    await expectRecords({ ...asked, outcome: 'ok' })

    await begin()
    const next = await client.call('alpha.refund', { order })
    expect(codeOf(next)).toBe('approval_pending')
    expect(particular(next, 'approval')).not.toBe(approval)
    expect(site.reached('refund', order)).toBe(1)
    await expectRecords({ ...waits, approval: particular(next, 'approval') })
  })

  test('what is asked for and refused is not made', async () => {
    const args = { order: `${order} no` }
    const waiting = await client.call('alpha.refund', args)
    const approval = particular(waiting, 'approval')
    await site.gateway.governance.approvals.decide(approval, {
      verdict: 'deny',
      by: 'somebody else',
      via: 'cli',
    })
    await begin()
    expect(codeOf(await client.again(waiting, 'alpha.refund', args))).toBe('approval_denied')
    expect(site.reached('refund', args.order)).toBe(0)
    await expectRecords({
      tool: 'alpha.refund',
      verdict: 'ask',
      approval,
      outcome: 'refused',
      code: 'approval_denied',
    })
  })

  test('what is not trusted to run by itself waits where a script calls it, and only there', async () => {
    await begin()
    const reply = await client.call('alpha.manual', { order })
    const isScript = door.by === BY_SCRIPT
    expect(codeOf(reply)).toBe(isScript ? 'approval_pending' : undefined)
    expect(site.reached('manual', order)).toBe(isScript ? 0 : 1)
    await expectRecords({
      tool: 'alpha.manual',
      verdict: isScript ? 'ask' : 'allow',
      outcome: isScript ? 'refused' : 'ok',
      ...(isScript
        ? { code: 'approval_pending', rule: expect.stringMatching(/^not in `auto` of /) as unknown }
        : {}),
    })
  })

  test('what is forbidden is answered like what is not there', async () => {
    for (const [tool, stranger] of [
      ['alpha.secret', 'alpha.secrex'],
      ['vault.open', 'vault.opex'],
    ] as const) {
      await begin()
      const forbidden = await client.call(tool, { order })
      expect(codeOf(forbidden)).toBe('unknown_tool')
      // For the audit they are not the same.
      const isServer = door.name.startsWith('/mcp/s/')
      await expectRecords({
        outcome: 'refused',
        code: 'unknown_tool',
        ...(isServer ? {} : { verdict: 'deny', rule: expect.stringMatching(/deny\[\d\]$/) as unknown }),
      })
      await begin()
      const unknown = await client.call(stranger, { order })
      await expectRecords({ outcome: 'refused', code: 'unknown_tool' })
      const [name = '', other = ''] = [tool, stranger].map((each) => each.split('.')[1])
      expect(forbidden.text.replaceAll(name, other)).toBe(unknown.text)
      expect(forbidden.status).toBe(unknown.status)
      expect(site.reached(name, order)).toBe(0)
    }
  })

  test('what is forbidden is nowhere to be seen, and everything else is', async () => {
    const { tools, text } = await client.shown()
    expect(tools.toSorted()).toEqual(
      ['budgeted', 'hang', 'manual', 'pay', 'rated', 'refund', 'say'].map((name) => `alpha.${name}`),
    )
    // What the client asked with comes back in answers about what is not there.
    expect(text.replaceAll(/There is no tool \\*"[^"]*"/g, '')).not.toMatch(/secret|vault|open\b/)
  })

  test('arguments that a condition denies are refused, and others are not', async () => {
    await begin()
    expect(codeOf(await client.call('alpha.pay', { order, amount: 101 }))).toBe('policy_denied')
    expect(codeOf(await client.call('alpha.pay', { order, amount: 100 }))).toBeUndefined()
    // What cannot be told is denied.
    expect(codeOf(await client.call('alpha.pay', { order }))).toBe('policy_denied')
    expect(site.reached('pay', order)).toBe(1)
    const denied = {
      tool: 'alpha.pay',
      verdict: 'deny',
      rule: 'no large payments',
      outcome: 'refused',
      code: 'policy_denied',
    } as const
    await expectRecords(denied, { tool: 'alpha.pay', verdict: 'allow', outcome: 'ok' }, denied)
  })

  test('a rate that is used up refuses, and says when there is room again', async () => {
    await begin()
    const replies: Reply[] = []
    for (let count = 0; count < 3; count++) replies.push(await client.call('alpha.rated', { order }))
    expect(replies.map(codeOf)).toEqual([undefined, undefined, 'rate_limited'])
    expectRetry(replies[2])
    expect(site.reached('rated', order)).toBe(2)
    const ok = { tool: 'alpha.rated', verdict: 'allow', outcome: 'ok' } as const
    await expectRecords(ok, ok, { ...ok, outcome: 'refused', code: 'rate_limited' })
  })

  test('a budget that is used up refuses, and says when it is filled again', async () => {
    await begin()
    const replies: Reply[] = []
    for (let count = 0; count < 3; count++) replies.push(await client.call('alpha.budgeted', { order }))
    expect(replies.map(codeOf)).toEqual([undefined, undefined, 'budget_exhausted'])
    expectRetry(replies[2])
    expect(replies[2]?.refusal?.detail['endsAt']).toMatch(/^\d{4}-/)
    expect(site.reached('budgeted', order)).toBe(2)
    const ok = { tool: 'alpha.budgeted', verdict: 'allow', outcome: 'ok' } as const
    await expectRecords(ok, ok, { ...ok, outcome: 'refused', code: 'budget_exhausted' })
  })

  test('more calls at the same time than there may be are refused', async () => {
    await begin()
    const calling = client.together('alpha.hang', [{ order }, { order }, { order }])
    const refused = async (): Promise<readonly AuditEvent[]> =>
      (await site.since(mark)).filter(({ code }) => code === 'too_many_calls')
    await expect.poll(refused, { timeout: 10_000, interval: 10 }).toHaveLength(1)
    ;(client.release ?? site.release)()
    const replies = await calling
    expect(replies.map(codeOf).filter((code) => code !== undefined)).toEqual(['too_many_calls'])
    expect(site.reached('hang', order)).toBe(2)
    expect((await refused())[0]).toMatchObject({
      // The third `call_tool` is one too many already.
      tool: door.by === 'code.call_tool' ? door.by : 'alpha.hang',
      door: door.door,
      principal,
      verdict: 'allow',
      outcome: 'refused',
    })
    expect(codeOf(await client.call('alpha.say', { order }))).toBeUndefined()
  })

  test.runIf(door.hasKeys)('what is forbidden meanwhile is gone from the next call on', async () => {
    const { keys } = house.gateway.governance.identities
    const { settings } = await keys.get(key)
    await keys.change(key, { ...settings, policy: { deny: ['alpha.say'] } }, 'admin')
    await begin()
    expect(codeOf(await client.call('alpha.say', { order: 'late' }))).toBe('unknown_tool')
    const isServer = door.name.startsWith('/mcp/s/')
    await expectRecords({
      outcome: 'refused',
      code: 'unknown_tool',
      ...(isServer ? {} : { verdict: 'deny', rule: `keys.${key}.policy.deny[0]` }),
    })
    expect((await client.shown()).tools).not.toContain('alpha.say')
    await keys.change(key, settings, 'admin')
    expect(codeOf(await client.call('alpha.say', { order }))).toBeUndefined()
    expect((await client.shown()).tools).toContain('alpha.say')
  })

  test.runIf(door.knock)('requests that are too many get 429, and are told when to come again', async () => {
    const id = keyOf(door, 'often')
    const secret = await house.newKey(id, { limits: { rates: [{ requests: 1, per: 'day' }] } })
    const from = await house.mark()
    const knock = async (): Promise<Response | undefined> => {
      const answer = await door.knock?.(house, secret)
      await answer?.body?.cancel()
      return answer
    }
    expect((await knock())?.status).toBe(200)
    const answer = await knock()
    expect(answer?.status).toBe(429)
    expect(Number(answer?.headers.get('retry-after'))).toBeGreaterThan(0)
    await expectNoted(house, id, from, [
      { kind: 'login', outcome: 'ok', team: 'data' },
      { kind: 'login.refused', outcome: 'refused', code: 'rate_limited' },
    ])
  })
})

test('all of that is one whole chain', async () => {
  const { rows, fault } = await verifyAudit(house.store.audit, house.trusted)
  expect(fault).toBeUndefined()
  expect(rows).toBeGreaterThan(DOORS.length * 15)
})

/** How long a caller is told to wait: in the answer, and over REST in a header too. */
function expectRetry(reply: Reply | undefined): void {
  expect(Number(reply?.refusal?.detail['retryAfterMs'])).toBeGreaterThan(0)
  if (reply?.status === undefined || reply.status === 200) return
  expect([reply.status, Number(reply.retryAfter) > 0]).toEqual([429, true])
}
