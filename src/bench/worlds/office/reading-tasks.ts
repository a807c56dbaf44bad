import type { TaskInput } from '../../../config/tasks/schema.ts'
import { GET_TEAM, LIST_ALERTS, LIST_EVENTS, QUERY_SERIES } from './lookups.ts'

/** Tasks that only look at calendars, measurements and the directory. */
export const READING_TASKS: readonly TaskInput[] = [
  {
    name: 'office-next-review',
    kind: 'single',
    goal: 'When and where is the next architecture review? It must be in my calendar (adaeze.almeida@orchard.example) between 9 and 20 March 2026.',
    tools: [LIST_EVENTS],
    direct: [
      {
        as: 'found',
        calls: [
          {
            tool: 'calendar.list_events',
            args: {
              owner: 'adaeze.almeida@orchard.example',
              from: '2026-03-09T00:00:00Z',
              to: '2026-03-21T00:00:00Z',
              query: 'architecture review',
            },
          },
        ],
      },
    ],
    scripts: [
      {
        code: `const { events } = await tools.calendar.list_events({
  owner: 'adaeze.almeida@orchard.example',
  from: '2026-03-09T00:00:00Z',
  to: '2026-03-21T00:00:00Z',
  query: 'architecture review',
})
return events.map(({ title, start, end, room }) => ({ title, start, end, room }))`,
      },
    ],
    answer: {
      direct: "{'start': steps.found[0].events[0].start, 'room': steps.found[0].events[0].room}",
      script: "{'start': steps.script[0][0].start, 'room': steps.script[0][0].room}",
    },
    say: 'The next architecture review is on Thursday, 12 March 2026, from 14:00 to 15:30 UTC in room Cedar.',
    expected: { start: '2026-03-12T14:00:00Z', room: 'Cedar' },
  },
  {
    name: 'office-critical-alerts',
    kind: 'single',
    goal: 'Which services have critical alerts that are firing right now?',
    tools: [LIST_ALERTS],
    direct: [
      {
        as: 'list',
        calls: [{ tool: 'metrics.list_alerts', args: { state: 'firing', severity: 'critical', limit: 100 } }],
      },
    ],
    scripts: [
      {
        code: `const { alerts } = await tools.metrics.list_alerts({ state: 'firing', severity: 'critical', limit: 100 })
return [...new Set(alerts.map((a) => a.service))].sort()`,
      },
    ],
    answer: { direct: 'sorted(unique(steps.list[0].alerts.map(a, a.service)))', script: 'steps.script[0]' },
    say: 'Three services have critical alerts that are firing: identity, search and suggestions, each of them two.',
    expected: ['identity', 'search', 'suggestions'],
  },
  {
    name: 'office-team-hours',
    kind: 'fan-out',
    goal: 'Who in the team Discovery has the most minutes of events in the calendar in the week from 9 to 13 March 2026, and how many?',
    tools: [GET_TEAM, LIST_EVENTS],
    direct: [
      { as: 'team', calls: [{ tool: 'people.get_team', args: { id: 'discovery' } }] },
      {
        as: 'weeks',
        calls: [
          {
            tool: 'calendar.list_events',
            each: 'steps.team[0].members',
            args: { owner: { $: 'item.email' }, from: '2026-03-09T00:00:00Z', to: '2026-03-14T00:00:00Z' },
          },
        ],
      },
    ],
    scripts: [
      { when: 'unknown', code: `return await tools.people.get_team({ id: 'discovery', rotation: false })` },
      {
        code: `const { members } = await tools.people.get_team({ id: 'discovery' })
const loads = await Promise.all(
  members.map(async ({ email }) => {
    const { events } = await tools.calendar.list_events({
      owner: email,
      from: '2026-03-09T00:00:00Z',
      to: '2026-03-14T00:00:00Z',
    })
    return { email, minutes: events.reduce((sum, e) => sum + e.minutes, 0) }
  }),
)
return loads.sort((a, b) => b.minutes - a.minutes)[0]`,
      },
    ],
    answer: {
      direct:
        "steps.weeks.map(w, {'email': w.owner, 'minutes': sum(w.events.map(e, e.minutes))}).filter(l, l.minutes == highest(steps.weeks.map(w, sum(w.events.map(e, e.minutes)))))[0]",
      script: 'steps.script[size(steps.script) - 1]',
    },
    say: 'Sander Brouwer has the fullest calendar of the team Discovery that week: 705 minutes, which is a little under twelve hours.',
    expected: { email: 'sander.brouwer@orchard.example', minutes: 705 },
  },
  {
    name: 'office-slow-minutes',
    kind: 'filter',
    goal: 'On 5 March 2026 checkout was slow. By the minute: for how many minutes of that day was its latency_p95 above 800 ms, and when were the first and the last of them?',
    tools: [QUERY_SERIES],
    direct: [
      {
        as: 'day',
        calls: [
          {
            tool: 'metrics.query_series',
            args: {
              service: 'checkout',
              metric: 'latency_p95',
              from: '2026-03-05T00:00:00Z',
              to: '2026-03-06T00:00:00Z',
              stepSeconds: 60,
            },
          },
        ],
      },
    ],
    scripts: [
      {
        when: 'unknown',
        code: `return await tools.metrics.query_series({
  service: 'checkout',
  metric: 'latency_p95',
  from: '2026-03-05T00:00:00Z',
  to: '2026-03-05T00:02:00Z',
  stepSeconds: 60,
})`,
      },
      {
        code: `const { points } = await tools.metrics.query_series({
  service: 'checkout',
  metric: 'latency_p95',
  from: '2026-03-05T00:00:00Z',
  to: '2026-03-06T00:00:00Z',
  stepSeconds: 60,
})
const slow = points.filter(([, value]) => value > 800).map(([at]) => new Date(at * 1000).toISOString().slice(11, 16))
return { minutes: slow.length, first: slow[0], last: slow.at(-1) }`,
      },
    ],
    answer: {
      // The model reads the seconds as a time of day.
      direct:
        "cel.bind(slow, steps.day[0].points.filter(p, p[1] > 800.0), {'minutes': size(slow), 'first': slow[0][0] == 1772703480.0 ? '09:38' : '', 'last': slow[size(slow) - 1][0] == 1772706600.0 ? '10:30' : ''})",
      script: 'steps.script[size(steps.script) - 1]',
    },
    say: 'For 46 minutes of 5 March the p95 latency of checkout was above 800 ms: the first was 09:38 and the last 10:30 UTC.',
    expected: { minutes: 46, first: '09:38', last: '10:30' },
  },
  {
    name: 'office-alert-regions',
    kind: 'loop',
    goal: 'How many alerts started in February 2026 in each region?',
    tools: [LIST_ALERTS],
    direct: [
      {
        as: 'first',
        calls: [
          {
            tool: 'metrics.list_alerts',
            args: { since: '2026-02-01T00:00:00Z', until: '2026-03-01T00:00:00Z', limit: 100 },
          },
        ],
      },
      {
        as: 'more',
        calls: [
          {
            tool: 'metrics.list_alerts',
            args: {
              since: '2026-02-01T00:00:00Z',
              until: '2026-03-01T00:00:00Z',
              limit: 100,
              cursor: {
                $: 'has(steps.more) ? steps.more[size(steps.more) - 1].nextCursor : steps.first[0].nextCursor',
              },
            },
          },
        ],
        while: 'steps.more[size(steps.more) - 1].nextCursor != null',
      },
    ],
    scripts: [
      {
        code: `const counts: Record<string, number> = {}
let cursor: string | null = null
do {
  const page = await tools.metrics.list_alerts({
    since: '2026-02-01T00:00:00Z',
    until: '2026-03-01T00:00:00Z',
    limit: 100,
    ...(cursor ? { cursor } : {}),
  })
  for (const { region } of page.alerts) counts[region] = (counts[region] ?? 0) + 1
  cursor = page.nextCursor
} while (cursor)
return counts`,
      },
    ],
    answer: {
      direct:
        "cel.bind(regions, flatten((steps.first + steps.more).map(p, p.alerts)).map(a, a.region), {'north': size(regions.filter(r, r == 'north')), 'south': size(regions.filter(r, r == 'south')), 'west': size(regions.filter(r, r == 'west'))})",
      script: 'steps.script[0]',
    },
    say: 'Of the 132 alerts that started in February, 37 were in north, 48 in south and 47 in west.',
    expected: { north: 37, south: 48, west: 47 },
  },
]
