import type { JsonObject } from '../../../core/json.ts'
import type { MockTool } from '../../stage.ts'

type Definition = MockTool['definition']

const STATUS = { type: 'string', enum: ['open', 'pending', 'solved', 'closed'] }
const PRIORITY = { type: 'string', enum: ['low', 'normal', 'high', 'urgent'] }

const TICKET: JsonObject = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    subject: { type: 'string' },
    status: STATUS,
    priority: PRIORITY,
    assignee: { type: ['string', 'null'] },
    customer_id: { type: 'string' },
    channel: { type: 'string' },
    tags: { type: 'array', items: { type: 'string' } },
    message_count: { type: 'integer' },
    created_at: { type: 'string' },
    updated_at: { type: 'string' },
  },
  required: ['id', 'subject', 'status', 'priority', 'assignee', 'customer_id', 'tags'],
}

export const LIST_TICKETS: Definition = {
  name: 'list_tickets',
  description:
    'List support tickets, oldest first, without their messages. All filters that are given must match. Results come in pages; pass next_cursor of one page as cursor to get the next.',
  inputSchema: {
    type: 'object',
    properties: {
      status: { ...STATUS, description: 'Only tickets in this status' },
      priority: { ...PRIORITY, description: 'Only tickets of this priority' },
      assignee: { type: 'string', description: 'Login of an agent' },
      customer_id: { type: 'string', description: 'Only tickets of this customer' },
      tag: { type: 'string', description: 'Only tickets that carry this tag' },
      limit: { type: 'integer', minimum: 1, default: 25, description: 'Tickets per page, at most 50' },
      cursor: { type: 'string', description: 'next_cursor of the page before' },
    },
  },
  outputSchema: {
    type: 'object',
    properties: {
      tickets: { type: 'array', items: TICKET },
      next_cursor: { type: ['string', 'null'] },
      total: { type: 'integer' },
    },
    required: ['tickets', 'next_cursor', 'total'],
  },
}

export const GET_TICKET: Definition = {
  name: 'get_ticket',
  description:
    'Get one support ticket by its id: status, priority, assignee, customer, tags and times. Messages are not included.',
  inputSchema: {
    type: 'object',
    properties: { ticket_id: { type: 'string', description: 'Id of the ticket, for example T-4118' } },
    required: ['ticket_id'],
  },
  outputSchema: TICKET,
}

export const LIST_MESSAGES: Definition = {
  name: 'list_messages',
  description:
    'List the messages of a ticket in the order in which they were written, those of the customer and those of agents. Internal notes are only for agents and must not be shown to customers.',
  inputSchema: {
    type: 'object',
    properties: {
      ticket_id: { type: 'string', description: 'Id of the ticket' },
      include_internal: {
        type: 'boolean',
        default: true,
        description: 'Whether internal notes are listed too',
      },
      last: { type: 'integer', minimum: 1, description: 'Only so many of the newest messages' },
    },
    required: ['ticket_id'],
  },
}

export const UPDATE_TICKET: Definition = {
  name: 'update_ticket',
  description:
    'Change fields of a ticket. Fields that are left out stay as they are. Closed tickets cannot be changed, and a ticket needs an assignee before it can be solved.',
  inputSchema: {
    type: 'object',
    properties: {
      ticket_id: { type: 'string', description: 'Id of the ticket' },
      status: { ...STATUS, description: 'New status' },
      priority: { ...PRIORITY, description: 'New priority' },
      assignee: { type: 'string', description: 'Login of the agent who takes the ticket' },
      tags: { type: 'array', items: { type: 'string' }, description: 'Replaces all tags' },
    },
    required: ['ticket_id'],
  },
  outputSchema: TICKET,
}

export const ADD_REPLY: Definition = {
  name: 'add_reply',
  description:
    'Write a message to a ticket. It is sent to the customer by the channel of the ticket unless it is internal.',
  inputSchema: {
    type: 'object',
    properties: {
      ticket_id: { type: 'string', description: 'Id of the ticket' },
      body: { type: 'string', description: 'Text of the message; Markdown is understood' },
      author: { type: 'string', description: 'Login of the agent who writes. Default: the assignee' },
      internal: { type: 'boolean', default: false, description: 'True: a note that only agents see' },
    },
    required: ['ticket_id', 'body'],
  },
  outputSchema: {
    type: 'object',
    properties: {
      message_id: { type: 'string' },
      ticket_id: { type: 'string' },
      delivered_by: { type: ['string', 'null'] },
    },
    required: ['message_id', 'ticket_id'],
  },
}

export const LIST_AGENTS: Definition = {
  name: 'list_agents',
  description:
    'List the agents of the support team with their group, whether they are online, and how many open tickets they have.',
  inputSchema: {
    type: 'object',
    properties: {
      group: {
        type: 'string',
        enum: ['product', 'platform', 'billing'],
        description: 'Only agents of this group',
      },
      online: { type: 'boolean', description: 'Only agents who are online, or only those who are not' },
    },
  },
  outputSchema: {
    type: 'object',
    properties: {
      agents: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            login: { type: 'string' },
            name: { type: 'string' },
            group: { type: 'string' },
            online: { type: 'boolean' },
            timezone: { type: 'string' },
            open_tickets: { type: 'integer' },
          },
          required: ['login', 'name', 'group', 'online', 'open_tickets'],
        },
      },
    },
    required: ['agents'],
  },
}
