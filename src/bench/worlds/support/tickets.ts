import type { Json, JsonObject } from '../../../core/json.ts'
import { MockFailure, type MockServer } from '../../stage.ts'
import { readOptionalText, readText, toPage } from '../world.ts'
import * as tools from './ticket-tools.ts'
import { AGENTS, makeTickets, type Ticket } from './tickets-data.ts'

/** The time at which everything happens that is done to tickets. */
const NOW = '2026-11-02T09:00:00.000Z'
const PAGE = { usual: 25, most: 50 }

/** A help desk. */
export function createTickets(): MockServer {
  let { tickets, messages } = makeTickets()

  const find = (args: JsonObject): Ticket => {
    const id = readText(args, 'ticket_id')
    const ticket = tickets.get(id)
    if (ticket === undefined) throw new MockFailure(`No ticket ${id}.`)
    return ticket
  }

  const list = (args: JsonObject): Json => {
    const tag = readOptionalText(args, 'tag')
    const fields = ['status', 'priority', 'assignee', 'customer_id'] as const
    const wanted = fields.flatMap((field) => {
      const value = readOptionalText(args, field)
      return value === undefined ? [] : [{ field, value }]
    })
    const found = [...tickets.values()].filter(
      (ticket) =>
        wanted.every(({ field, value }) => ticket[field] === value) &&
        (tag === undefined || ticket.tags.includes(tag)),
    )
    const { entries, nextCursor, total } = toPage(found, args, PAGE)
    return { tickets: entries.map((ticket) => ({ ...ticket })), next_cursor: nextCursor, total }
  }

  const listMessages = (args: JsonObject): Json => {
    const { id, subject } = find(args)
    const all = (messages.get(id) ?? []).filter(
      ({ internal }) => args['include_internal'] !== false || !internal,
    )
    const shown = typeof args['last'] === 'number' ? all.slice(-args['last']) : all
    return { ticket_id: id, subject, messages: shown.map((message) => ({ ...message })) }
  }

  const update = (args: JsonObject): Json => {
    const ticket = find(args)
    const status = readOptionalText(args, 'status') ?? ticket.status
    const assignee = readOptionalText(args, 'assignee') ?? ticket.assignee
    const tags = Array.isArray(args['tags']) ? args['tags'].map(String) : ticket.tags
    if (ticket.status === 'closed')
      throw new MockFailure(`Ticket ${ticket.id} is closed and cannot be changed.`)
    if (assignee !== null) checkAgent(assignee)
    if (status === 'solved' && assignee === null)
      throw new MockFailure(
        `Ticket ${ticket.id} has no assignee. Set an assignee before, or together with, status 'solved'.`,
      )
    const priority = readOptionalText(args, 'priority') ?? ticket.priority
    const changed = { ...ticket, status, priority, assignee, tags, updated_at: NOW }
    tickets.set(ticket.id, changed)
    return { ...changed }
  }

  const reply = (args: JsonObject): Json => {
    const ticket = find(args)
    const login = readOptionalText(args, 'author') ?? ticket.assignee
    if (login === null)
      throw new MockFailure(`Ticket ${ticket.id} has no assignee: say who writes, as author.`)
    const agent = checkAgent(login)
    const before = messages.get(ticket.id) ?? []
    const internal = args['internal'] === true
    const id = `${ticket.id}-m${before.length + 1}`
    const author = { type: 'agent', name: agent.name, email: `${login}@support.example` }
    messages.set(ticket.id, [
      ...before,
      { id, author, body: readText(args, 'body'), internal, created_at: NOW },
    ])
    tickets.set(ticket.id, { ...ticket, message_count: before.length + 1, updated_at: NOW })
    return { message_id: id, ticket_id: ticket.id, delivered_by: internal ? null : ticket.channel }
  }

  const listAgents = ({ group, online }: JsonObject): Json => ({
    agents: AGENTS.filter(
      (agent) =>
        (group === undefined || agent.group === group) && (online === undefined || agent.online === online),
    ).map((agent) => ({
      ...agent,
      open_tickets: [...tickets.values()].filter(
        ({ status, assignee }) => status === 'open' && assignee === agent.login,
      ).length,
    })),
  })

  return {
    name: 'tickets',
    tools: [
      { definition: tools.LIST_TICKETS, run: list },
      { definition: tools.GET_TICKET, run: (args) => ({ ...find(args) }) },
      { definition: tools.LIST_MESSAGES, run: listMessages },
      { definition: tools.UPDATE_TICKET, run: update },
      { definition: tools.ADD_REPLY, run: reply },
      { definition: tools.LIST_AGENTS, run: listAgents },
    ],
    reset() {
      ;({ tickets, messages } = makeTickets())
    },
  }
}

function checkAgent(login: string): (typeof AGENTS)[number] {
  const agent = AGENTS.find((each) => each.login === login)
  if (agent === undefined) throw new MockFailure(`'${login}' is not the login of an agent.`)
  return agent
}
