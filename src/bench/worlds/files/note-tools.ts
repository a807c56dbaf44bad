import type { JsonObject } from '../../../core/json.ts'
import type { MockTool } from '../../stage.ts'

type Definition = MockTool['definition']

const TEXTS = { type: 'array', items: { type: 'string' } }

const SUMMARY: JsonObject = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    title: { type: 'string' },
    tags: TEXTS,
    pinned: { type: 'boolean' },
    author: { type: 'string' },
    links: TEXTS,
    created_at: { type: 'string' },
  },
  required: ['id', 'title', 'tags', 'pinned', 'author', 'links', 'created_at'],
}

export const LIST_NOTES: Definition = {
  name: 'list_notes',
  description:
    'List the notes of the team, oldest first, without their text: title, tags, author, whether they are pinned, and paths of files that they are about.',
  inputSchema: {
    type: 'object',
    properties: {
      tag: { type: 'string', description: 'Only notes with this tag, for example postmortem' },
      author: { type: 'string', description: 'Only notes of this person' },
      limit: { type: 'integer', minimum: 1, default: 15, description: 'Notes per page, at most 30' },
      cursor: { type: 'string', description: 'next_cursor of the page before' },
    },
  },
  outputSchema: {
    type: 'object',
    properties: {
      notes: { type: 'array', items: SUMMARY },
      next_cursor: { type: ['string', 'null'] },
      total: { type: 'integer' },
    },
    required: ['notes', 'next_cursor', 'total'],
  },
}

export const GET_NOTE: Definition = {
  name: 'get_note',
  description: 'Get one note with its whole text.',
  inputSchema: {
    type: 'object',
    properties: { note_id: { type: 'string', description: 'Id of the note, for example N-341' } },
    required: ['note_id'],
  },
}

export const CREATE_NOTE: Definition = {
  name: 'create_note',
  description: 'Create a note that the whole team can see. The text is Markdown.',
  inputSchema: {
    type: 'object',
    properties: {
      title: { type: 'string', maxLength: 120, description: 'One line' },
      body: { type: 'string', description: 'The text of the note' },
      tags: { ...TEXTS, maxItems: 10, description: 'Words under which it can be found' },
      links: { ...TEXTS, description: 'Absolute paths of files that it is about' },
      pinned: { type: 'boolean', default: false, description: 'Show it above all others' },
    },
    required: ['title', 'body'],
  },
  outputSchema: SUMMARY,
}

export const APPEND_TO_NOTE: Definition = {
  name: 'append_to_note',
  description:
    'Add text at the end of a note, as a paragraph of its own. What is there already is not changed.',
  inputSchema: {
    type: 'object',
    properties: {
      note_id: { type: 'string', description: 'Id of the note' },
      text: { type: 'string', description: 'What to add; Markdown' },
      notify_author: { type: 'boolean', default: true, description: 'Tell the author of the note about it' },
    },
    required: ['note_id', 'text'],
  },
}
