import type { TaskInput } from '../../../config/tasks/schema.ts'

/** Tasks that change tickets and records of customers. */
export const WRITING_TASKS: readonly TaskInput[] = [
  {
    name: 'support-log-call',
    kind: 'chain',
    goal: 'I have just had a call about ticket T-4118 with the primary contact of that customer. Please log it in the CRM with that person: "Call about T-4118".',
    tools: [
      { tool: 'tickets.get_ticket', lookups: ['ticket by id', 'support ticket customer', 'show one ticket'] },
      {
        tool: 'crm.list_contacts',
        lookups: ['contacts of a customer', 'primary contact', 'people at a customer'],
      },
      {
        tool: 'crm.log_activity',
        lookups: ['log a call with a customer', 'record a phone call', 'add to customer history'],
      },
    ],
    direct: [
      { as: 'ticket', calls: [{ tool: 'tickets.get_ticket', args: { ticket_id: 'T-4118' } }] },
      {
        as: 'people',
        calls: [{ tool: 'crm.list_contacts', args: { customer_id: { $: 'steps.ticket[0].customer_id' } } }],
      },
      {
        as: 'logged',
        calls: [
          {
            tool: 'crm.log_activity',
            args: {
              customer_id: { $: 'steps.ticket[0].customer_id' },
              type: 'call',
              subject: 'Call about T-4118',
              contact_id: { $: 'steps.people[0].contacts.filter(p, p.is_primary)[0].id' },
            },
          },
        ],
      },
    ],
    scripts: [
      {
        when: 'unknown',
        code: `const { customer_id } = await tools.tickets.get_ticket({ ticket_id: 'T-4118' })
return await tools.crm.list_contacts({ customer_id })`,
      },
      {
        code: `const { customer_id } = await tools.tickets.get_ticket({ ticket_id: 'T-4118' })
const { contacts } = await tools.crm.list_contacts({ customer_id })
const primary = contacts.find((c) => c.is_primary)
await tools.crm.log_activity({ customer_id, type: 'call', subject: 'Call about T-4118', contact_id: primary.id })
return primary.name`,
      },
    ],
    answer: {
      direct: 'steps.people[0].contacts.filter(p, p.is_primary)[0].name',
      script: 'steps.script[size(steps.script) - 1]',
    },
    say: 'I have logged the call in the CRM with Tomasz Nyberg, the primary contact of that customer, as "Call about T-4118".',
    expected: 'Tomasz Nyberg',
    state: [
      {
        tool: 'crm.get_customer',
        args: { customer_id: 'C-1017' },
        expect: "result.last_activity_at == '2026-11-02T09:00:00.000Z'",
      },
    ],
  },
  {
    name: 'support-hand-over',
    kind: 'fan-out',
    goal: 'Mara Lindqvist (mara.lindqvist) is ill. Hand all of her open tickets over to Jonas Beck (jonas.beck) and tell me how many there were.',
    tools: [
      {
        tool: 'tickets.list_tickets',
        lookups: ['tickets of an agent', 'search tickets', 'open tickets by assignee'],
      },
      {
        tool: 'tickets.update_ticket',
        lookups: ['assign ticket to another agent', 'change a ticket', 'edit ticket fields'],
      },
    ],
    direct: [
      {
        as: 'hers',
        calls: [
          { tool: 'tickets.list_tickets', args: { status: 'open', assignee: 'mara.lindqvist', limit: 100 } },
        ],
      },
      {
        as: 'moved',
        calls: [
          {
            tool: 'tickets.update_ticket',
            each: 'steps.hers[0].tickets',
            args: { ticket_id: { $: 'item.id' }, assignee: 'jonas.beck' },
          },
        ],
      },
    ],
    scripts: [
      {
        code: `const { tickets } = await tools.tickets.list_tickets({ status: 'open', assignee: 'mara.lindqvist', limit: 100 })
await Promise.all(tickets.map((t) => tools.tickets.update_ticket({ ticket_id: t.id, assignee: 'jonas.beck' })))
return tickets.length`,
      },
    ],
    answer: {
      direct: "size(steps.moved.filter(t, t.assignee == 'jonas.beck'))",
      script: 'steps.script[0]',
    },
    say: 'Done: 14 open tickets of Mara Lindqvist now belong to Jonas Beck.',
    expected: 14,
    state: [
      {
        tool: 'tickets.list_tickets',
        args: { status: 'open', assignee: 'mara.lindqvist' },
        expect: 'result.total == 0',
      },
    ],
  },
  {
    name: 'support-solve-unassigned',
    kind: 'recovery',
    goal: 'Ticket T-4133 is done, mark it as solved. I am nora.iyer, in case it has to belong to somebody.',
    tools: [
      {
        tool: 'tickets.update_ticket',
        lookups: ['set status of a ticket', 'change a ticket', 'solve ticket'],
      },
    ],
    direct: [
      {
        as: 'tried',
        calls: [{ tool: 'tickets.update_ticket', args: { ticket_id: 'T-4133', status: 'solved' } }],
      },
      {
        as: 'solved',
        calls: [
          {
            tool: 'tickets.update_ticket',
            args: { ticket_id: 'T-4133', status: 'solved', assignee: 'nora.iyer' },
          },
        ],
      },
    ],
    scripts: [
      {
        code: `return (await tools.tickets.update_ticket({ ticket_id: 'T-4133', status: 'solved' })).status`,
      },
      {
        code: `return (await tools.tickets.update_ticket({ ticket_id: 'T-4133', status: 'solved', assignee: 'nora.iyer' })).status`,
      },
    ],
    answer: { direct: 'steps.solved[0].status', script: 'steps.script[1]' },
    say: 'T-4133 is solved. It had nobody assigned to it, which is needed for that, so it is now assigned to you.',
    expected: 'solved',
    state: [
      {
        tool: 'tickets.get_ticket',
        args: { ticket_id: 'T-4133' },
        expect: "result.status == 'solved' && result.assignee == 'nora.iyer'",
      },
    ],
  },
  {
    name: 'support-angry-customer',
    kind: 'judgement',
    goal: 'Halden Logistics (C-1007) has a few open tickets, all with normal priority. Read what they wrote: in one of them somebody is really angry and we could lose them. Raise that one to urgent, only that one.',
    tools: [
      {
        tool: 'tickets.list_tickets',
        lookups: ['tickets of a customer', 'search tickets', 'list open tickets'],
      },
      {
        tool: 'tickets.list_messages',
        lookups: ['messages of a ticket', 'ticket conversation', 'read ticket thread'],
      },
      {
        tool: 'tickets.update_ticket',
        lookups: ['change priority of a ticket', 'change a ticket', 'edit ticket fields'],
      },
    ],
    direct: [
      {
        as: 'open',
        calls: [{ tool: 'tickets.list_tickets', args: { customer_id: 'C-1007', status: 'open' } }],
      },
      {
        as: 'threads',
        calls: [
          {
            tool: 'tickets.list_messages',
            each: 'steps.open[0].tickets',
            args: { ticket_id: { $: 'item.id' } },
          },
        ],
      },
      {
        as: 'raised',
        calls: [{ tool: 'tickets.update_ticket', args: { ticket_id: 'T-4094', priority: 'urgent' } }],
      },
    ],
    scripts: [
      {
        code: `const { tickets } = await tools.tickets.list_tickets({ customer_id: 'C-1007', status: 'open' })
return await Promise.all(tickets.map((t) => tools.tickets.list_messages({ ticket_id: t.id })))`,
      },
      {
        code: `const { id, priority } = await tools.tickets.update_ticket({ ticket_id: 'T-4094', priority: 'urgent' })
return { id, priority }`,
      },
    ],
    answer: {
      direct: "{'id': steps.raised[0].id, 'priority': steps.raised[0].priority}",
      script: 'steps.script[1]',
    },
    say: 'It is T-4094, about route planning and closed roads: they write for the third time and threaten to end the contract. I have raised it to urgent; the other five are calm and stay as they are.',
    expected: { id: 'T-4094', priority: 'urgent' },
    state: [
      {
        tool: 'tickets.list_tickets',
        args: { customer_id: 'C-1007', priority: 'urgent' },
        expect: "result.total == 1 && result.tickets[0].id == 'T-4094'",
      },
    ],
  },
]
