import type { MockTool } from '../../stage.ts'

type Definition = MockTool['definition']

export const SEARCH_PEOPLE: Definition = {
  name: 'search_people',
  description:
    'Search the directory by name, team, office or status. Gives a short entry of each; filters are combined.',
  inputSchema: {
    type: 'object',
    properties: {
      query: { type: 'string', description: 'Words of the name or of the title' },
      team: { type: 'string', description: 'Id of a team, for example insight' },
      office: { type: 'string', enum: ['Lisbon', 'Ghent', 'Tartu'] },
      status: { type: 'string', enum: ['active', 'on_leave'] },
      limit: { type: 'integer', minimum: 1, default: 20, description: 'Entries per page, at most 50' },
      cursor: { type: 'string', description: 'nextCursor of the page before' },
    },
  },
  outputSchema: {
    type: 'object',
    properties: {
      people: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            id: { type: 'string' },
            name: { type: 'string' },
            email: { type: 'string' },
            title: { type: 'string' },
            team: { type: 'string' },
            office: { type: 'string' },
            managerId: { type: ['string', 'null'] },
            status: { type: 'string' },
            ownsServices: { type: 'array', items: { type: 'string' } },
          },
          required: ['id', 'name', 'email', 'title', 'team', 'office', 'managerId', 'status', 'ownsServices'],
        },
      },
      nextCursor: { type: ['string', 'null'] },
    },
    required: ['people', 'nextCursor'],
  },
}

export const GET_PERSON: Definition = {
  name: 'get_person',
  description:
    'Get the whole entry of one person: contact, time zone, manager, services and what they say of themselves.',
  inputSchema: {
    type: 'object',
    properties: { id: { type: 'string', description: 'Id or email address of the person' } },
    required: ['id'],
  },
}

export const GET_TEAM: Definition = {
  name: 'get_team',
  description: 'Get a team with its members, its services, and who is on call in each of the next six weeks.',
  inputSchema: {
    type: 'object',
    properties: {
      id: {
        type: 'string',
        description: 'Id of the team: payments, platform, discovery, fulfilment or insight',
      },
      rotation: { type: 'boolean', default: true, description: 'Whether the weeks on call are wanted' },
    },
    required: ['id'],
  },
}
