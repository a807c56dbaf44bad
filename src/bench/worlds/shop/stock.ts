import type { Json, JsonObject } from '../../../core/json.ts'
import { MockFailure, type MockServer } from '../../stage.ts'
import { readOptionalText, readText, toPage } from '../world.ts'
import { makeProducts, type Product } from './products.ts'
import * as tools from './stock-tools.ts'

const PAGE = { usual: 25, most: 100 }

/** What lies in the warehouses of a shop, and what is on order. */
export function createStock(): MockServer {
  let products = makeProducts()
  let purchases = 0

  const find = (args: JsonObject): Product => {
    const sku = readText(args, 'sku').toUpperCase()
    const product = products.find((each) => each.sku === sku)
    if (product === undefined) throw new MockFailure(`There is no article ${sku}.`)
    return product
  }

  const get = (args: JsonObject): Json => {
    const product = find(args)
    const warehouse = readOptionalText(args, 'warehouse')
    const levels = product.levels.filter(({ code }) => warehouse === undefined || code === warehouse)
    const { sku, name, reorder_point, supplier, pack_size } = product
    return {
      sku,
      name,
      supplier,
      pack_size,
      reorder_point,
      total_available: availableOf(product),
      warehouses: levels.map(({ code, city, on_hand, reserved, available, incoming }) => ({
        code,
        city,
        on_hand,
        reserved,
        available,
        incoming,
      })),
    }
  }

  const list = (args: JsonObject): Json => {
    const query = readOptionalText(args, 'query')?.toLowerCase()
    const category = readOptionalText(args, 'category')
    const found = products.filter(
      (product) =>
        (category === undefined || product.category === category) &&
        (query === undefined || `${product.sku} ${product.name}`.toLowerCase().includes(query)),
    )
    const { entries, nextCursor, total } = toPage(found, args, PAGE)
    return { products: entries.map(toSummary), next_cursor: nextCursor, total }
  }

  const purchase = (args: JsonObject): Json => {
    const product = find(args)
    const { sku, pack_size: pack, supplier } = product
    const warehouse = readText(args, 'warehouse')
    const quantity = Number(args['quantity'])
    if (quantity % pack !== 0) {
      const below = quantity - (quantity % pack)
      throw new MockFailure(
        `${supplier} sells ${sku} in packs of ${pack} only. ${quantity} is no multiple of that; the nearest are ${below} and ${below + pack}.`,
      )
    }
    const levels = product.levels.map((level) =>
      level.code === warehouse ? { ...level, incoming: level.incoming + quantity } : level,
    )
    products = products.map((each) => (each.sku === sku ? { ...product, levels } : each))
    purchases += 1
    return {
      purchase_order: `PO-${880 + purchases}`,
      sku,
      quantity,
      warehouse,
      supplier,
      status: 'sent',
      expected_on: readOptionalText(args, 'needed_by') ?? '2026-11-16',
    }
  }

  return {
    name: 'stock',
    tools: [
      { definition: tools.GET_STOCK, run: get },
      { definition: tools.LIST_PRODUCTS, run: list },
      { definition: tools.CREATE_PURCHASE_ORDER, run: purchase },
    ],
    reset() {
      products = makeProducts()
      purchases = 0
    },
  }
}

function toSummary(product: Product): JsonObject {
  const { sku, name, category, price } = product
  return { sku, name, category, price, total_available: availableOf(product) }
}

function availableOf({ levels }: Product): number {
  return levels.reduce((sum, { available }) => sum + available, 0)
}
