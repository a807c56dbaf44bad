import { createSeed, type Seed } from '../../seed.ts'
import { AGENDAS, WEEK } from './agendas.ts'
import { createStaff, type Person } from './staff.ts'

/** An event as the calendar keeps it: in the calendars of all who attend it. */
export type CalendarEvent = Readonly<{
  id: string
  title: string
  description: string
  start: string
  end: string
  minutes: number
  kind: string
  organizer: string
  attendees: readonly Readonly<{ email: string; response: string }>[]
  room: string | null
  recurring: boolean
  status: string
  link: string
}>

export const ROOMS = ['Aspen', 'Birch', 'Cedar', 'Dogwood', 'Elm'] as const

/** Whose week and Tuesday are written out. */
export const SELF = 'adaeze.almeida@orchard.example'

const TITLES = [
  'Pairing',
  'Design review',
  'Interview',
  'Planning',
  'Incident review',
  'Estimation',
  'Walk through the backlog',
  'Talk about the migration',
] as const

const FIRST_DAY_MS = Date.UTC(2026, 2, 2)
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
const DAYS = 19

/** All events from 2 to 20 March 2026, in the order of their start. */
export function createEvents(): readonly CalendarEvent[] {
  const seed = createSeed(2_026)
  const staff = createStaff()
  const events = staff
    .filter(({ email }) => email !== SELF)
    .flatMap((person) => workdays().flatMap((dayMs) => dayOf(person, staff, dayMs, seed)))
  return [...events, ...special(staff)].sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0))
}

function workdays(): readonly number[] {
  return Array.from({ length: DAYS }, (_, day) => FIRST_DAY_MS + day * DAY_MS).filter((dayMs) => {
    const weekday = new Date(dayMs).getUTCDay()
    return weekday !== 0 && weekday !== 6
  })
}

/** At most two events, each in an hour of its own. */
function dayOf(
  person: Person,
  staff: readonly Person[],
  dayMs: number,
  seed: Seed,
): readonly CalendarEvent[] {
  const guests = staff.filter(({ team, email }) => team !== person.team && email !== SELF)
  const firstHour = seed.integer(9, 11)
  return Array.from({ length: seed.integer(0, 2) }, (_, index) => {
    const guest = seed.chance(0.5) ? guests[seed.integer(0, guests.length - 1)] : undefined
    const minutes = seed.pick([30, 45, 60, 60] as const)
    return toEvent({
      id: `e-${seed.hex(8)}`,
      title: seed.pick(TITLES),
      description: '',
      startMs: dayMs + (firstHour + index * 2) * 60 * MINUTE_MS,
      minutes,
      organizer: person.email,
      guests: guest === undefined ? [] : [{ email: guest.email, response: 'pending' }],
      room: null,
    })
  })
}

interface Draft {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly startMs: number
  readonly minutes: number
  readonly organizer: string
  readonly guests: readonly { readonly email: string; readonly response: string }[]
  readonly room: string | null
  readonly kind?: string
  readonly recurring?: boolean
}

/** Makes the record of an event. */
export function toEvent({
  startMs,
  guests,
  organizer,
  kind = 'meeting',
  recurring = false,
  ...rest
}: Draft): CalendarEvent {
  return {
    ...rest,
    kind,
    recurring,
    organizer,
    start: toTime(startMs),
    end: toTime(startMs + rest.minutes * MINUTE_MS),
    attendees: [{ email: organizer, response: 'accepted' }, ...guests],
    status: 'confirmed',
    link: `https://meet.example/${rest.id}`,
  }
}

/** What the tasks need to find. */
function special(staff: readonly Person[]): readonly CalendarEvent[] {
  const platform = staff.filter(({ team }) => team === 'platform')
  const away = (index: number, firstDay: number, days: number): CalendarEvent =>
    toEvent({
      id: `e-away-${index}`,
      title: 'Out of office',
      description: 'Please ask my team.',
      startMs: FIRST_DAY_MS + firstDay * DAY_MS,
      minutes: days * 1_440,
      organizer: platform[index]?.email ?? SELF,
      guests: [],
      room: null,
      kind: 'absence',
    })
  return [
    ...WEEK.map(({ day, hour, minutes, title, description, organizer }, index) =>
      toEvent({
        id: `e-week-${String(index).padStart(2, '0')}`,
        title,
        description,
        startMs: FIRST_DAY_MS + day * DAY_MS + hour * 60 * MINUTE_MS,
        minutes,
        organizer: organizer === 'self' ? SELF : (staff[organizer]?.email ?? SELF),
        guests: organizer === 'self' ? [] : [{ email: SELF, response: 'accepted' }],
        room: null,
        recurring: title.startsWith('Weekly'),
      }),
    ),
    ...AGENDAS.map(({ id, hour, title, description, organizer }) =>
      toEvent({
        id,
        title,
        description,
        startMs: FIRST_DAY_MS + 8 * DAY_MS + hour * 60 * MINUTE_MS,
        minutes: 45,
        organizer: staff[organizer]?.email ?? SELF,
        guests: [{ email: SELF, response: 'pending' }],
        room: null,
      }),
    ),
    toEvent({
      id: 'e-arch-review',
      title: 'Architecture review',
      description: 'Two proposals: events in order, and one store for sessions. Bring questions, not slides.',
      startMs: FIRST_DAY_MS + 10 * DAY_MS + 14 * 60 * MINUTE_MS,
      minutes: 90,
      organizer: staff[12]?.email ?? SELF,
      guests: [{ email: SELF, response: 'accepted' }],
      room: 'Cedar',
    }),
    toEvent({
      id: 'e-handover',
      title: 'Handover of the bookings',
      description: 'Standing date with accounting.',
      startMs: FIRST_DAY_MS + 10 * DAY_MS + 8 * 60 * MINUTE_MS,
      minutes: 75,
      organizer: SELF,
      guests: [],
      room: null,
    }),
    // Aspen and Cedar are taken on Wednesday, 11 March.
    ...(['Aspen', 'Cedar'] as const).map((room, index) =>
      toEvent({
        id: `e-room-${index}`,
        title: 'Workshop of the sales team',
        description: '',
        startMs: FIRST_DAY_MS + 9 * DAY_MS + 13 * 60 * MINUTE_MS,
        minutes: 180,
        organizer: `sales-${index}@orchard.example`,
        guests: [],
        room,
      }),
    ),
    away(4, 7, 5),
    away(7, 22, 3),
    away(9, 9, 2),
  ]
}

/** ISO 8601 without parts of a second. */
export function toTime(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}
