import { randomBytes } from 'node:crypto'

import { expect, onTestFinished, test } from 'vitest'

import { createDecisions } from '../../src/approvals/decisions.ts'
import { createSignedAnswers } from '../../src/approvals/webhook/answer.ts'
import { sign } from '../../src/approvals/webhook/signature.ts'
import { systemClock } from '../../src/assemble.ts'
import type { Approval } from '../../src/core/approval.ts'
import { SIGNED_PATHS } from '../../src/http/server.ts'
import { openMemoryStore } from '../../src/store/store.ts'
import { bearer, DOOR_TOKEN, openKeyDoor } from './key-door.ts'

const SECRET = 'the-secret-of-a-webhook'
const ID = 'a_'.padEnd(22, 'x')

const waiting: Approval = {
  id: ID,
  state: 'pending',
  owner: 'key:ci',
  subject: { kind: 'call', tool: 'shop.buy', args: {}, hash: 'a'.repeat(64) },
  binding: 'b'.repeat(64),
  rule: 'policy.ask[0]',
  createdAtMs: Date.now(),
  expiresAtMs: Date.now() + 3_600_000,
  fourEyes: false,
}

/** A door with one approval that waits, and the way to answer it. */
async function openDoor() {
  const store = openMemoryStore({ clock: systemClock, random: randomBytes })
  onTestFinished(() => store.close())
  await store.approvals.ask(waiting)
  const { decide } = createDecisions({
    store: store.approvals,
    settings: () => ({ fourEyes: false }),
    clock: systemClock,
    note: () => {},
  })
  const answers = createSignedAnswers({
    decide,
    settings: () => ({ webhook: { url: 'http://127.0.0.1:9', secret: SECRET } }),
    clock: systemClock,
  })
  const { server } = await openKeyDoor({
    answerApproval: async (id, body, signature) => {
      const { state } = await answers(body, signature, id)
      return { id, state }
    },
  })
  const answer = async (
    body: string,
    headers: Readonly<Record<string, string>>,
    path = `/approvals/${ID}`,
  ) => {
    const response = await fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
    return [response.status, await response.json()] as const
  }
  return { answer, stateNow: async () => (await store.approvals.load(ID))?.state }
}

// Spaces and the order of members are part of what is signed.
const YES = `{ "decision": "approve",\n  "id": "${ID}" }`
const signed = (body: string, secret = SECRET): Record<string, string> => ({
  'isogate-signature': sign(secret, body, Date.now()),
})

test('a signed answer decides, once', async () => {
  const { answer, stateNow } = await openDoor()
  expect(await answer(YES, signed(YES))).toEqual([200, { id: ID, state: 'approved' }])
  expect(await stateNow()).toBe('approved')
  expect(await answer(YES, signed(YES))).toMatchObject([409, { error: { code: 'approval_decided' } }])
})

test('no other credential than a signature over these bytes decides', async () => {
  const { answer, stateNow } = await openDoor()
  const forged: readonly (readonly [string, Record<string, string>])[] = [
    [YES, {}],
    [YES, bearer(DOOR_TOKEN)],
    [YES, signed(YES, 'another-secret-of-mine')],
    [YES.replace(' ', ''), signed(YES)],
    [YES, { 'isogate-signature': 'v1=' }],
  ]
  for (const [body, headers] of forged)
    expect(await answer(body, headers)).toMatchObject([403, { error: { code: 'approval_forbidden' } }])
  expect(await answer(YES, signed(YES), `/approvals/${ID.replace('x', 'y')}`)).toMatchObject([400, {}])
  const long = JSON.stringify({ id: ID, decision: 'approve', reason: 'x'.repeat(70_000) })
  expect(await answer(long, signed(long))).toMatchObject([413, { error: { code: 'body_too_large' } }])
  expect(await stateNow()).toBe('pending')
})

test('only this method and this path do without a token', async () => {
  expect(SIGNED_PATHS).toEqual(['/approvals/:id'])
  const { server } = await openKeyDoor({ answerApproval: () => Promise.resolve(undefined) })
  for (const [method, path] of [
    ['GET', `/approvals/${ID}`],
    ['DELETE', `/approvals/${ID}`],
    ['POST', '/approvals'],
    ['POST', `/approvals/${ID}/approve`],
    ['POST', `/approvals/${ID}/`],
  ] as const)
    expect([method, path, (await fetch(server.url + path, { method })).status]).toEqual([method, path, 401])
})
