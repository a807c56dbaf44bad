import type { MockTool } from '../../stage.ts'

type Definition = MockTool['definition']

const EVENT = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    title: { type: 'string' },
    description: { type: 'string' },
    start: { type: 'string' },
    end: { type: 'string' },
    minutes: { type: 'integer' },
    kind: { type: 'string', enum: ['meeting', 'absence'] },
    organizer: { type: 'string' },
    attendees: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          email: { type: 'string' },
          response: { type: 'string', enum: ['accepted', 'declined', 'tentative', 'pending'] },
        },
        required: ['email', 'response'],
      },
    },
    room: { type: ['string', 'null'] },
    recurring: { type: 'boolean' },
    status: { type: 'string', enum: ['confirmed', 'cancelled'] },
    link: { type: 'string' },
  },
  required: [
    'id',
    'title',
    'description',
    'start',
    'end',
    'minutes',
    'kind',
    'organizer',
    'attendees',
    'room',
    'status',
  ],
}

export const LIST_EVENTS: Definition = {
  name: 'list_events',
  description:
    'List the events in the calendar of one person between two times, in the order of their start, with descriptions, attendees and rooms.',
  inputSchema: {
    type: 'object',
    properties: {
      owner: { type: 'string', description: 'Email address of the person whose calendar it is' },
      from: { type: 'string', description: 'Events that end after this time, ISO 8601' },
      to: { type: 'string', description: 'Events that begin before this time, ISO 8601' },
      query: { type: 'string', description: 'Words that must be in the title; case does not matter' },
      limit: { type: 'integer', minimum: 1, default: 50, description: 'Events per page, at most 100' },
      cursor: { type: 'string', description: 'nextCursor of the page before' },
    },
    required: ['owner', 'from', 'to'],
  },
  outputSchema: {
    type: 'object',
    properties: {
      owner: { type: 'string' },
      events: { type: 'array', items: EVENT },
      nextCursor: { type: ['string', 'null'] },
    },
    required: ['owner', 'events', 'nextCursor'],
  },
}

export const FIND_FREE_SLOTS: Definition = {
  name: 'find_free_slots',
  description:
    'Find times at which all of several people are free, between 08:00 and 18:00 of each working day. Gives starts in steps of half an hour, the earliest first.',
  inputSchema: {
    type: 'object',
    properties: {
      attendees: {
        type: 'array',
        items: { type: 'string' },
        minItems: 1,
        maxItems: 10,
        description: 'Email addresses',
      },
      minutes: { type: 'integer', minimum: 15, maximum: 480, description: 'Length of the slot' },
      from: { type: 'string', description: 'Not before this time, ISO 8601' },
      to: { type: 'string', description: 'The slot has to end by this time, ISO 8601' },
      limit: { type: 'integer', minimum: 1, default: 10, description: 'Slots that are given, at most 50' },
    },
    required: ['attendees', 'minutes', 'from', 'to'],
  },
  outputSchema: {
    type: 'object',
    properties: {
      slots: {
        type: 'array',
        items: {
          type: 'object',
          properties: { start: { type: 'string' }, end: { type: 'string' } },
          required: ['start', 'end'],
        },
      },
      isMore: { type: 'boolean' },
    },
    required: ['slots', 'isMore'],
  },
}

export const CREATE_EVENT: Definition = {
  name: 'create_event',
  description:
    'Create an event in your calendar and invite others to it. Fails where the room is taken; attendees may be busy, look with find_free_slots before.',
  inputSchema: {
    type: 'object',
    properties: {
      title: { type: 'string' },
      start: { type: 'string', description: 'ISO 8601' },
      minutes: { type: 'integer', minimum: 15, maximum: 480 },
      attendees: {
        type: 'array',
        items: { type: 'string' },
        description: 'Email addresses, yours not needed',
      },
      room: { type: 'string', description: 'Name of a room, for example Elm' },
      description: { type: 'string', description: 'What it is about' },
      sendInvitations: { type: 'boolean', default: true },
    },
    required: ['title', 'start', 'minutes'],
  },
  outputSchema: EVENT,
}

export const RESPOND_TO_EVENT: Definition = {
  name: 'respond_to_event',
  description: 'Answer an invitation in your name: accept, decline or leave it open. The organizer is told.',
  inputSchema: {
    type: 'object',
    properties: {
      id: { type: 'string', description: 'Id of the event' },
      response: { type: 'string', enum: ['accepted', 'declined', 'tentative'] },
      comment: { type: 'string', description: 'A sentence for the organizer' },
    },
    required: ['id', 'response'],
  },
  outputSchema: EVENT,
}
