import type { Json, JsonObject } from '../../../core/json.ts'
import { MockFailure, type MockServer } from '../../stage.ts'
import { readOptionalText, readText, toPage } from '../world.ts'
import { makeNotes, type Note } from './notes-data.ts'
import * as tools from './note-tools.ts'

const NOW = '2026-11-02T09:00:00.000Z'
const PAGE = { usual: 15, most: 30 }

/** Notes of a team. */
export function createNotes(): MockServer {
  let notes = makeNotes()

  const find = (args: JsonObject): Note => {
    const id = readText(args, 'note_id')
    const note = notes.find((each) => each.id === id)
    if (note === undefined) throw new MockFailure(`No note ${id}.`)
    return note
  }

  const list = (args: JsonObject): Json => {
    const tag = readOptionalText(args, 'tag')
    const author = readOptionalText(args, 'author')
    const found = notes.filter(
      (note) =>
        (tag === undefined || note.tags.includes(tag)) && (author === undefined || note.author === author),
    )
    const { entries, nextCursor, total } = toPage(found, args, PAGE)
    return { notes: entries.map(toSummary), next_cursor: nextCursor, total }
  }

  const create = (args: JsonObject): Json => {
    const id = `N-${301 + notes.length}`
    const note: Note = {
      id,
      title: readText(args, 'title'),
      body: readText(args, 'body'),
      tags: toTexts(args['tags']),
      pinned: args['pinned'] === true,
      author: 'assistant',
      links: toTexts(args['links']),
      created_at: NOW,
    }
    notes = [...notes, note]
    return toSummary(note)
  }

  const append = (args: JsonObject): Json => {
    const note = find(args)
    const body = `${note.body}\n\n${readText(args, 'text')}`
    notes = notes.map((each) => (each.id === note.id ? { ...note, body } : each))
    return { note_id: note.id, length: body.length, changed_at: NOW }
  }

  return {
    name: 'notes',
    tools: [
      { definition: tools.LIST_NOTES, run: list },
      { definition: tools.GET_NOTE, run: (args) => ({ ...find(args) }) },
      { definition: tools.CREATE_NOTE, run: create },
      { definition: tools.APPEND_TO_NOTE, run: append },
    ],
    reset() {
      notes = makeNotes()
    },
  }
}

function toSummary({ id, title, tags, pinned, author, links, created_at }: Note): JsonObject {
  return { id, title, tags, pinned, author, links, created_at }
}

function toTexts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((each: Json) => typeof each === 'string') : []
}
