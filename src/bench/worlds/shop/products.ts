import { createSeed } from '../seed.ts'

/** What lies in one warehouse. */
interface Level {
  readonly code: string
  readonly city: string
  readonly on_hand: number
  readonly reserved: number
  readonly available: number
  /** On order from suppliers. */
  readonly incoming: number
}

export interface Product {
  readonly sku: string
  readonly name: string
  readonly category: string
  readonly price: number
  readonly pack_size: number
  readonly supplier: string
  readonly reorder_point: number
  readonly levels: readonly Level[]
}

const CATALOG = [
  [
    'LMP',
    'lamps',
    [
      'Desk lamp Arc',
      'Floor lamp Heron',
      'Wall lamp Dot',
      'Pendant lamp Bell',
      'Clip lamp Finch',
      'Lantern Isle',
    ],
  ],
  [
    'MUG',
    'kitchen',
    ['Mug Harbour', 'Mug Harbour large', 'Teapot Cove', 'Milk jug Cove', 'Bowl Ridge', 'Plate Ridge'],
  ],
  [
    'CHR',
    'furniture',
    ['Chair Linden', 'Chair Linden oak', 'Stool Perch', 'Bench Weir', 'Armchair Moss', 'Folding chair Fern'],
  ],
  [
    'TXT',
    'textiles',
    ['Blanket Dune', 'Cushion Dune', 'Rug Shore', 'Curtain Mist', 'Towel Brook', 'Throw Heath'],
  ],
  [
    'BAG',
    'bags',
    [
      'Tote Pier',
      'Backpack Trail',
      'Wash bag Loch',
      'Weekender Glen',
      'Laptop sleeve Slate',
      'Market bag Lane',
    ],
  ],
  [
    'CND',
    'candles',
    ['Candle Pine', 'Candle Salt', 'Candle Fig', 'Tealights Snow', 'Candle holder Stem', 'Taper set Ivory'],
  ],
] as const

const WAREHOUSES = [
  ['RTM', 'Rotterdam'],
  ['LEJ', 'Leipzig'],
  ['LYS', 'Lyon'],
] as const

/** All articles with what lies where, six in each category. */
export function makeProducts(): readonly Product[] {
  const seed = createSeed(3_131)
  return CATALOG.flatMap(([prefix, category, names], line) =>
    names.map((name, at) => ({
      sku: `${prefix}-${200 + line * 20 + at * 3}`,
      name,
      category,
      price: seed.integer(9, 189) + 0.5,
      pack_size: category === 'kitchen' ? 12 : category === 'candles' ? 24 : 1,
      supplier: seed.pick(['Norrland Trading', 'Casa Tevere', 'Bluewater Goods']),
      reorder_point: seed.integer(15, 60),
      levels: WAREHOUSES.map(([code, city]) => {
        const on_hand = seed.chance(0.35) ? 0 : seed.integer(4, 90)
        const reserved = Math.min(on_hand, seed.integer(0, 12))
        return { code, city, on_hand, reserved, available: on_hand - reserved, incoming: 0 }
      }),
    })),
  )
}
