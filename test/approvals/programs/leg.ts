import { appendFileSync, existsSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import { systemClock } from '../../../src/assemble.ts'
import { toGatewayError } from '../../../src/core/errors.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { textResult } from '../../../src/core/result.ts'
import { openStore, type StorePlace } from '../../../src/store/store.ts'
import { openDeskHouse, personAt } from '../desk-house.ts'

/*
 * One process of a gateway: makes one call and says what came of it, if it lives so long. Its tools write what they are called with
 * into a file, a line each; `hold` answers when another file is there.
 */

/** What the process is told, as JSON. */
export interface LegOrder {
  /** Where the store is. */
  readonly store: StorePlace
  readonly lines: string
  readonly release: string
  /** How far its clock goes ahead: claims of processes before it are over. */
  readonly aheadMs: number
  readonly tool: string
  readonly args: JsonObject
  /** True: a person is at the client, and never answers. */
  readonly hasPerson?: boolean
}

const order = JSON.parse(process.argv[2] ?? '{}') as LegOrder
const clock = { nowMs: () => Date.now() + order.aheadMs, monotonicMs: systemClock.monotonicMs }
const write = (line: string): void => appendFileSync(order.lines, `${line}\n`)
const store = await openStore({ ...order.store, clock, random: randomBytes })
const house = openDeskHouse({
  store,
  clock,
  asks: ['shop.refund'],
  tools: {
    refund: {
      answer: ({ args }) => {
        write(`refund ${JSON.stringify(args)}`)
        return textResult('refunded')
      },
    },
    step: {
      answer: async ({ args }) => {
        await sleep(Math.random() * 8)
        write(`step ${JSON.stringify(args['n'])}`)
        await sleep(Math.random() * 8)
        return textResult(`stepped ${JSON.stringify(args['n'])}`)
      },
    },
    hold: {
      answer: async () => {
        write('hold')
        while (!existsSync(order.release)) await sleep(20)
        return textResult('held')
      },
    },
  },
})
const { client } = personAt(() => {
  write('asked')
  return new Promise(() => {})
})
process.stdout.write('ready\n')
// The answer of a call that waits for a person comes from outside: until then there is something to wait for.
const alive = setInterval(() => {}, 1_000)
try {
  const result = await house.call(order.tool, order.args, order.hasPerson === true ? { client } : {})
  process.stdout.write(`${JSON.stringify({ result })}\n`)
} catch (thrown) {
  const { code, message } = toGatewayError(thrown)
  process.stdout.write(`${JSON.stringify({ code, message })}\n`)
}
clearInterval(alive)
await house[Symbol.asyncDispose]()
await store.close()
