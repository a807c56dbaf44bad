import type { MockTool } from '../../stage.ts'

type Definition = MockTool['definition']

const WAREHOUSE = { type: 'string', enum: ['RTM', 'LEJ', 'LYS'] }

export const GET_STOCK: Definition = {
  name: 'get_stock',
  description:
    'Get the stock of one article in each warehouse: how much lies there, how much of that is reserved for orders, how much is still available, and how much is on order.',
  inputSchema: {
    type: 'object',
    properties: {
      sku: { type: 'string', description: 'Number of the article, for example LMP-200' },
      warehouse: { ...WAREHOUSE, description: 'Only this warehouse: RTM Rotterdam, LEJ Leipzig, LYS Lyon' },
    },
    required: ['sku'],
  },
  outputSchema: {
    type: 'object',
    properties: {
      sku: { type: 'string' },
      name: { type: 'string' },
      supplier: { type: 'string' },
      pack_size: { type: 'integer' },
      reorder_point: { type: 'integer' },
      total_available: { type: 'integer', description: 'Over all warehouses' },
      warehouses: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            code: WAREHOUSE,
            city: { type: 'string' },
            on_hand: { type: 'integer' },
            reserved: { type: 'integer' },
            available: { type: 'integer' },
            incoming: { type: 'integer' },
          },
          required: ['code', 'city', 'on_hand', 'reserved', 'available', 'incoming'],
        },
      },
    },
    required: ['sku', 'name', 'reorder_point', 'total_available', 'warehouses'],
  },
}

export const LIST_PRODUCTS: Definition = {
  name: 'list_products',
  description:
    'List articles of the shop with price and the number that is available over all warehouses. Comes in pages.',
  inputSchema: {
    type: 'object',
    properties: {
      category: {
        type: 'string',
        enum: ['lamps', 'kitchen', 'furniture', 'textiles', 'bags', 'candles'],
        description: 'Only articles of this category',
      },
      query: { type: 'string', description: 'A part of the name or of the number of the article' },
      limit: { type: 'integer', minimum: 1, default: 25, description: 'Articles per page, at most 100' },
      cursor: { type: 'string', description: 'next_cursor of the page before' },
    },
  },
  outputSchema: {
    type: 'object',
    properties: {
      products: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            sku: { type: 'string' },
            name: { type: 'string' },
            category: { type: 'string' },
            price: { type: 'number' },
            total_available: { type: 'integer' },
          },
          required: ['sku', 'name', 'category', 'price', 'total_available'],
        },
      },
      next_cursor: { type: ['string', 'null'] },
      total: { type: 'integer' },
    },
    required: ['products', 'next_cursor', 'total'],
  },
}

export const CREATE_PURCHASE_ORDER: Definition = {
  name: 'create_purchase_order',
  description:
    'Order more of an article from its supplier, for one warehouse. Some suppliers only sell whole packs.',
  inputSchema: {
    type: 'object',
    properties: {
      sku: { type: 'string', description: 'Number of the article' },
      quantity: { type: 'integer', minimum: 1, description: 'Pieces, not packs' },
      warehouse: { ...WAREHOUSE, description: 'Where it is to be delivered' },
      needed_by: { type: 'string', format: 'date', description: 'Day on which it should be there' },
      note: { type: 'string', maxLength: 500, description: 'For the supplier' },
    },
    required: ['sku', 'quantity', 'warehouse'],
  },
}
