import { expect, it } from 'vitest'

import { OFFICE_WORLD } from '../../../src/bench/worlds/office/world.ts'
import { callMock, checkWorld } from './code-office-checks.ts'

const SELF = 'adaeze.almeida@orchard.example'
const DAY = { from: '2026-03-12T00:00:00Z', to: '2026-03-13T00:00:00Z' }

checkWorld(OFFICE_WORLD)

it('says what is wrong with a call', () => {
  const servers = OFFICE_WORLD.open()
  const failures = [
    callMock(servers, 'calendar.list_events', { owner: 'nobody@orchard.example', ...DAY }),
    callMock(servers, 'calendar.list_events', { owner: SELF, from: DAY.to, to: DAY.from }),
    callMock(servers, 'calendar.list_events', { owner: SELF, from: 'Thursday', to: DAY.to }),
    callMock(servers, 'calendar.create_event', { title: 'x', start: DAY.from, minutes: 30, room: 'Moon' }),
    callMock(servers, 'calendar.respond_to_event', { id: 'e-away-4', response: 'declined' }),
    callMock(servers, 'metrics.acknowledge_alert', { id: 'a-2000', note: 'x' }),
    callMock(servers, 'metrics.query_series', { service: 'search', metric: 'cpu', ...DAY }),
    callMock(servers, 'metrics.query_series', {
      service: 'search',
      metric: 'error_rate',
      from: '2026-03-01',
      to: '2026-03-09',
    }),
    callMock(servers, 'people.get_person', { id: 'p-1' }),
    callMock(servers, 'people.get_team', { id: 'sales' }),
  ]
  expect(failures.map(({ isError, text }) => [isError, text.split(/[.] |[.]$/, 1)[0]])).toEqual([
    [true, 'Nobody has the address "nobody@orchard.example"'],
    [true, "'to' must be after 'from'"],
    [true, "'from' must be a time like 2026-03-09T08:00:00Z, not 'Thursday'"],
    [true, "No room 'Moon'"],
    [true, 'You are not invited to e-away-4'],
    [true, 'Alert a-2000 is resolved, not firing'],
    [true, "'cpu' is not measured of search"],
    [true, 'More than 2000 values'],
    [true, "Nobody has the id or address 'p-1'"],
    [true, "No team 'sales'"],
  ])
})

it('finds no slot where somebody is busy, and none twice', () => {
  const servers = OFFICE_WORLD.open()
  const ask = { attendees: [SELF], minutes: 30, ...DAY, limit: 50 }
  const startsOf = (): readonly string[] => {
    const { slots } = callMock(servers, 'calendar.find_free_slots', ask).value as {
      slots: { start: string }[]
    }
    return slots.map(({ start }) => start)
  }
  const before = startsOf()
  expect(before).toContain('2026-03-12T10:00:00Z')
  expect(before).not.toContain('2026-03-12T14:30:00Z')
  callMock(servers, 'calendar.create_event', { title: 'x', start: '2026-03-12T10:00:00Z', minutes: 30 })
  expect(startsOf()).toEqual(before.filter((start) => start !== '2026-03-12T10:00:00Z'))
})

it('measures the same for the same minute, however it is asked', () => {
  const servers = OFFICE_WORLD.open()
  const ask = (from: string): readonly unknown[] => {
    const args = { service: 'checkout', metric: 'latency_p95', from, to: '2026-03-05T10:00:00Z' }
    return (callMock(servers, 'metrics.query_series', args).value as { points: unknown[] }).points
  }
  expect(ask('2026-03-05T09:00:00Z').slice(30)).toEqual(ask('2026-03-05T09:30:00Z'))
})

it('gives no more slots than it can, and says that there are more', () => {
  const ask = { attendees: [SELF], minutes: 15, from: '2026-03-09T00:00:00Z', to: '2026-04-09T00:00:00Z' }
  const { value } = callMock(OFFICE_WORLD.open(), 'calendar.find_free_slots', { ...ask, limit: 1_000 })
  expect((value as { slots: unknown[] }).slots).toHaveLength(50)
  expect(value).toMatchObject({ isMore: true })
})
