import type { MockTool } from '../../stage.ts'

type Definition = MockTool['definition']

export const LIST_MESSAGES: Definition = {
  name: 'list_messages',
  description:
    'Read the messages of a channel or of one thread, newest first, with authors, links to issues and pull requests, and reactions.',
  inputSchema: {
    type: 'object',
    properties: {
      channel: { type: 'string', description: 'Name of the channel' },
      since: { type: 'string', description: 'Only messages from this time on, ISO 8601' },
      until: { type: 'string', description: 'Only messages before this time, ISO 8601' },
      thread: { type: 'string', description: 'Id of the message that the thread belongs to' },
      limit: { type: 'integer', minimum: 1, default: 30, description: 'Messages per page, at most 100' },
      cursor: { type: 'string', description: 'nextCursor of the page before' },
    },
    required: ['channel'],
  },
}

export const POST_MESSAGE: Definition = {
  name: 'post_message',
  description:
    'Post a message to a channel, or as an answer in a thread. Markdown is understood. A message cannot be taken back.',
  inputSchema: {
    type: 'object',
    properties: {
      channel: { type: 'string', description: 'Name of the channel' },
      text: { type: 'string', maxLength: 4000 },
      thread: { type: 'string', description: 'Id of the message to answer to' },
      alsoToChannel: { type: 'boolean', default: false, description: 'Show an answer in the channel too' },
    },
    required: ['channel', 'text'],
  },
  outputSchema: {
    type: 'object',
    properties: {
      id: { type: 'string' },
      channel: { type: 'string' },
      thread: { type: ['string', 'null'] },
      postedAt: { type: 'string' },
      permalink: { type: 'string' },
    },
    required: ['id', 'channel', 'postedAt', 'permalink'],
  },
}
