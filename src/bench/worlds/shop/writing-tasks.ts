import type { TaskInput } from '../../../config/tasks/schema.ts'

/** Tasks that pay back, order or write to somebody. */
export const WRITING_TASKS: readonly TaskInput[] = [
  {
    name: 'shop-refund-shipping',
    kind: 'chain',
    goal: 'Tomasz Whitlock (tomasz.whitlock@mail.example) got his latest order a week late. Give him back what he paid for the shipping of it.',
    tools: [
      {
        tool: 'orders.search_orders',
        lookups: ['orders of a customer', 'search orders by email', 'latest order'],
      },
      {
        tool: 'orders.get_order',
        lookups: ['order details shipping cost', 'one order by number', 'show order'],
      },
      { tool: 'orders.refund_order', lookups: ['refund part of an order', 'pay money back', 'refund'] },
    ],
    direct: [
      {
        as: 'found',
        calls: [{ tool: 'orders.search_orders', args: { email: 'tomasz.whitlock@mail.example', limit: 1 } }],
      },
      {
        as: 'order',
        calls: [{ tool: 'orders.get_order', args: { order_id: { $: 'steps.found[0].orders[0].id' } } }],
      },
      {
        as: 'refund',
        calls: [
          {
            tool: 'orders.refund_order',
            args: {
              order_id: { $: 'steps.order[0].id' },
              amount: { $: 'steps.order[0].shipping.cost' },
              reason: 'late_delivery',
            },
          },
        ],
      },
    ],
    scripts: [
      {
        code: `const { orders } = await tools.orders.search_orders({ email: 'tomasz.whitlock@mail.example', limit: 1 })
const order = await tools.orders.get_order({ order_id: orders[0].id })
const { amount } = await tools.orders.refund_order({ order_id: order.id, amount: order.shipping.cost, reason: 'late_delivery' })
return { order: order.id, amount }`,
      },
    ],
    answer: {
      direct: "{'order': steps.refund[0].order_id, 'amount': steps.refund[0].amount}",
      script: 'steps.script[0]',
    },
    say: 'Tomasz Whitlock has got back the 4.50 euros that he paid for the shipping of his latest order, O-50317.',
    expected: { order: 'O-50317', amount: 4.5 },
    state: [
      {
        tool: 'orders.get_order',
        args: { order_id: 'O-50317' },
        expect: 'result.refunded == result.shipping.cost',
      },
    ],
  },
  {
    name: 'shop-tell-delayed',
    kind: 'fan-out',
    goal: 'Write to everybody whose order is delayed: subject "Your order NUMBER is delayed", text "We are sorry: your order will reach you about a week later than promised. You can cancel it at any time by answering this mail." File the mails under the orders.',
    tools: [
      {
        tool: 'orders.search_orders',
        lookups: ['delayed orders', 'orders by status', 'find orders'],
      },
      { tool: 'mail.send_mail', lookups: ['send an email to a customer', 'write a mail', 'email'] },
    ],
    direct: [
      { as: 'delayed', calls: [{ tool: 'orders.search_orders', args: { status: 'delayed', limit: 100 } }] },
      {
        as: 'mails',
        calls: [
          {
            tool: 'mail.send_mail',
            each: 'steps.delayed[0].orders',
            args: {
              to: { $: 'item.email' },
              subject: { $: "'Your order ' + item.id + ' is delayed'" },
              body: 'We are sorry: your order will reach you about a week later than promised. You can cancel it at any time by answering this mail.',
              order_id: { $: 'item.id' },
            },
          },
        ],
      },
    ],
    scripts: [
      {
        code: `const { orders } = await tools.orders.search_orders({ status: 'delayed', limit: 100 })
const body = 'We are sorry: your order will reach you about a week later than promised. You can cancel it at any time by answering this mail.'
await Promise.all(
  orders.map((o) => tools.mail.send_mail({ to: o.email, subject: \`Your order \${o.id} is delayed\`, body, order_id: o.id })),
)
return orders.length`,
      },
    ],
    answer: { direct: "size(steps.mails.filter(m, m.status == 'queued'))", script: 'steps.script[0]' },
    say: 'I have written to all twelve customers whose orders are delayed; the mails are filed under the orders.',
    expected: 12,
    state: [
      {
        tool: 'mail.list_mails',
        expect:
          "result.total == 12 && result.mails.all(m, m.subject == 'Your order ' + m.order_id + ' is delayed')",
      },
    ],
  },
  {
    name: 'shop-mail-delivered',
    kind: 'loop',
    goal: 'Send kofi.rossi@mail.example a mail with the subject "Your parcel" and the text "It is waiting for you at the post office in Lindenstrasse until Friday.", and tell me when it has really been delivered.',
    tools: [
      { tool: 'mail.send_mail', lookups: ['send an email to a customer', 'write a mail', 'email'] },
      {
        tool: 'mail.get_mail_status',
        lookups: ['has an email been delivered', 'status of a mail', 'email delivery'],
      },
    ],
    direct: [
      {
        as: 'sent',
        calls: [
          {
            tool: 'mail.send_mail',
            args: {
              to: 'kofi.rossi@mail.example',
              subject: 'Your parcel',
              body: 'It is waiting for you at the post office in Lindenstrasse until Friday.',
            },
          },
        ],
      },
      {
        as: 'status',
        calls: [{ tool: 'mail.get_mail_status', args: { message_id: { $: 'steps.sent[0].message_id' } } }],
        while: "steps.status[size(steps.status) - 1].status in ['queued', 'sending']",
      },
    ],
    scripts: [
      {
        code: `const { message_id } = await tools.mail.send_mail({
  to: 'kofi.rossi@mail.example',
  subject: 'Your parcel',
  body: 'It is waiting for you at the post office in Lindenstrasse until Friday.',
})
let mail = await tools.mail.get_mail_status({ message_id })
for (let i = 0; i < 20 && mail.status !== 'delivered'; i++) {
  mail = await tools.mail.get_mail_status({ message_id })
}
return mail.status`,
      },
    ],
    answer: { direct: 'steps.status[size(steps.status) - 1].status', script: 'steps.script[0]' },
    say: 'The mail to kofi.rossi@mail.example has been sent and was delivered.',
    expected: 'delivered',
    state: [
      { tool: 'mail.list_mails', args: { to: 'kofi.rossi@mail.example' }, expect: 'result.total == 1' },
    ],
  },
  {
    name: 'shop-order-bowls',
    kind: 'recovery',
    goal: 'Order 50 pieces of MUG-232 for Leipzig; it may be a few more, but not fewer.',
    tools: [
      {
        tool: 'stock.create_purchase_order',
        lookups: ['order more from a supplier', 'buy stock', 'restock an article'],
      },
    ],
    direct: [
      {
        as: 'tried',
        calls: [
          { tool: 'stock.create_purchase_order', args: { sku: 'MUG-232', quantity: 50, warehouse: 'LEJ' } },
        ],
      },
      {
        as: 'ordered',
        calls: [
          { tool: 'stock.create_purchase_order', args: { sku: 'MUG-232', quantity: 60, warehouse: 'LEJ' } },
        ],
      },
    ],
    scripts: [
      {
        code: `return await tools.stock.create_purchase_order({ sku: 'MUG-232', quantity: 50, warehouse: 'LEJ' })`,
      },
      {
        code: `return await tools.stock.create_purchase_order({ sku: 'MUG-232', quantity: 60, warehouse: 'LEJ' })`,
      },
    ],
    answer: { direct: 'steps.ordered[0].quantity', script: 'steps.script[1].quantity' },
    say: 'The supplier sells MUG-232 in packs of 12 only, so I have ordered 60 pieces for Leipzig.',
    expected: 60,
    state: [
      {
        tool: 'stock.get_stock',
        args: { sku: 'MUG-232', warehouse: 'LEJ' },
        expect: 'result.warehouses[0].incoming == 60',
      },
    ],
  },
  {
    name: 'shop-not-wanted',
    kind: 'judgement',
    goal: 'Go through the orders that are on hold and read what the customers wrote. Some do not want their order any more: pay those back completely (reason not_wanted), and leave the others alone.',
    tools: [
      {
        tool: 'orders.search_orders',
        lookups: ['search orders by status', 'orders on hold', 'list of orders'],
      },
      { tool: 'orders.get_order', lookups: ['order details with note', 'one order by number', 'show order'] },
      { tool: 'orders.refund_order', lookups: ['refund an order', 'pay money back', 'refund'] },
    ],
    direct: [
      { as: 'held', calls: [{ tool: 'orders.search_orders', args: { status: 'on_hold', limit: 100 } }] },
      {
        as: 'read',
        calls: [
          { tool: 'orders.get_order', each: 'steps.held[0].orders', args: { order_id: { $: 'item.id' } } },
        ],
      },
      {
        as: 'refunds',
        calls: [
          { tool: 'orders.refund_order', args: { order_id: 'O-50290', reason: 'not_wanted' } },
          { tool: 'orders.refund_order', args: { order_id: 'O-50323', reason: 'not_wanted' } },
        ],
      },
    ],
    scripts: [
      {
        code: `const { orders } = await tools.orders.search_orders({ status: 'on_hold', limit: 100 })
const held = await Promise.all(orders.map((o) => tools.orders.get_order({ order_id: o.id })))
return held.map((o) => ({ id: o.id, note: o.note }))`,
      },
      {
        code: `const ids = ['O-50290', 'O-50323']
const refunds = await Promise.all(ids.map((id) => tools.orders.refund_order({ order_id: id, reason: 'not_wanted' })))
return refunds.map((r) => r.order_id)`,
      },
    ],
    answer: { direct: 'steps.refunds.map(r, r.order_id)', script: 'steps.script[1]' },
    say: 'Two of the six orders are not wanted any more and have been paid back in full: O-50290 and O-50323. The other four customers still want theirs; I have left them as they are.',
    expected: ['O-50290', 'O-50323'],
    state: [
      { tool: 'orders.search_orders', args: { status: 'on_hold' }, expect: 'result.total == 4' },
      { tool: 'orders.get_order', args: { order_id: 'O-50290' }, expect: 'result.refunded == result.total' },
      { tool: 'orders.get_order', args: { order_id: 'O-50323' }, expect: 'result.refunded == result.total' },
    ],
  },
]
