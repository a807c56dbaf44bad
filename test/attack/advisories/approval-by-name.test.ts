import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { GovernedGateway } from '../../../src/assemble.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { toBinding } from '../../../src/approvals/binding.ts'
import { housePlan, openHouse, type House, type HouseParts } from '../../gateway/open-house.ts'
import { rpc } from '../../http/raw-request.ts'

/*
 * CVE-2025-54136 (MCPoison): a server that was approved once stayed approved under its name, whatever became of its command. An approval here is bound to what
 * stands behind the tool: command, arguments, environment, folder or address, and the definition.
 */

const partsWith = (server: object): HouseParts => ({
  scripts: false,
  servers: { alpha: { write: {} } },
  serverConfig: { alpha: server },
  config: { policy: { ask: ['alpha.write'] } },
})

const STDIO = { command: 'made-by-hand', args: ['--root', '/work'], env: { MODE: 'safe' }, cwd: '/work' }

/** What somebody can change about a server while its name stays. */
const CHANGES: Readonly<Record<string, object>> = {
  'another command': { ...STDIO, command: 'evil' },
  'one argument more': { ...STDIO, args: ['--root', '/work', '--eval', 'x'] },
  'another argument': { ...STDIO, args: ['--root', '/'] },
  'arguments that are only put together in another way': { ...STDIO, args: ['--root /work'] },
  'another variable': { ...STDIO, env: { MODE: 'safe', LD_PRELOAD: '/tmp/x.so' } },
  'another value of a variable': { ...STDIO, env: { MODE: 'open' } },
  'another folder': { ...STDIO, cwd: '/tmp' },
  'an address in its place': { command: undefined, url: 'http://127.0.0.1:9/mcp' },
}

const governed = (house: House): GovernedGateway => house.gateway as GovernedGateway

/** Calls the tool and approves the call that waits then. */
async function approveOne(house: House, url: string): Promise<void> {
  expect(await attempt(url)).toBe('approval_pending')
  const { approvals } = governed(house).governance
  const [waiting] = await approvals.list({ state: 'pending' })
  await approvals.decide(waiting?.id ?? '', { verdict: 'approve', by: 'cli', via: 'cli' })
}

/** How the call ends: `done`, or the code of the refusal. */
async function attempt(url: string): Promise<unknown> {
  const { last } = await rpc(`${url}/mcp/classic`, 'legacy', 'tools/call', {
    name: 'alpha__write',
    arguments: { a: 1 },
  })
  const { isError, _meta: meta } = last.result as {
    isError?: boolean
    _meta?: Record<string, { code?: string }>
  }
  return isError === true ? meta?.['isogate/error']?.code : 'done'
}

test('what was approved and is still the same is let through, once', async () => {
  await using house = openHouse(partsWith(STDIO))
  const { url } = await house.listenHttp()
  await approveOne(house, url)
  expect(await attempt(url)).toBe('done')
  expect(await attempt(url)).toBe('approval_pending')
  expect(house.backends['alpha']?.calls).toHaveLength(1)
})

describe.each(Object.entries(CHANGES))('%s', (_what, changed) => {
  test('makes an approval worth nothing', async () => {
    await using house = openHouse(partsWith(STDIO))
    const { url } = await house.listenHttp()
    await approveOne(house, url)
    await house.gateway.reload(housePlan(partsWith(changed)))
    expect(await attempt(url)).toBe('approval_pending')
    expect(house.backends['alpha']?.calls).toHaveLength(0)
    // The way back is no way around.
    await house.gateway.reload(housePlan(partsWith(STDIO)))
    expect(await attempt(url)).toBe('done')
  })
})

test('any two grounds that differ are bound differently', () => {
  const ground = fc.record({
    definition: fc.dictionary(fc.string(), fc.jsonValue()),
    fingerprint: fc.string(),
  })
  fc.assert(
    fc.property(ground, ground, (a, b) => {
      const isSame = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
      expect(toBinding(a as { definition: JsonObject }) === toBinding(b as { definition: JsonObject })).toBe(
        isSame,
      )
    }),
  )
})

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => [key, sorted(member)])
}
