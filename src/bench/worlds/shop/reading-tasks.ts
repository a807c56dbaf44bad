import type { TaskInput } from '../../../config/tasks/schema.ts'

const SKUS = [
  'LMP-203',
  'LMP-209',
  'LMP-212',
  'MUG-229',
  'MUG-235',
  'CHR-240',
  'CHR-249',
  'CHR-255',
  'TXT-260',
  'TXT-263',
  'TXT-275',
  'BAG-286',
  'BAG-289',
  'CND-306',
  'CND-312',
]

/** Tasks that only look at orders and stock. */
export const READING_TASKS: readonly TaskInput[] = [
  {
    name: 'shop-stock-rotterdam',
    kind: 'single',
    goal: 'How many of CHR-240 can we still sell from Rotterdam?',
    tools: [
      {
        tool: 'stock.get_stock',
        lookups: ['stock of an article', 'inventory level warehouse', 'available quantity sku'],
      },
    ],
    direct: [
      { as: 'stock', calls: [{ tool: 'stock.get_stock', args: { sku: 'CHR-240', warehouse: 'RTM' } }] },
    ],
    scripts: [
      {
        code: `const { warehouses } = await tools.stock.get_stock({ sku: 'CHR-240', warehouse: 'RTM' })
return warehouses[0]?.available`,
      },
    ],
    answer: { direct: 'steps.stock[0].warehouses[0].available', script: 'steps.script[0]' },
    say: '62 pieces of CHR-240 (Chair Linden) are still available in Rotterdam.',
    expected: 62,
  },
  {
    name: 'shop-move-to-rotterdam',
    kind: 'fan-out',
    goal: `For our next truck from Leipzig to Rotterdam: which of these articles have nothing available in Rotterdam but something in Leipzig? ${SKUS.join(', ')}`,
    tools: [
      {
        tool: 'stock.get_stock',
        lookups: ['stock of an article', 'inventory level warehouse', 'available quantity sku'],
      },
    ],
    direct: [
      {
        as: 'stock',
        calls: SKUS.map((sku) => ({ tool: 'stock.get_stock', args: { sku } })),
      },
    ],
    scripts: [
      {
        code: `const skus = '${SKUS.join(' ')}'.split(' ')
const stock = await Promise.all(skus.map((sku) => tools.stock.get_stock({ sku })))
const available = (s: (typeof stock)[number], code: string) => s.warehouses.find((w) => w.code === code)?.available ?? 0
return stock.filter((s) => available(s, 'RTM') === 0 && available(s, 'LEJ') > 0).map((s) => s.sku)`,
      },
    ],
    answer: {
      direct:
        "steps.stock.filter(s, s.warehouses.exists(w, w.code == 'RTM' && w.available == 0) && s.warehouses.exists(w, w.code == 'LEJ' && w.available > 0)).map(s, s.sku)",
      script: 'steps.script[0]',
    },
    say: 'Six of them have nothing available in Rotterdam but something in Leipzig: LMP-203, MUG-235, CHR-249, CHR-255, TXT-260 and BAG-286.',
    expected: ['LMP-203', 'MUG-235', 'CHR-249', 'CHR-255', 'TXT-260', 'BAG-286'],
  },
  {
    name: 'shop-unshippable-orders',
    kind: 'join',
    goal: 'Which of the paid orders that still have to be shipped contain an article of which nothing at all is available any more? Just the order numbers.',
    tools: [
      {
        tool: 'orders.search_orders',
        lookups: ['orders by status', 'list of orders', 'find paid orders'],
      },
      {
        tool: 'stock.list_products',
        lookups: ['list articles with stock', 'all products availability', 'product list'],
      },
    ],
    direct: [
      {
        as: 'both',
        calls: [
          { tool: 'orders.search_orders', args: { status: 'paid', limit: 100 } },
          { tool: 'stock.list_products', args: { limit: 100 } },
        ],
      },
    ],
    scripts: [
      {
        code: `const [{ orders }, { products }] = await Promise.all([
  tools.orders.search_orders({ status: 'paid', limit: 100 }),
  tools.stock.list_products({ limit: 100 }),
])
const empty = new Set(products.filter((p) => p.total_available === 0).map((p) => p.sku))
return orders.filter((o) => o.items.some((i) => empty.has(i.sku))).map((o) => o.id)`,
      },
    ],
    answer: {
      direct:
        'steps.both[0].orders.filter(o, o.items.exists(i, steps.both[1].products.exists(p, p.sku == i.sku && p.total_available == 0))).map(o, o.id)',
      script: 'steps.script[0]',
    },
    say: 'Six paid orders contain an article that is nowhere available: O-50328, O-50325, O-50310, O-50294, O-50287 and O-50260.',
    expected: ['O-50328', 'O-50325', 'O-50310', 'O-50294', 'O-50287', 'O-50260'],
  },
  {
    name: 'shop-large-transfers',
    kind: 'filter',
    goal: 'From the export of September 2026: which orders above 500 euros were paid by bank transfer?',
    tools: [
      {
        tool: 'orders.export_orders',
        lookups: ['all orders of a month as csv', 'monthly order report', 'export of orders'],
      },
    ],
    direct: [{ as: 'export', calls: [{ tool: 'orders.export_orders', args: { month: '2026-09' } }] }],
    scripts: [
      {
        when: 'unknown',
        code: `const text = await tools.orders.export_orders({ month: '2026-09' })
return String(text).split('\\n').slice(0, 3)`,
      },
      {
        code: `const text = await tools.orders.export_orders({ month: '2026-09' })
const rows = text.split('\\n').slice(1).map((line) => line.split(','))
return rows.filter((r) => /bank.?transfer/i.test(r[4]) && Number(r[8]) > 500).map((r) => r[0])`,
      },
    ],
    answer: {
      direct:
        "steps.export[0].split('\\n').filter(line, line.contains(',bank_transfer,') && double(line.split(',')[8]) > 500.0).map(line, line.split(',')[0])",
      script: 'steps.script[size(steps.script) - 1]',
    },
    say: 'Six orders above 500 euros were paid by bank transfer in September: O-50007, O-50011, O-50019, O-50092, O-50125 and O-50153.',
    expected: ['O-50007', 'O-50011', 'O-50019', 'O-50092', 'O-50125', 'O-50153'],
  },
  {
    name: 'shop-change-price',
    kind: 'nothing',
    goal: 'Please raise the price of LMP-215 to 39.90 euros from tomorrow on.',
    tools: [],
    lookups: ['change the price of an article', 'update product'],
    direct: [],
    scripts: [],
    answer: { direct: 'null', script: 'null' },
    say: 'I can look up articles and their prices, but none of my tools can change a price. That has to be done in the back office of the shop.',
    expected: null,
  },
  {
    name: 'shop-export-september',
    kind: 'whole-result',
    goal: 'Read the whole export of the orders of September 2026, every line of it, and tell me in your own words what strikes you. Please do not filter anything beforehand.',
    tools: [
      {
        tool: 'orders.export_orders',
        lookups: ['all orders of a month as csv', 'monthly order report', 'export of orders'],
      },
    ],
    direct: [{ as: 'export', calls: [{ tool: 'orders.export_orders', args: { month: '2026-09' } }] }],
    scripts: [{ code: `return await tools.orders.export_orders({ month: '2026-09' })` }],
    answer: {
      direct: "size(steps.export[0].split('\\n')) - 1",
      script: "size(steps.script[0].split('\\n')) - 1",
    },
    say: 'Of the 162 orders more than 40 were returned or cancelled, spread over all countries. Most are paid by card, and a few people order every week. Only three orders are above 1,000 euros, and one of those was cancelled.',
    expected: 162,
  },
]
