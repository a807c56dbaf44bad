import { expect, test } from 'vitest'

import { openEraHouse, until } from './house.ts'
import { connect, SINGLE } from './places.ts'

/** Less than a process takes to start. */
const CALL_MS = 100

test.each(SINGLE)(
  'calls that give up while their process starts leave it to the next: %s',
  async (_title, kind) => {
    const house = await openEraHouse({
      servers: ['legacyStdio'],
      serverConfig: { timeouts: { callMs: CALL_MS } },
    })
    try {
      const client = await connect(house, kind, 'legacyStdio')
      expect(await client.call('echo')).toMatchObject({ isError: true })
      await until(async () => (await client.call('echo'))['isError'] !== true, 10_000)
      await client.close()
    } finally {
      await house.close()
    }
  },
)
