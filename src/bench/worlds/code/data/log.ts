import { createSeed } from '../../seed.ts'

const SUITES = [
  'ledger/entries',
  'ledger/refunds',
  'search/index',
  'search/pages',
  'sessions/store',
  'exports/monthly',
  'exports/columns',
  'webhooks/retry',
  'checkout/totals',
  'checkout/vouchers',
] as const

const CASES = [
  'keeps the order of equal entries',
  'rounds half a cent to even',
  'reads the second page',
  'gives up after five attempts',
  'knows an expired session',
  'writes a header even without rows',
  'adds a voucher only once',
  'counts in the zone of the account',
  'refuses a negative amount',
  'survives a lost connection',
] as const

const PACKAGES = [
  'ledger-core',
  'page-reader',
  'date-zones',
  'queue-link',
  'csv-rows',
  'http-pool',
  'form-parts',
  'text-fold',
] as const

/** Those that fail, by their number: the name, and why. */
const FAILURES: Readonly<Record<number, readonly [string, string]>> = {
  88: [
    'exports/monthly > counts in the zone of the account',
    "expected '2026-02-28T23:00:00Z' to be '2026-03-01T00:00:00Z'",
  ],
  173: ['webhooks/retry > gives up after five attempts', 'expected 5 attempts, got 3'],
  251: ['ledger/refunds > refuses a negative amount', "Cannot read properties of undefined (reading 'zone')"],
}

/** The log of deployment d-3071, which failed in its tests. Plain ASCII. */
export function createLog(): string {
  const seed = createSeed(3_071)
  const lines: string[] = []
  let atMs = Date.UTC(2026, 2, 6, 14, 2, 11)
  const add = (stage: string, text: string): void => {
    atMs += seed.integer(20, 1_400)
    lines.push(`${new Date(atMs).toISOString().slice(11, 23)} [${stage}] ${text}`)
  }
  add('fetch', 'checking out atlas/shop at v2.4.0-rc4')
  for (let index = 0; index < 60; index++)
    add(
      'install',
      `added ${seed.pick(PACKAGES)}-${seed.hex(4)}@${seed.integer(1, 9)}.${seed.integer(0, 30)}.${seed.integer(0, 9)}`,
    )
  for (let index = 0; index < 50; index++)
    add('build', `compiled src/${seed.pick(SUITES)}-${index}.ts in ${seed.integer(3, 180)} ms`)
  add('build', 'bundle of 2.41 MB written, 3 warnings')
  for (let index = 0; index < 320; index++) {
    const passed = `${seed.pick(SUITES)} > ${seed.pick(CASES)}`
    const [failed, reason] = FAILURES[index] ?? []
    const name = `${failed === undefined ? 'PASS' : 'FAIL'} ${failed ?? passed} #${index}`
    add('test', `${name} (${seed.integer(1, 240)} ms)`)
    if (reason !== undefined) add('test', `     ${reason}`)
  }
  add('test', '317 passed, 3 failed')
  add('deploy', 'stopped: the stage test did not succeed')
  return lines.join('\n')
}
