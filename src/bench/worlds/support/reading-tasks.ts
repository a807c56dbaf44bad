import type { TaskInput } from '../../../config/tasks/schema.ts'

/** Tasks that only look at tickets and customers. */
export const READING_TASKS: readonly TaskInput[] = [
  {
    name: 'support-ticket-owner',
    kind: 'single',
    goal: 'Who is working on ticket T-4122, and what priority does it have?',
    tools: [
      {
        tool: 'tickets.get_ticket',
        lookups: ['ticket by id', 'support ticket status assignee', 'show one ticket'],
      },
    ],
    direct: [{ as: 'ticket', calls: [{ tool: 'tickets.get_ticket', args: { ticket_id: 'T-4122' } }] }],
    scripts: [
      {
        code: `const { assignee, priority } = await tools.tickets.get_ticket({ ticket_id: 'T-4122' })
return { assignee, priority }`,
      },
    ],
    answer: {
      direct: "{'assignee': steps.ticket[0].assignee, 'priority': steps.ticket[0].priority}",
      script: 'steps.script[0]',
    },
    say: 'Ticket T-4122 is assigned to felix.moreau and has high priority.',
    expected: { assignee: 'felix.moreau', priority: 'high' },
  },
  {
    name: 'support-enterprise-seats',
    kind: 'fan-out',
    goal: 'Which of our enterprise customers use more seats than they pay for, and how many seats too many is that in all?',
    tools: [
      { tool: 'crm.find_customers', lookups: ['customers by plan', 'search customers', 'list of customers'] },
      {
        tool: 'crm.get_customer',
        lookups: ['customer details seats', 'customer record by id', 'one customer'],
      },
    ],
    direct: [
      { as: 'found', calls: [{ tool: 'crm.find_customers', args: { plan: 'enterprise', limit: 100 } }] },
      {
        as: 'each',
        calls: [
          {
            tool: 'crm.get_customer',
            each: 'steps.found[0].customers',
            args: { customer_id: { $: 'item.id' } },
          },
        ],
      },
    ],
    scripts: [
      {
        code: `const { customers } = await tools.crm.find_customers({ plan: 'enterprise', limit: 100 })
const details = await Promise.all(customers.map((c) => tools.crm.get_customer({ customer_id: c.id })))
const over = details.filter((c) => c.seats_used > c.seats_paid)
return { names: over.map((c) => c.name), seats: over.reduce((sum, c) => sum + c.seats_used - c.seats_paid, 0) }`,
      },
    ],
    answer: {
      direct:
        "{'names': steps.each.filter(c, c.seats_used > c.seats_paid).map(c, c.name), 'seats': sum(steps.each.filter(c, c.seats_used > c.seats_paid).map(c, c.seats_used - c.seats_paid))}",
      script: 'steps.script[0]',
    },
    say: 'Two enterprise customers use more seats than they pay for: Jasperline Tools and Zellhof Brewing, together 26 seats too many.',
    expected: { names: ['Jasperline Tools', 'Zellhof Brewing'], seats: 26 },
  },
  {
    name: 'support-urgent-big-customers',
    kind: 'join',
    goal: 'Which customers that pay us at least 2,000 dollars a month have an urgent ticket open right now? I need their names and account managers.',
    tools: [
      {
        tool: 'tickets.list_tickets',
        lookups: ['open tickets by priority', 'search tickets', 'urgent tickets'],
      },
      {
        tool: 'crm.find_customers',
        lookups: ['customers by monthly revenue', 'search customers', 'customer accounts'],
      },
    ],
    direct: [
      {
        as: 'both',
        calls: [
          { tool: 'tickets.list_tickets', args: { status: 'open', priority: 'urgent', limit: 100 } },
          { tool: 'crm.find_customers', args: { min_mrr_usd: 2000, limit: 100 } },
        ],
      },
    ],
    scripts: [
      {
        code: `const [{ tickets }, { customers }] = await Promise.all([
  tools.tickets.list_tickets({ status: 'open', priority: 'urgent', limit: 100 }),
  tools.crm.find_customers({ min_mrr_usd: 2000, limit: 100 }),
])
const urgent = new Set(tickets.map((t) => t.customer_id))
return customers.filter((c) => urgent.has(c.id)).map((c) => ({ name: c.name, owner: c.owner }))`,
      },
    ],
    answer: {
      direct:
        "steps.both[1].customers.filter(c, steps.both[0].tickets.exists(t, t.customer_id == c.id)).map(c, {'name': c.name, 'owner': c.owner})",
      script: 'steps.script[0]',
    },
    say: 'Three of them: Ivorton Press (account manager grace.obi), Vantor Robotics (elena.ruiz) and Oakhanger Timber (piet.vermeer).',
    expected: [
      { name: 'Ivorton Press', owner: 'grace.obi' },
      { name: 'Vantor Robotics', owner: 'elena.ruiz' },
      { name: 'Oakhanger Timber', owner: 'piet.vermeer' },
    ],
  },
  {
    name: 'support-outage-requests',
    kind: 'filter',
    goal: 'The thread of ticket T-4127 is endless. Which requests failed with E-742? Give me just the request ids.',
    tools: [
      {
        tool: 'tickets.list_messages',
        lookups: ['messages of a ticket', 'ticket conversation', 'read ticket thread'],
      },
    ],
    direct: [{ as: 'thread', calls: [{ tool: 'tickets.list_messages', args: { ticket_id: 'T-4127' } }] }],
    scripts: [
      {
        when: 'unknown',
        code: `return await tools.tickets.list_messages({ ticket_id: 'T-4127', last: 2 })`,
      },
      {
        code: `const { messages } = await tools.tickets.list_messages({ ticket_id: 'T-4127' })
return messages.flatMap((m) => m.body.match(/request (req_\\w+) .* failed with E-742/)?.[1] ?? [])`,
      },
    ],
    answer: {
      direct:
        "steps.thread[0].messages.filter(m, m.body.contains('failed with E-742')).map(m, m.body.split('request ')[1].split(' ')[0])",
      script: 'steps.script[size(steps.script) - 1]',
    },
    say: 'Seven requests failed with E-742: req_c844af01e0, req_2e32f85d4e, req_6c52064c98, req_0611e8c25b, req_47bedf2869, req_2ccb4d12d6 and req_62360a3258.',
    expected: [
      'req_c844af01e0',
      'req_2e32f85d4e',
      'req_6c52064c98',
      'req_0611e8c25b',
      'req_47bedf2869',
      'req_2ccb4d12d6',
      'req_62360a3258',
    ],
  },
  {
    name: 'support-phone-tickets',
    kind: 'loop',
    goal: 'How many of the closed tickets came in by phone?',
    tools: [
      {
        tool: 'tickets.list_tickets',
        lookups: ['closed tickets', 'search tickets by status', 'all tickets'],
      },
    ],
    direct: [
      { as: 'first', calls: [{ tool: 'tickets.list_tickets', args: { status: 'closed', limit: 100 } }] },
      {
        as: 'more',
        calls: [
          {
            tool: 'tickets.list_tickets',
            args: {
              status: 'closed',
              limit: 100,
              cursor: {
                $: 'has(steps.more) ? steps.more[size(steps.more) - 1].next_cursor : steps.first[0].next_cursor',
              },
            },
          },
        ],
        while: 'steps.more[size(steps.more) - 1].next_cursor != null',
      },
    ],
    scripts: [
      {
        code: `let count = 0
let cursor: string | null | undefined
do {
  const page = await tools.tickets.list_tickets({ status: 'closed', limit: 100, ...(cursor ? { cursor } : {}) })
  count += page.tickets.filter((t) => t.channel === 'phone').length
  cursor = page.next_cursor
} while (cursor)
return count`,
      },
    ],
    answer: {
      direct:
        "size(flatten((steps.first + steps.more).map(page, page.tickets)).filter(t, t.channel == 'phone'))",
      script: 'steps.script[0]',
    },
    say: '24 of the 101 closed tickets came in by phone.',
    expected: 24,
  },
  {
    name: 'support-refund-invoice',
    kind: 'nothing',
    goal: 'Please refund the last invoice of Halden Logistics, they were charged twice.',
    tools: [],
    lookups: ['refund an invoice', 'credit note for a customer charge'],
    direct: [],
    scripts: [],
    answer: { direct: 'null', script: 'null' },
    say: 'I have no tool that can refund an invoice or make a credit note. Somebody with access to the billing system has to do that; I can write a note about it to their account manager if you like.',
    expected: null,
  },
  {
    name: 'support-outage-summary',
    kind: 'whole-result',
    goal: 'Read the whole thread of ticket T-4127 and give me a short summary of how the outage went, in your own words.',
    tools: [
      {
        tool: 'tickets.list_messages',
        lookups: ['messages of a ticket', 'ticket conversation', 'read ticket thread'],
      },
    ],
    direct: [{ as: 'thread', calls: [{ tool: 'tickets.list_messages', args: { ticket_id: 'T-4127' } }] }],
    scripts: [{ code: `return await tools.tickets.list_messages({ ticket_id: 'T-4127' })` }],
    answer: {
      direct: 'size(steps.thread[0].messages)',
      script: 'size(steps.script[0].messages)',
    },
    say: 'For about twelve hours requests to the import API failed in waves, with the errors E-118, E-530 and, less often, E-742, in all three regions. Some went through on the second attempt. The engineers were told early, but no cause was found in the thread.',
    expected: 60,
  },
]
