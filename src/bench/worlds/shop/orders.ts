import type { Json, JsonObject } from '../../../core/json.ts'
import { MockFailure, type MockServer } from '../../stage.ts'
import { readOptionalText, readText, toPage } from '../world.ts'
import { makeOrders, type Order, round } from './orders-data.ts'
import * as tools from './orders-tools.ts'

const PAGE = { usual: 20, most: 50 }
const COLUMNS = 'order_id,placed_at,email,country,payment,status,items,shipping,total,refunded'

/** Orders of a shop, and money that is paid back. */
export function createOrders(): MockServer {
  let orders = makeOrders()
  let refunds = 0

  const find = (args: JsonObject): Order => {
    const id = readText(args, 'order_id')
    const order = orders.find((each) => each.id === id)
    if (order === undefined) throw new MockFailure(`No order ${id}.`)
    return order
  }

  const search = (args: JsonObject): Json => {
    const status = readOptionalText(args, 'status')
    const email = readOptionalText(args, 'email')?.toLowerCase()
    const after = readOptionalText(args, 'placed_after') ?? ''
    const before = readOptionalText(args, 'placed_before') ?? '9'
    const found = orders.filter(
      (order) =>
        (status === undefined || order.status === status) &&
        (email === undefined || order.customer.email === email) &&
        order.placed_at >= after &&
        order.placed_at < before,
    )
    const { entries, nextCursor, total } = toPage(found.toReversed(), args, PAGE)
    return { orders: entries.map(toSummary), next_cursor: nextCursor, total }
  }

  const refund = (args: JsonObject): Json => {
    const order = find(args)
    const left = round(order.total - order.refunded)
    if (!order.payment.captured) throw new MockFailure(`Order ${order.id} was never paid: nothing to refund.`)
    const amount = typeof args['amount'] === 'number' ? args['amount'] : left
    if (amount <= 0 || amount > left)
      throw new MockFailure(`Order ${order.id} has ${left.toFixed(2)} EUR left to refund.`)
    const isStopped = amount === left && !['shipped', 'delivered'].includes(order.status)
    const status = isStopped ? 'refunded' : order.status
    orders = orders.map((each) =>
      each.id === order.id ? { ...order, status, refunded: round(order.refunded + amount) } : each,
    )
    refunds += 1
    return {
      refund_id: `RF-${700 + refunds}`,
      order_id: order.id,
      amount,
      currency: 'EUR',
      order_status: status,
    }
  }

  const exportMonth = (args: JsonObject): Json => {
    const month = readText(args, 'month')
    const status = readOptionalText(args, 'status')
    const found = orders.filter(
      (order) => order.placed_at.startsWith(month) && (status === undefined || order.status === status),
    )
    if (found.length === 0) throw new MockFailure(`There are no orders in ${month}.`)
    return [COLUMNS, ...found.map((order) => toRow(order, args['decimal_comma'] === true))].join('\n')
  }

  return {
    name: 'orders',
    tools: [
      { definition: tools.SEARCH_ORDERS, run: search },
      { definition: tools.GET_ORDER, run: (args) => toRecord(find(args)) },
      { definition: tools.REFUND_ORDER, run: refund },
      { definition: tools.EXPORT_ORDERS, run: exportMonth },
    ],
    reset() {
      orders = makeOrders()
      refunds = 0
    },
  }
}

function toSummary({ id, status, placed_at, customer, country, total, items }: Order): JsonObject {
  return {
    id,
    status,
    placed_at,
    email: customer.email,
    country,
    total,
    items: items.map(({ sku, quantity }) => ({ sku, quantity })),
  }
}

function toRecord(order: Order): JsonObject {
  const { customer, items, shipping, payment } = order
  return {
    ...order,
    currency: 'EUR',
    customer: { ...customer },
    items: items.map(({ sku, name, quantity, unit_price }) => ({ sku, name, quantity, unit_price })),
    shipping: { ...shipping },
    payment: { ...payment },
  }
}

function toRow(order: Order, hasComma: boolean): string {
  const { id, placed_at, customer, country, payment, status, items, shipping, total, refunded } = order
  const [cost, sum, back] = [shipping.cost, total, refunded].map((amount) =>
    hasComma ? `"${amount.toFixed(2).replace('.', ',')}"` : amount.toFixed(2),
  )
  const articles = items.map(({ sku, quantity }) => `${quantity}x${sku}`).join(' ')
  const time = placed_at.slice(0, 16)
  return [id, time, customer.email, country, payment.method, status, articles, cost, sum, back].join(',')
}
