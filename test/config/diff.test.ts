import { expect, test } from 'vitest'

import { compileConfig, type Plan } from '../../src/config/compile.ts'
import { changedPaths, diffPlans, fingerprintOf } from '../../src/config/diff.ts'
import { configOf } from './ports.ts'

async function planOf(document: object): Promise<Plan> {
  return compileConfig(await configOf(JSON.stringify(document)), '/etc/isogate')
}

const SERVER = { command: 'x', args: ['argument'], env: { PIN: '1234' } }
const KEY = { hash: 'a'.repeat(64), policy: { deny: ['*.drop'] } }
const WEBHOOK = { url: 'https://example.com/one', secret: 'the-secret-of-the-webhook' }
const DOCUMENT = { servers: { a: SERVER }, keys: { ci: KEY }, approvals: { webhook: WEBHOOK } }

test('all that differs is one list of paths, each of them once', async () => {
  const before = await planOf({ ...DOCUMENT, policy: { deny: ['*.one', '*.two'] } })
  const after = await planOf({
    servers: { a: { ...SERVER, env: { PIN: '4321' } }, b: { command: 'y' } },
    keys: { ci: { ...KEY, hash: 'b'.repeat(64) } },
    policy: { deny: ['*.three'] },
    search: { embeddings: { url: 'https://example.com/v1', model: 'm' } },
  })
  const paths = changedPaths(diffPlans(before, after))
  expect(paths).toEqual([
    'servers.b',
    'servers.a.env.PIN',
    'policy.deny',
    'keys.ci',
    'approvals.webhook',
    'search.embeddings',
  ])
  expect(changedPaths(diffPlans(after, after))).toEqual([])
})

test.each<[string, object]>([
  ['a value of a server', { servers: { a: { ...SERVER, args: ['other'], env: { PIN: '4321' } } } }],
  ['a key', { keys: { ci: { ...KEY, hash: 'b'.repeat(64) } } }],
  ['a secret of the webhook', { approvals: { webhook: { ...WEBHOOK, secret: 'another-of-the-webhook' } } }],
  ['a token', { http: { token: 'a-token-of-the-gateway' } }],
])('the fingerprint does not depend on %s: it could be guessed from it', async (_what, more) => {
  expect(fingerprintOf(await planOf({ ...DOCUMENT, ...more }))).toBe(fingerprintOf(await planOf(DOCUMENT)))
})

test.each<[string, object]>([
  ['a list', { policy: { deny: ['*.x'] } }],
  ['a rule', { policy: { rules: [{ tools: ['a.x'], verdict: 'deny' }] } }],
  ['what scripts may do', { policy: { auto: ['a.x'] } }],
  ['what only reads', { policy: { readOnly: ['a.x'] } }],
  ['a limit', { limits: { concurrency: 1 } }],
  ['a price', { prices: [{ tools: 'a.x', perCall: 1 }] }],
  ['the policy of a key', { keys: { ci: { ...KEY, policy: {} } } }],
  ['who decides', { approvals: { webhook: WEBHOOK, fourEyes: true } }],
  ['a server', { servers: { a: SERVER, b: SERVER } }],
])('the fingerprint changes with %s', async (_what, more) => {
  expect(fingerprintOf(await planOf({ ...DOCUMENT, ...more }))).not.toBe(
    fingerprintOf(await planOf(DOCUMENT)),
  )
})
