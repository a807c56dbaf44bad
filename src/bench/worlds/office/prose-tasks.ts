import type { TaskInput } from '../../../config/tasks/schema.ts'
import { LIST_EVENTS, SEARCH_PEOPLE } from './lookups.ts'

/** Tasks of which a script can do little: the model has to read it all, to judge, or nothing can be done. */
export const PROSE_TASKS: readonly TaskInput[] = [
  {
    name: 'office-weather',
    kind: 'nothing',
    goal: 'We are at the office in Lisbon from Thursday on. Will it rain there on Friday?',
    tools: [],
    lookups: ['weather forecast', 'rain forecast for a city'],
    direct: [],
    scripts: [],
    answer: { direct: 'null', script: 'null' },
    say: 'I cannot tell: none of my tools knows the weather. A weather service on the web will have the forecast for Lisbon.',
    expected: null,
  },
  {
    name: 'office-unknown-person',
    kind: 'nothing',
    goal: 'What is the email address of Ferdinand Osei?',
    tools: [SEARCH_PEOPLE],
    direct: [{ as: 'found', calls: [{ tool: 'people.search_people', args: { query: 'Ferdinand Osei' } }] }],
    scripts: [
      {
        code: `const { people } = await tools.people.search_people({ query: 'Ferdinand Osei' })
return people.map(({ name, email }) => ({ name, email }))`,
      },
    ],
    answer: { direct: 'steps.found[0].people', script: 'steps.script[0]' },
    say: 'There is nobody with the name Ferdinand Osei in the directory. Is it spelled in another way, or might he work for another company?',
    expected: [],
  },
  {
    name: 'office-prepare-week',
    kind: 'whole-result',
    goal: 'Read everything in my calendar (adaeze.almeida@orchard.example) for the week from 16 to 20 March 2026, with all descriptions, and tell me what I have to prepare, day by day.',
    tools: [LIST_EVENTS],
    direct: [
      {
        as: 'week',
        calls: [
          {
            tool: 'calendar.list_events',
            args: {
              owner: 'adaeze.almeida@orchard.example',
              from: '2026-03-16T00:00:00Z',
              to: '2026-03-21T00:00:00Z',
            },
          },
        ],
      },
    ],
    scripts: [
      {
        code: `return await tools.calendar.list_events({
  owner: 'adaeze.almeida@orchard.example',
  from: '2026-03-16T00:00:00Z',
  to: '2026-03-21T00:00:00Z',
})`,
      },
    ],
    answer: {
      direct: "steps.week[0].events.filter(e, e.description != '').map(e, e.id)",
      script: "steps.script[0].events.filter(e, e.description != '').map(e, e.id)",
    },
    say: 'Monday: look at the three stuck cards, size the four wishes, count our checks in a busy month. Tuesday: dates for our two incident actions. Wednesday: the export for the auditors, and a decision on the refund button. Thursday: the old cable for Cedar, and salary proposals with reasons. Friday: one line for the end of the week.',
    expected: Array.from({ length: 18 }, (_, index) => `e-week-${String(index).padStart(2, '0')}`),
  },
  {
    name: 'office-decline-meetings',
    kind: 'judgement',
    goal: 'Read what my meetings (adaeze.almeida@orchard.example) on Tuesday 10 March 2026 are about. Decline those that by their own words do not need me, and leave all others alone.',
    tools: [
      LIST_EVENTS,
      {
        tool: 'calendar.respond_to_event',
        lookups: ['decline an invitation', 'answer a meeting request', 'accept or decline meeting'],
      },
    ],
    direct: [
      {
        as: 'day',
        calls: [
          {
            tool: 'calendar.list_events',
            args: {
              owner: 'adaeze.almeida@orchard.example',
              from: '2026-03-10T00:00:00Z',
              to: '2026-03-11T00:00:00Z',
            },
          },
        ],
      },
      {
        as: 'declined',
        calls: [
          { tool: 'calendar.respond_to_event', args: { id: 'e-tue-2', response: 'declined' } },
          { tool: 'calendar.respond_to_event', args: { id: 'e-tue-4', response: 'declined' } },
        ],
      },
    ],
    scripts: [
      {
        code: `const { events } = await tools.calendar.list_events({
  owner: 'adaeze.almeida@orchard.example',
  from: '2026-03-10T00:00:00Z',
  to: '2026-03-11T00:00:00Z',
})
return events.map(({ id, title, description }) => ({ id, title, description }))`,
      },
      {
        code: `const ids = ['e-tue-2', 'e-tue-4']
await Promise.all(ids.map((id) => tools.calendar.respond_to_event({ id, response: 'declined' })))
return ids`,
      },
    ],
    answer: { direct: 'steps.declined.map(e, e.id)', script: 'steps.script[1]' },
    say: 'I declined two: the monthly talk of the leads, which is about Tartu only this time, and the figures for the quarter, which Dmitri presents. The other five ask for you or for Payments, so I left them.',
    expected: ['e-tue-2', 'e-tue-4'],
    state: [
      {
        tool: 'calendar.list_events',
        args: {
          owner: 'adaeze.almeida@orchard.example',
          from: '2026-03-10T00:00:00Z',
          to: '2026-03-11T00:00:00Z',
        },
        expect: "result.events.map(e, e.id) == ['e-tue-1', 'e-tue-3', 'e-tue-5', 'e-tue-6', 'e-tue-7']",
      },
    ],
  },
]
