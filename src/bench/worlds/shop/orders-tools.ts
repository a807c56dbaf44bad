import type { JsonObject } from '../../../core/json.ts'
import type { MockTool } from '../../stage.ts'

type Definition = MockTool['definition']

const STATUS = {
  type: 'string',
  enum: ['paid', 'on_hold', 'delayed', 'shipped', 'delivered', 'returned', 'cancelled', 'refunded'],
}

const SUMMARY: JsonObject = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    status: STATUS,
    placed_at: { type: 'string' },
    email: { type: 'string' },
    country: { type: 'string' },
    total: { type: 'number' },
    items: {
      type: 'array',
      items: {
        type: 'object',
        properties: { sku: { type: 'string' }, quantity: { type: 'integer' } },
        required: ['sku', 'quantity'],
      },
    },
  },
  required: ['id', 'status', 'placed_at', 'email', 'country', 'total', 'items'],
}

export const SEARCH_ORDERS: Definition = {
  name: 'search_orders',
  description:
    'Search orders of the shop, newest first. All filters that are given must match. Gives a summary of each order: use get_order for addresses, payment, shipment and notes.',
  inputSchema: {
    type: 'object',
    properties: {
      status: { ...STATUS, description: 'Only orders in this status' },
      email: { type: 'string', description: 'Exact email address of the customer' },
      placed_after: { type: 'string', format: 'date', description: 'Only orders of this day or later' },
      placed_before: { type: 'string', format: 'date', description: 'Only orders before this day' },
      limit: { type: 'integer', minimum: 1, default: 20, description: 'Orders per page, at most 50' },
      cursor: { type: 'string', description: 'next_cursor of the page before' },
    },
  },
  outputSchema: {
    type: 'object',
    properties: {
      orders: { type: 'array', items: SUMMARY },
      next_cursor: { type: ['string', 'null'] },
      total: { type: 'integer' },
    },
    required: ['orders', 'next_cursor', 'total'],
  },
}

export const GET_ORDER: Definition = {
  name: 'get_order',
  description:
    'Get one order with everything that belongs to it: customer, items with prices, shipping, payment, what has been refunded, and the note that the customer wrote.',
  inputSchema: {
    type: 'object',
    properties: { order_id: { type: 'string', description: 'Number of the order, for example O-50123' } },
    required: ['order_id'],
  },
  outputSchema: {
    type: 'object',
    properties: {
      id: { type: 'string' },
      status: STATUS,
      placed_at: { type: 'string' },
      customer: {
        type: 'object',
        properties: { name: { type: 'string' }, email: { type: 'string' } },
        required: ['name', 'email'],
      },
      country: { type: 'string' },
      currency: { type: 'string' },
      items: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            sku: { type: 'string' },
            name: { type: 'string' },
            quantity: { type: 'integer' },
            unit_price: { type: 'number' },
          },
          required: ['sku', 'name', 'quantity', 'unit_price'],
        },
      },
      shipping: {
        type: 'object',
        properties: {
          method: { type: 'string' },
          cost: { type: 'number' },
          tracking: { type: ['string', 'null'] },
        },
        required: ['method', 'cost', 'tracking'],
      },
      payment: {
        type: 'object',
        properties: { method: { type: 'string' }, captured: { type: 'boolean' } },
        required: ['method', 'captured'],
      },
      total: { type: 'number' },
      refunded: { type: 'number' },
      note: { type: ['string', 'null'] },
    },
    required: [
      'id',
      'status',
      'placed_at',
      'customer',
      'items',
      'shipping',
      'payment',
      'total',
      'refunded',
      'note',
    ],
  },
}

export const REFUND_ORDER: Definition = {
  name: 'refund_order',
  description:
    'Pay money of an order back by the way in which it was paid. Without an amount everything that has not been refunded yet is paid back, and an order that has not been shipped is stopped. Cannot be undone.',
  inputSchema: {
    type: 'object',
    properties: {
      order_id: { type: 'string', description: 'Number of the order' },
      amount: { type: 'number', exclusiveMinimum: 0, description: 'In euros. Default: all that is left' },
      reason: {
        type: 'string',
        enum: ['late_delivery', 'damaged', 'not_wanted', 'wrong_item', 'goodwill'],
        description: 'Why it is paid back; shown in reports',
      },
      comment: { type: 'string', description: 'For colleagues; the customer does not see it' },
    },
    required: ['order_id', 'reason'],
  },
  outputSchema: {
    type: 'object',
    properties: {
      refund_id: { type: 'string' },
      order_id: { type: 'string' },
      amount: { type: 'number' },
      currency: { type: 'string' },
      order_status: STATUS,
    },
    required: ['refund_id', 'order_id', 'amount', 'order_status'],
  },
}

export const EXPORT_ORDERS: Definition = {
  name: 'export_orders',
  description:
    'Export all orders of one month as text, one line for each order with a line of headings first. Columns are separated by commas.',
  inputSchema: {
    type: 'object',
    properties: {
      month: { type: 'string', pattern: '^\\d{4}-\\d{2}$', description: 'The month, for example 2026-09' },
      status: { ...STATUS, description: 'Only orders in this status' },
      decimal_comma: {
        type: 'boolean',
        default: false,
        description: 'Write 12,50 in place of 12.50, in quotes',
      },
    },
    required: ['month'],
  },
}
