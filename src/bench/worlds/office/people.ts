import type { Json, JsonObject } from '../../../core/json.ts'
import { MockFailure, type MockServer } from '../../stage.ts'
import { readOptionalText, readText, toPage } from '../world.ts'
import { createStaff, TEAMS, type Person } from './data/staff.ts'
import { GET_PERSON, GET_TEAM, SEARCH_PEOPLE } from './people-tools.ts'

/** The weeks on call from their Monday to the next, and who of a team has the first and the second line, by their place in it. */
const ROTATION = [
  ['2026-03-09', '2026-03-16', 4, 1],
  ['2026-03-16', '2026-03-23', 1, 8],
  ['2026-03-23', '2026-03-30', 7, 2],
  ['2026-03-30', '2026-04-06', 2, 9],
  ['2026-04-06', '2026-04-13', 9, 5],
  ['2026-04-13', '2026-04-20', 5, 4],
] as const

/** The directory. Nothing in it changes. */
export function createPeople(): MockServer {
  const staff = createStaff()
  return {
    name: 'people',
    reset() {},
    tools: [
      { definition: SEARCH_PEOPLE, run: (args) => searchPeople(staff, args) },
      {
        definition: GET_PERSON,
        run(args) {
          const id = readText(args, 'id')
          const person = staff.find((each) => each.id === id || each.email === id)
          if (person === undefined) throw new MockFailure(`Nobody has the id or address '${id}'.`)
          return {
            ...person,
            phone: `+00 555 0${person.id.slice(2)}`,
            pronouns: null,
            desk: `${person.office} ${person.id.slice(-2)}`,
          }
        },
      },
      {
        definition: GET_TEAM,
        run(args) {
          const id = readText(args, 'id')
          const team = TEAMS.find((each) => each.id === id.toLowerCase())
          if (team === undefined)
            throw new MockFailure(`No team '${id}'. Teams: ${TEAMS.map((each) => each.id).join(', ')}.`)
          const members = staff.filter((person) => person.team === id).map(toContact)
          const rotation = ROTATION.map(([from, until, first, second]) => ({
            from,
            until,
            primary: members[first] ?? null,
            secondary: members[second] ?? null,
          }))
          return {
            ...team,
            lead: members[0] ?? null,
            members,
            ...(args['rotation'] === false ? {} : { rotation }),
          }
        },
      },
    ],
  }
}

function searchPeople(staff: readonly Person[], args: JsonObject): Json {
  const { team, office, status } = args
  const words = readOptionalText(args, 'query')?.toLowerCase().split(/\s+/) ?? []
  const matches = staff.filter(
    (person) =>
      words.every((word) => `${person.name} ${person.title}`.toLowerCase().includes(word)) &&
      (team === undefined || person.team === team) &&
      (office === undefined || person.office === office) &&
      (status === undefined || person.status === status),
  )
  const { entries, nextCursor } = toPage(matches, args, { usual: 20, most: 50 })
  return { people: entries.map(toEntry), nextCursor }
}

function toEntry({
  about: _about,
  startedOn: _startedOn,
  timeZone: _timeZone,
  ...entry
}: Person): JsonObject {
  return entry
}

function toContact({ id, name, email, title, status }: Person): JsonObject {
  return { id, name, email, title, status }
}
