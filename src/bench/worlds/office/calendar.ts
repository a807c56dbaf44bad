import type { Json, JsonObject } from '../../../core/json.ts'
import { MockFailure, type MockServer } from '../../stage.ts'
import { readOptionalText, readText, toPage } from '../world.ts'
import { CREATE_EVENT, FIND_FREE_SLOTS, LIST_EVENTS, RESPOND_TO_EVENT } from './calendar-tools.ts'
import { createEvents, ROOMS, SELF, toEvent, toTime, type CalendarEvent } from './data/events.ts'
import { createStaff } from './data/staff.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const STEP_MINUTES = 30
const DAY_BEGINS_HOUR = 8
const DAY_ENDS_HOUR = 18
const MAX_SLOTS = 50

/** Calendars of all who work here. Who calls is Adaeze Almeida. */
export function createCalendar(): MockServer {
  const first = createEvents()
  const known = new Set(createStaff().map(({ email }) => email))
  let events = first

  function readEmail(email: Json | undefined): string {
    if (typeof email === 'string' && known.has(email)) return email
    throw new MockFailure(`Nobody has the address ${JSON.stringify(email)}.`)
  }

  return {
    name: 'calendar',
    reset() {
      events = first
    },
    tools: [
      {
        definition: LIST_EVENTS,
        run(args) {
          const owner = readEmail(args['owner'])
          const query = readOptionalText(args, 'query')?.toLowerCase() ?? ''
          const matches = between(events, args).filter(
            (event) => isIn(event, owner) && event.title.toLowerCase().includes(query),
          )
          const { entries, nextCursor } = toPage(matches, args, { usual: 50, most: 100 })
          return { owner, events: entries, nextCursor }
        },
      },
      {
        definition: FIND_FREE_SLOTS,
        run(args) {
          const attendees = readList(args['attendees']).map(readEmail)
          const busy = between(events, args).filter((event) => attendees.some((email) => isIn(event, email)))
          return findSlots(busy, args)
        },
      },
      {
        definition: CREATE_EVENT,
        run(args) {
          const created = toCreated(events, args, readList(args['attendees']).map(readEmail))
          events = [...events, created].sort((a, b) => (a.start < b.start ? -1 : 1))
          return created
        },
      },
      {
        definition: RESPOND_TO_EVENT,
        run(args) {
          const id = readText(args, 'id')
          const event = events.find((each) => each.id === id)
          if (event === undefined) throw new MockFailure(`No event ${id}.`)
          if (!event.attendees.some(({ email }) => email === SELF))
            throw new MockFailure(`You are not invited to ${id}.`)
          const response = readText(args, 'response')
          const attendees = event.attendees.map((each) =>
            each.email === SELF ? { ...each, response } : each,
          )
          const changed = { ...event, attendees }
          events = events.map((each) => (each === event ? changed : each))
          return changed
        },
      },
    ],
  }
}

function isIn(event: CalendarEvent, owner: string): boolean {
  return event.attendees.some(({ email, response }) => email === owner && response !== 'declined')
}

function between(events: readonly CalendarEvent[], args: JsonObject): readonly CalendarEvent[] {
  const from = readMs(args, 'from')
  const to = readMs(args, 'to')
  if (to <= from) throw new MockFailure(`'to' must be after 'from'.`)
  return events.filter(({ start, end }) => Date.parse(end) > from && Date.parse(start) < to)
}

function findSlots(busy: readonly CalendarEvent[], args: JsonObject): Json {
  const lengthMs = readNumber(args, 'minutes') * MINUTE_MS
  const to = readMs(args, 'to')
  const limit = typeof args['limit'] === 'number' ? Math.min(args['limit'], MAX_SLOTS) : 10
  const slots: { start: string; end: string }[] = []
  let isMore = false
  const stepMs = STEP_MINUTES * MINUTE_MS
  for (let at = Math.ceil(readMs(args, 'from') / stepMs) * stepMs; at + lengthMs <= to; at += stepMs) {
    const dayMs = Math.floor(at / DAY_MS) * DAY_MS
    const weekday = new Date(at).getUTCDay()
    const isWorkday = weekday !== 0 && weekday !== 6
    const isInHours =
      at >= dayMs + DAY_BEGINS_HOUR * 60 * MINUTE_MS &&
      at + lengthMs <= dayMs + DAY_ENDS_HOUR * 60 * MINUTE_MS
    const isFree = !busy.some(({ start, end }) => Date.parse(start) < at + lengthMs && Date.parse(end) > at)
    if (!isWorkday || !isInHours || !isFree) continue
    if (slots.length === limit) {
      isMore = true
      break
    }
    slots.push({ start: toTime(at), end: toTime(at + lengthMs) })
  }
  return { slots, isMore }
}

function toCreated(
  events: readonly CalendarEvent[],
  args: JsonObject,
  attendees: readonly string[],
): CalendarEvent {
  const startMs = readMs(args, 'start')
  const minutes = readNumber(args, 'minutes')
  const room = readOptionalText(args, 'room') ?? null
  if (room !== null && !ROOMS.some((name) => name === room))
    throw new MockFailure(`No room '${room}'. Rooms: ${ROOMS.join(', ')}.`)
  const endMs = startMs + minutes * MINUTE_MS
  const meanwhile = events.filter(({ start, end }) => Date.parse(start) < endMs && Date.parse(end) > startMs)
  const taken = meanwhile.find((event) => room !== null && event.room === room)
  if (taken !== undefined) {
    const free = ROOMS.filter((name) => !meanwhile.some((event) => event.room === name))
    throw new MockFailure(
      `Room ${String(room)} is taken from ${taken.start} to ${taken.end}. Free at that time: ${free.join(', ')}.`,
    )
  }
  return toEvent({
    id: `e-new-${events.length}`,
    title: readText(args, 'title'),
    description: readOptionalText(args, 'description') ?? '',
    startMs,
    minutes,
    organizer: SELF,
    guests: attendees.filter((email) => email !== SELF).map((email) => ({ email, response: 'pending' })),
    room,
  })
}

function readMs(args: JsonObject, name: string): number {
  const text = readText(args, name)
  const ms = Date.parse(text)
  if (Number.isNaN(ms))
    throw new MockFailure(`'${name}' must be a time like 2026-03-09T08:00:00Z, not '${text}'.`)
  return ms
}

function readNumber(args: JsonObject, name: string): number {
  const value = args[name]
  if (typeof value !== 'number') throw new MockFailure(`'${name}' must be a number.`)
  return value
}

function readList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}
