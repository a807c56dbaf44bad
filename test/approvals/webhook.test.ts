import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { expect, onTestFinished, test, vi } from 'vitest'

import { createSignedAnswers } from '../../src/approvals/webhook/answer.ts'
import { sign, verifySignature } from '../../src/approvals/webhook/signature.ts'
import { createWebhook } from '../../src/approvals/webhook/webhook.ts'
import { systemClock } from '../../src/assemble.ts'
import type { Approval } from '../../src/core/approval.ts'
import type { Clock } from '../../src/core/ports.ts'
import { openDeskHouse } from './desk-house.ts'

const SECRET = 'a-secret-for-tests-only'

interface Received {
  readonly body: string
  readonly signature: string | undefined
  readonly path: string | undefined
}

/** A receiver, which answers as it is told. */
async function openReceiver(answer: (n: number) => { status: number; location?: string }) {
  const received: Received[] = []
  const listen = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await textOf(request)
    const signature = request.headers['isogate-signature']
    received.push({ body, signature: signature?.toString(), path: request.url })
    const { status, location } = answer(received.length)
    response.writeHead(status, location === undefined ? {} : { location }).end('x'.repeat(1_000))
  }
  const server = createServer((request, response) => void listen(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/hook`, received }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function openWebhook(url: string, clock: Clock = systemClock) {
  const faults: string[] = []
  const webhook = createWebhook({
    settings: () => ({ url, secret: SECRET }),
    clock,
    fetch,
    onFault: (id, reason) => faults.push(`${id}: ${reason}`),
  })
  onTestFinished(() => webhook.close())
  return { webhook, faults }
}

const APPROVAL: Approval = {
  id: 'a_01234567890123456789',
  state: 'pending',
  owner: 'key:ci',
  subject: { kind: 'call', tool: 'shop.refund', args: { order: 7 }, hash: 'h' },
  binding: 'not-to-be-told',
  rule: 'policy.ask[0]',
  createdAtMs: Date.now(),
  expiresAtMs: Date.now() + 60_000,
  fourEyes: false,
}

test('a receiver is told of what waits, signed, and without what the approval is bound to', async () => {
  const { url, received } = await openReceiver(() => ({ status: 204 }))
  const { webhook, faults } = openWebhook(url)
  webhook.tell(APPROVAL)
  await expect.poll(() => received.length).toBe(1)
  const [{ body, signature } = { body: '', signature: '' }] = received
  expect(JSON.parse(body)).toMatchObject({
    type: 'approval.asked',
    approval: { id: APPROVAL.id, owner: 'key:ci', tool: 'shop.refund', args: { order: 7 } },
  })
  expect(body).not.toContain('not-to-be-told')
  const [, seconds = '', mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature ?? '') ?? []
  expect(createHmac('sha256', SECRET).update(`${seconds}.${body}`).digest('hex')).toBe(mac)
  expect(faults).toEqual([])
})

test('a receiver that fails is told again, and one that sends elsewhere is not followed', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const other = await openReceiver(() => ({ status: 200 }))
  const { url, received } = await openReceiver((n) =>
    n === 1 ? { status: 302, location: other.url } : { status: n === 2 ? 500 : 200 },
  )
  const { webhook } = openWebhook(url)
  webhook.tell(APPROVAL)
  for (const count of [1, 2, 3]) {
    const deadline = Date.now() + 10_000
    while (received.length < count && Date.now() < deadline) {
      await vi.advanceTimersByTimeAsync(500)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(received).toHaveLength(count)
  }
  expect(other.received).toEqual([])
})

test('nobody waits for a receiver, and one that cannot be reached is told of in the end', async () => {
  const nowhere = 'http://127.0.0.1:1/'
  const { webhook, faults } = openWebhook(nowhere)
  for (let n = 0; n < 1_100; n++) webhook.tell(APPROVAL)
  expect(faults.length).toBeGreaterThanOrEqual(90)
  await webhook.close()
})

test('what nobody can decide about any more is not told', async () => {
  const { url, received } = await openReceiver(() => ({ status: 200 }))
  const { webhook } = openWebhook(url)
  webhook.tell({ ...APPROVAL, expiresAtMs: Date.now() - 1 })
  webhook.tell(APPROVAL)
  await expect.poll(() => received.length).toBe(1)
})

test('a signature is of one body, one secret and one moment', () => {
  const nowMs = 1_700_000_000_000
  const header = sign(SECRET, 'body', nowMs)
  const isGood = (text: string | undefined, body = 'body', secret = SECRET, atMs = nowMs): boolean =>
    verifySignature(secret, body, text, atMs)
  expect(isGood(header)).toBe(true)
  expect(isGood(header, 'body', SECRET, nowMs + 300_000)).toBe(true)
  expect(isGood(header, 'body', SECRET, nowMs + 301_000)).toBe(false)
  expect(isGood(header, 'body', SECRET, nowMs - 301_000)).toBe(false)
  expect(isGood(header, 'other')).toBe(false)
  expect(isGood(header, 'body', 'another-secret-for-tests')).toBe(false)
  const mac = header.slice(header.indexOf('v1='))
  expect(isGood(`${header},v1=${'0'.repeat(64)}`)).toBe(true)
  for (const wrong of [
    undefined,
    '',
    'v1=',
    't=',
    mac,
    header.replace('t=', 't=1'),
    `t=1,${header}`,
    `${header},t=1700000000`,
    header.toUpperCase(),
    header.slice(0, -1),
    `${header},`.repeat(100),
    `t=NaN,${mac}`,
  ])
    expect(isGood(wrong), wrong).toBe(false)
})

test('a signed answer decides, once, and only what it names', async () => {
  await using house = openDeskHouse({ tools: { refund: {} }, asks: ['shop.*'] })
  house.settings.webhook = { url: 'http://localhost/', secret: SECRET }
  await expect(house.call('shop.refund')).rejects.toThrow()
  const [waiting] = await house.pending()
  const id = waiting?.id ?? ''
  const answer = createSignedAnswers({
    decide: house.desk.decide,
    settings: () => house.settings,
    clock: systemClock,
  })
  const send = (body: object | string, to?: string) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return answer(text, sign(SECRET, text, Date.now()), to)
  }
  const yes = { id, decision: 'approve', by: 'grace' }
  await expect(answer(JSON.stringify(yes), 'forged')).rejects.toMatchObject({ code: 'approval_forbidden' })
  for (const wrong of [
    'no JSON',
    '[]',
    { decision: 'approve' },
    { ...yes, decision: 'yes' },
    { ...yes, scope: 'all' },
    { ...yes, by: '' },
    { ...yes, atMost: 7 },
    { ...yes, atMost: { x: '7' } },
    { ...yes, other: true },
  ])
    await expect(send(wrong), JSON.stringify(wrong)).rejects.toMatchObject({ code: 'invalid_arguments' })
  await expect(send(yes, 'a_98765432109876543210')).rejects.toMatchObject({ code: 'invalid_arguments' })
  expect(await house.pending()).toHaveLength(1)

  expect(await send(yes, id)).toMatchObject({ state: 'approved', decision: { by: 'grace', via: 'webhook' } })
  await expect(send(yes, id)).rejects.toMatchObject({ code: 'approval_decided' })
  await house.call('shop.refund')
  expect(house.made('refund')).toHaveLength(1)
})

test('without a webhook no answer is taken', async () => {
  await using house = openDeskHouse({ tools: {}, asks: [] })
  const answer = createSignedAnswers({
    decide: house.desk.decide,
    settings: () => house.settings,
    clock: systemClock,
  })
  await expect(answer('{}', sign('', '{}', Date.now()))).rejects.toMatchObject({ code: 'approval_forbidden' })
})
