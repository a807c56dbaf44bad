import { expect } from 'vitest'

import type { AuditEvent } from '../../src/core/audit.ts'
import type { GovernedHouse } from './house.ts'

/** What is recorded of a key, at most a moment later. */
export async function expectNoted(
  house: GovernedHouse,
  id: string,
  from: number,
  expected: readonly Partial<AuditEvent>[],
): Promise<void> {
  const mine = async (): Promise<readonly AuditEvent[]> =>
    (await house.since(from, ['call', 'login', 'login.refused'])).filter(
      ({ principal }) => principal === `key:${id}`,
    )
  await expect.poll(mine, { timeout: 5_000, interval: 20 }).toMatchObject(expected)
}
