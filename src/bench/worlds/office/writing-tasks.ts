import type { TaskInput } from '../../../config/tasks/schema.ts'
import { CREATE_EVENT, FIND_FREE_SLOTS, LIST_ALERTS, QUERY_SERIES, SEARCH_PEOPLE } from './lookups.ts'

/** Tasks that change something, and those in which a call fails at first. */
export const WRITING_TASKS: readonly TaskInput[] = [
  {
    name: 'office-meet-manager',
    kind: 'chain',
    goal: 'I am adaeze.almeida@orchard.example. Please book half an hour for me with the manager of Zoran Holub on Thursday 12 March 2026, as early as we are both free, with the title "About Zoran".',
    tools: [
      SEARCH_PEOPLE,
      {
        tool: 'people.get_person',
        lookups: ['contact and manager of a person', 'person by id', 'entry of one employee'],
      },
      FIND_FREE_SLOTS,
      CREATE_EVENT,
    ],
    direct: [
      { as: 'found', calls: [{ tool: 'people.search_people', args: { query: 'Zoran Holub' } }] },
      {
        as: 'manager',
        calls: [{ tool: 'people.get_person', args: { id: { $: 'steps.found[0].people[0].managerId' } } }],
      },
      {
        as: 'free',
        calls: [
          {
            tool: 'calendar.find_free_slots',
            args: {
              attendees: [{ $: 'steps.manager[0].email' }, 'adaeze.almeida@orchard.example'],
              minutes: 30,
              from: '2026-03-12T00:00:00Z',
              to: '2026-03-13T00:00:00Z',
            },
          },
        ],
      },
      {
        as: 'created',
        calls: [
          {
            tool: 'calendar.create_event',
            args: {
              title: 'About Zoran',
              start: { $: 'steps.free[0].slots[0].start' },
              minutes: 30,
              attendees: [{ $: 'steps.manager[0].email' }],
            },
          },
        ],
      },
    ],
    scripts: [
      {
        when: 'unknown',
        code: `const { people } = await tools.people.search_people({ query: 'Zoran Holub' })
return await tools.people.get_person({ id: people[0].managerId! })`,
      },
      {
        code: `const { people } = await tools.people.search_people({ query: 'Zoran Holub' })
const { email } = await tools.people.get_person({ id: people[0].managerId! })
const { slots } = await tools.calendar.find_free_slots({
  attendees: [email, 'adaeze.almeida@orchard.example'],
  minutes: 30,
  from: '2026-03-12T00:00:00Z',
  to: '2026-03-13T00:00:00Z',
})
const event = await tools.calendar.create_event({
  title: 'About Zoran',
  start: slots[0].start,
  minutes: 30,
  attendees: [email],
})
return { with: email, start: event.start }`,
      },
    ],
    answer: {
      direct: "{'with': steps.manager[0].email, 'start': steps.created[0].start}",
      script: 'steps.script[size(steps.script) - 1]',
    },
    say: 'Booked: "About Zoran" with Sander Brouwer, who is the manager of Zoran Holub, on Thursday 12 March from 09:30 to 10:00 UTC. Before that you have the handover.',
    expected: { with: 'sander.brouwer@orchard.example', start: '2026-03-12T09:30:00Z' },
    state: [
      {
        tool: 'calendar.list_events',
        args: {
          owner: 'sander.brouwer@orchard.example',
          from: '2026-03-12T00:00:00Z',
          to: '2026-03-13T00:00:00Z',
          query: 'About Zoran',
        },
        expect:
          "size(result.events) == 1 && result.events[0].minutes == 30 && result.events[0].organizer == 'adaeze.almeida@orchard.example'",
      },
    ],
  },
  {
    name: 'office-acknowledge-warnings',
    kind: 'fan-out',
    goal: 'We know about the checkout warnings. Acknowledge all warnings of checkout that are firing, with the note "Known, fixed with 2.4", and tell me how many there were.',
    tools: [
      LIST_ALERTS,
      {
        tool: 'metrics.acknowledge_alert',
        lookups: ['acknowledge an alert', 'confirm alert with a note', 'silence alert'],
      },
    ],
    direct: [
      {
        as: 'list',
        calls: [
          {
            tool: 'metrics.list_alerts',
            args: { state: 'firing', severity: 'warning', service: 'checkout', limit: 100 },
          },
        ],
      },
      {
        as: 'done',
        calls: [
          {
            tool: 'metrics.acknowledge_alert',
            each: 'steps.list[0].alerts',
            args: { id: { $: 'item.id' }, note: 'Known, fixed with 2.4' },
          },
        ],
      },
    ],
    scripts: [
      {
        code: `const { alerts } = await tools.metrics.list_alerts({
  state: 'firing',
  severity: 'warning',
  service: 'checkout',
  limit: 100,
})
await Promise.all(alerts.map(({ id }) => tools.metrics.acknowledge_alert({ id, note: 'Known, fixed with 2.4' })))
return alerts.length`,
      },
    ],
    answer: { direct: 'size(steps.done)', script: 'steps.script[0]' },
    say: 'Done. 18 warnings of checkout were firing; all of them are acknowledged with your note.',
    expected: 18,
    state: [
      {
        tool: 'metrics.list_alerts',
        args: { state: 'firing', severity: 'warning', service: 'checkout' },
        expect: 'size(result.alerts) == 0',
      },
      {
        tool: 'metrics.list_alerts',
        args: { state: 'acknowledged', limit: 100 },
        expect: "size(result.alerts) == 18 && result.alerts.all(a, a.note == 'Known, fixed with 2.4')",
      },
    ],
  },
  {
    name: 'office-book-room',
    kind: 'recovery',
    goal: 'Put "Quarterly numbers" into my calendar for Wednesday 11 March 2026, 14:00 to 15:00 UTC, in room Aspen. If Aspen is taken then another room that is free.',
    tools: [CREATE_EVENT],
    direct: [
      {
        as: 'first',
        calls: [
          {
            tool: 'calendar.create_event',
            args: { title: 'Quarterly numbers', start: '2026-03-11T14:00:00Z', minutes: 60, room: 'Aspen' },
          },
        ],
      },
      {
        as: 'second',
        calls: [
          {
            tool: 'calendar.create_event',
            args: {
              title: 'Quarterly numbers',
              start: '2026-03-11T14:00:00Z',
              minutes: 60,
              room: { $: "steps.first[0].error.split('Free at that time: ')[1].split(',')[0]" },
            },
          },
        ],
      },
    ],
    scripts: [
      {
        code: `return await tools.calendar.create_event({
  title: 'Quarterly numbers',
  start: '2026-03-11T14:00:00Z',
  minutes: 60,
  room: 'Aspen',
})`,
      },
      {
        code: `const event = await tools.calendar.create_event({
  title: 'Quarterly numbers',
  start: '2026-03-11T14:00:00Z',
  minutes: 60,
  room: 'Birch',
})
return event.room`,
      },
    ],
    answer: {
      direct: 'steps.second[0].room',
      script: "steps.script[0].error.contains('Birch') ? steps.script[1] : null",
    },
    say: 'Aspen is taken from 13:00 to 16:00 that day, so "Quarterly numbers" is in room Birch, on Wednesday 11 March from 14:00 to 15:00 UTC.',
    expected: 'Birch',
    state: [
      {
        tool: 'calendar.list_events',
        args: {
          owner: 'adaeze.almeida@orchard.example',
          from: '2026-03-11T14:00:00Z',
          to: '2026-03-11T15:00:00Z',
        },
        expect:
          "result.events.exists(e, e.title == 'Quarterly numbers' && e.room == 'Birch' && e.minutes == 60)",
      },
    ],
  },
  {
    name: 'office-metric-name',
    kind: 'recovery',
    goal: 'What was the highest average response time of search between 10:00 and 11:00 UTC on 5 March 2026, looking at each minute?',
    tools: [QUERY_SERIES],
    direct: [
      {
        as: 'first',
        calls: [
          {
            tool: 'metrics.query_series',
            args: {
              service: 'search',
              metric: 'response_time',
              from: '2026-03-05T10:00:00Z',
              to: '2026-03-05T11:00:00Z',
            },
          },
        ],
      },
      {
        as: 'second',
        calls: [
          {
            tool: 'metrics.query_series',
            args: {
              service: 'search',
              metric: 'latency_avg',
              from: '2026-03-05T10:00:00Z',
              to: '2026-03-05T11:00:00Z',
            },
          },
        ],
      },
    ],
    scripts: [
      {
        code: `return await tools.metrics.query_series({
  service: 'search',
  metric: 'response_time',
  from: '2026-03-05T10:00:00Z',
  to: '2026-03-05T11:00:00Z',
})`,
      },
      {
        code: `return await tools.metrics.query_series({
  service: 'search',
  metric: 'latency_avg',
  from: '2026-03-05T10:00:00Z',
  to: '2026-03-05T11:00:00Z',
})`,
      },
    ],
    answer: {
      direct:
        "steps.first[0].error.contains('latency_avg') ? highest(steps.second[0].points.map(p, p[1])) : null",
      script:
        "steps.script[0].error.contains('latency_avg') ? highest(steps.script[1].points.map(p, p[1])) : null",
    },
    say: 'The highest average of a minute was 117 ms. It is measured under the name latency_avg.',
    expected: 117,
  },
]
