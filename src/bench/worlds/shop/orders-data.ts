import { FIRST_NAMES, LAST_NAMES } from '../names.ts'
import { createSeed, type Seed } from '../seed.ts'
import { makeProducts, type Product } from './products.ts'

export interface Order {
  readonly id: string
  readonly status: string
  readonly placed_at: string
  readonly customer: { readonly name: string; readonly email: string }
  readonly country: string
  readonly items: readonly Item[]
  readonly shipping: { readonly method: string; readonly cost: number; readonly tracking: string | null }
  readonly payment: { readonly method: string; readonly captured: boolean }
  readonly total: number
  readonly refunded: number
  /** What the customer wrote at the till or later. */
  readonly note: string | null
}

interface Item {
  readonly sku: string
  readonly name: string
  readonly quantity: number
  readonly unit_price: number
}

const COUNT = 330

/** Of orders that are held back: two of them are not wanted any more. */
const HELD_NOTES = [
  'Please leave the parcel with the neighbours on the second floor if nobody is at home. They know about it.',
  'Is it possible to change the colour to green? If not, the blue one is fine as well, then just send it.',
  'We have waited for three weeks and have found the same lamp in a shop around the corner yesterday. So there is no need to send anything any more.',
  'It was meant for a birthday last Saturday. A pity that it did not work out, but my father will be glad of a late present too!',
  'I am in hospital until the 12th. Could you wait with the delivery until I am back? I am looking forward to it.',
  'My son ordered this with my card without asking me, and he has already heard what I think of that. Please do not dispatch it; I am sorry for the trouble.',
]

/** All orders of two months, the oldest first. */
export function makeOrders(): readonly Order[] {
  const seed = createSeed(5_077)
  const products = makeProducts()
  const held = [...HELD_NOTES]
  return Array.from({ length: COUNT }, (_, at) => {
    const first = seed.pick(FIRST_NAMES)
    const last = seed.pick(LAST_NAMES)
    const placed = new Date(Date.UTC(2026, 8, 1, 6, 4) + at * 15_840_000 + seed.integer(0, 9_000) * 1_000)
    const isRecent = at > 256
    const usual = isRecent
      ? seed.pick(['paid', 'paid', 'shipped', 'shipped', 'delivered', 'delayed'])
      : seed.pick(['delivered', 'delivered', 'delivered', 'delivered', 'shipped', 'cancelled', 'returned'])
    const note = isRecent && at % 11 === 3 ? held.shift() : undefined
    const items = toItems(seed, products)
    const shippingCost = seed.pick([4.5, 4.5, 6.9, 12])
    const total = round(
      items.reduce((sum, { quantity, unit_price }) => sum + quantity * unit_price, shippingCost),
    )
    const status = note === undefined ? usual : 'on_hold'
    return {
      id: `O-${50_001 + at}`,
      status,
      placed_at: placed.toISOString(),
      customer: { name: `${first} ${last}`, email: `${first}.${last}@mail.example`.toLowerCase() },
      country: seed.pick(['NL', 'NL', 'DE', 'DE', 'FR', 'BE', 'AT', 'SE']),
      items,
      shipping: {
        method: shippingCost === 12 ? 'express' : 'standard',
        cost: shippingCost,
        tracking: ['shipped', 'delivered', 'returned'].includes(status)
          ? `TRK${seed.hex(10).toUpperCase()}`
          : null,
      },
      payment: {
        method: seed.pick(['card', 'card', 'card', 'paypal', 'bank_transfer']),
        captured: status !== 'cancelled',
      },
      total,
      refunded: status === 'returned' ? round(total - shippingCost) : 0,
      note: note ?? null,
    }
  })
}

function toItems(seed: Seed, products: readonly Product[]): readonly Item[] {
  const from = seed.integer(0, products.length - 3)
  return products.slice(from, from + seed.integer(1, 3)).map(({ sku, name, price }) => ({
    sku,
    name,
    quantity: seed.pick([1, 1, 1, 2, 2, 4]),
    unit_price: price,
  }))
}

/** Amounts in euros, with two decimals. */
export function round(amount: number): number {
  return Math.round(amount * 100) / 100
}
