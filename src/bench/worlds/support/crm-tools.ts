import type { JsonObject } from '../../../core/json.ts'
import type { MockTool } from '../../stage.ts'

type Definition = MockTool['definition']

const PLAN = { type: 'string', enum: ['starter', 'team', 'business', 'enterprise'] }

const SUMMARY: JsonObject = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    name: { type: 'string' },
    domain: { type: 'string' },
    plan: PLAN,
    mrr_usd: { type: 'number' },
    owner: { type: 'string' },
    country: { type: 'string' },
  },
  required: ['id', 'name', 'plan', 'mrr_usd', 'owner'],
}

export const FIND_CUSTOMERS: Definition = {
  name: 'find_customers',
  description:
    'Find customers by a part of their name or domain, by plan or by the account manager who looks after them. Gives a summary of each; use get_customer for seats, health and renewal.',
  inputSchema: {
    type: 'object',
    properties: {
      query: { type: 'string', description: 'A part of the name or of the domain; case does not matter' },
      plan: { ...PLAN, description: 'Only customers on this plan' },
      owner: { type: 'string', description: 'Login of the account manager' },
      min_mrr_usd: { type: 'number', description: 'Only customers who pay at least so much in a month' },
      limit: { type: 'integer', minimum: 1, default: 50, description: 'Customers per page, at most 100' },
      cursor: { type: 'string', description: 'next_cursor of the page before' },
    },
  },
  outputSchema: {
    type: 'object',
    properties: {
      customers: { type: 'array', items: SUMMARY },
      next_cursor: { type: ['string', 'null'] },
      total: { type: 'integer' },
    },
    required: ['customers', 'next_cursor', 'total'],
  },
}

export const GET_CUSTOMER: Definition = {
  name: 'get_customer',
  description:
    'Get everything that is known of one customer: plan, seats, health score, renewal, billing and account manager.',
  inputSchema: {
    type: 'object',
    properties: { customer_id: { type: 'string', description: 'Id of the customer, for example C-1007' } },
    required: ['customer_id'],
  },
  outputSchema: {
    type: 'object',
    properties: {
      id: { type: 'string' },
      name: { type: 'string' },
      domain: { type: 'string' },
      plan: PLAN,
      mrr_usd: { type: 'number' },
      owner: { type: 'string' },
      country: { type: 'string' },
      industry: { type: 'string' },
      seats_paid: { type: 'integer' },
      seats_used: { type: 'integer' },
      health: { type: 'integer', description: '0 to 100' },
      renewal_date: { type: 'string' },
      created_at: { type: 'string' },
      billing: {
        type: 'object',
        properties: {
          currency: { type: 'string' },
          interval: { type: 'string' },
          method: { type: 'string' },
          open_invoices: { type: 'integer' },
        },
      },
      last_activity_at: { type: ['string', 'null'] },
    },
    required: [
      'id',
      'name',
      'plan',
      'mrr_usd',
      'owner',
      'seats_paid',
      'seats_used',
      'health',
      'renewal_date',
    ],
  },
}

export const LIST_CONTACTS: Definition = {
  name: 'list_contacts',
  description:
    'List the people whom we know at a customer. One of them is the primary contact. Do not write to people who have opted out.',
  inputSchema: {
    type: 'object',
    properties: {
      customer_id: { type: 'string', description: 'Id of the customer' },
      role: {
        type: 'string',
        enum: ['billing', 'technical', 'executive', 'security'],
        description: 'Only people in this role',
      },
      include_opted_out: {
        type: 'boolean',
        default: true,
        description: 'Whether people who opted out are listed',
      },
    },
    required: ['customer_id'],
  },
}

export const LOG_ACTIVITY: Definition = {
  name: 'log_activity',
  description:
    'Record that something happened with a customer, such as a call or a meeting, so that the account manager sees it in the history.',
  inputSchema: {
    type: 'object',
    properties: {
      customer_id: { type: 'string', description: 'Id of the customer' },
      type: {
        type: 'string',
        enum: ['call', 'meeting', 'email', 'note'],
        description: 'What kind of activity it was',
      },
      subject: { type: 'string', maxLength: 200, description: 'One line about it' },
      details: { type: 'string', description: 'Everything else that is worth knowing' },
      contact_id: { type: 'string', description: 'Id of the person it was with' },
    },
    required: ['customer_id', 'type', 'subject'],
  },
}
