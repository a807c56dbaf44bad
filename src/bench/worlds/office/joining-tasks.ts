import type { TaskInput } from '../../../config/tasks/schema.ts'
import { GET_TEAM, LIST_ALERTS, LIST_EVENTS, SEARCH_PEOPLE } from './lookups.ts'

/** Tasks that bring together what two servers know. */
export const JOINING_TASKS: readonly TaskInput[] = [
  {
    name: 'office-away-owners',
    kind: 'join',
    goal: 'Which of the alerts that are firing belong to a service whose owner is on leave? I need the ids of the alerts.',
    tools: [LIST_ALERTS, SEARCH_PEOPLE],
    direct: [
      {
        as: 'both',
        calls: [
          { tool: 'metrics.list_alerts', args: { state: 'firing', limit: 100 } },
          { tool: 'people.search_people', args: { status: 'on_leave', limit: 100 } },
        ],
      },
    ],
    scripts: [
      {
        code: `const [{ alerts }, { people }] = await Promise.all([
  tools.metrics.list_alerts({ state: 'firing', limit: 100 }),
  tools.people.search_people({ status: 'on_leave', limit: 100 }),
])
const away = new Set(people.flatMap((p) => p.ownsServices))
return alerts.filter((a) => away.has(a.service)).map((a) => a.id)`,
      },
    ],
    answer: {
      direct:
        'steps.both[0].alerts.filter(a, steps.both[1].people.exists(p, a.service in p.ownsServices)).map(a, a.id)',
      script: 'steps.script[0]',
    },
    say: 'Eight alerts belong to services whose owner is on leave (ledger, search and identity): a-2231, a-2229, a-2227, a-2223, a-2222, a-2220, a-2219 and a-2217.',
    expected: ['a-2231', 'a-2229', 'a-2227', 'a-2223', 'a-2222', 'a-2220', 'a-2219', 'a-2217'],
  },
  {
    name: 'office-rotation-absences',
    kind: 'join',
    goal: 'The team Platform has planned who is on call in the next six weeks. Who of the first line has an "Out of office" in the calendar in the week that they are on call?',
    tools: [GET_TEAM, LIST_EVENTS],
    direct: [
      { as: 'team', calls: [{ tool: 'people.get_team', args: { id: 'platform' } }] },
      {
        as: 'absences',
        calls: [
          {
            tool: 'calendar.list_events',
            each: 'steps.team[0].rotation',
            args: {
              owner: { $: 'item.primary.email' },
              from: { $: 'item.from' },
              to: { $: 'item.until' },
              query: 'out of office',
            },
          },
        ],
      },
    ],
    scripts: [
      {
        when: 'unknown',
        code: `const { members, ...team } = await tools.people.get_team({ id: 'platform' })
return { ...team, rotation: team.rotation?.slice(0, 1) }`,
      },
      {
        code: `const { rotation } = await tools.people.get_team({ id: 'platform' })
const weeks = await Promise.all(
  rotation.map(async ({ from, until, primary }) => {
    const { events } = await tools.calendar.list_events({
      owner: primary.email,
      from,
      to: until,
      query: 'out of office',
    })
    return { from, email: primary.email, isAway: events.length > 0 }
  }),
)
return weeks.filter((w) => w.isAway).map((w) => w.email)`,
      },
    ],
    answer: {
      direct: 'steps.absences.filter(a, size(a.events) > 0).map(a, a.owner)',
      script: 'steps.script[size(steps.script) - 1]',
    },
    say: 'Two of them: Maarika Marchetti is out of office in the week from 9 March, and Ivana Kallas in the week from 23 March. The other four weeks are fine.',
    mentions: ['Marchetti', 'Kallas'],
    expected: ['maarika.marchetti@orchard.example', 'ivana.kallas@orchard.example'],
  },
]
