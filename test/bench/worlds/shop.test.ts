import { expect, test } from 'vitest'

import type { JsonObject } from '../../../src/core/json.ts'
import { SHOP_WORLD } from '../../../src/bench/worlds/shop/world.ts'
import { callTool, checkWorld } from './world-checks.ts'

checkWorld(SHOP_WORLD)

test('no more is paid back than was paid, and nothing that never came in', () => {
  const servers = SHOP_WORLD.open()
  const refund = (args: JsonObject) =>
    callTool(servers, 'orders.refund_order', { reason: 'goodwill', ...args })
  expect(refund({ order_id: 'O-50268' })).toMatchObject({ amount: 135, order_status: 'refunded' })
  expect(() => refund({ order_id: 'O-50268' })).toThrow('0.00 EUR left')
  expect(() => refund({ order_id: 'O-50279', amount: 10_000 })).toThrow('395.40 EUR left')
  const cancelled = { status: 'cancelled', limit: 1 }
  const { orders } = callTool(servers, 'orders.search_orders', cancelled) as { orders: { id: string }[] }
  expect(() => refund({ order_id: orders[0]?.id })).toThrow('never paid')
})
