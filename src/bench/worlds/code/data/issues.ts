import { createSeed, type Seed } from '../../seed.ts'

/** An issue as the repository keeps it. */
export type Issue = Readonly<{
  number: number
  title: string
  state: string
  stateReason: string | null
  labels: readonly string[]
  author: string
  assignee: string | null
  milestone: string | null
  createdAt: string
  updatedAt: string
  closedAt: string | null
  closedByPull: number | null
  body: string
  comments: readonly Comment[]
}>

type Comment = Readonly<{ id: string; author: string; createdAt: string; body: string }>

export const MEMBERS = [
  'mira.oduya',
  'jonas.weidner',
  'tamsin.reyes',
  'anouk.delmas',
  'priya.raman',
  'henrik.solberg',
  'luca.ferrante',
  'wren.abara',
  'ines.castel',
  'oskar.lindqvist',
] as const

export const FIRST_ISSUE = 400
export const LAST_ISSUE = 579

const SEVERITIES = ['critical', 'high', 'medium', 'medium', 'low', 'low'] as const
const COMPONENTS = [
  'checkout',
  'ledger',
  'search',
  'sessions',
  'exports',
  'webhooks',
  'mobile',
  'imports',
  'admin',
] as const
const MILESTONES = ['2.4', '2.5', '2.5', 'none', 'none'] as const

const PROBLEMS = [
  'times out',
  'shows a blank page',
  'returns the wrong total',
  'drops the last row',
  'ignores the time zone',
  'sends the same event twice',
  'loses the filter after going back',
  'fails with status 500',
  'keeps a lock for minutes',
  'shows amounts without the currency',
  'rejects names with an apostrophe',
  'uses far more memory than before',
] as const

const CIRCUMSTANCES = [
  'when the list is longer than 1,000 entries',
  'after a session has expired',
  'on the first request after a deployment',
  'for accounts with more than one owner',
  'when two tabs are open',
  'if the customer has no address',
  'on slow mobile connections',
  'for dates before the change to summer time',
] as const

const OBSERVATIONS = [
  'It happens on production and on staging alike, but not with the data of the test suite.',
  'The first report came in shortly after the last release; I could not make it happen on the version before.',
  'In the log there is a warning about a retry, then nothing for eleven seconds, then the request is cut off.',
  'Reloading helps most of the time, which is why few people have written to us about it.',
  'Three customers have seen it this month, all of them with large accounts.',
] as const

const REMARKS = [
  'I can make this happen with the steps above, on current main as well.',
  'Looks like the cache key leaves out the account. I will try a fix.',
  'Asked the customer for the request id; waiting for the answer.',
  'This is the same place that we changed for the new limits, so it may be a regression.',
  'Lowered the severity: there is a way around it, and it is in the handbook now.',
] as const

/** All issues in their first state, the oldest first. */
export function createIssues(): Issue[] {
  const seed = createSeed(431)
  const count = LAST_ISSUE - FIRST_ISSUE + 1
  return Array.from({ length: count }, (_, index) => createIssue(seed, FIRST_ISSUE + index)).map(withPlot)
}

function createIssue(seed: Seed, number: number): Issue {
  const component = seed.pick(COMPONENTS)
  const problem = seed.pick(PROBLEMS)
  const circumstance = seed.pick(CIRCUMSTANCES)
  const isClosed = seed.chance(0.28)
  const milestone = seed.pick(MILESTONES)
  const createdAt = toTime(number - FIRST_ISSUE, seed.integer(0, 1_439))
  const updatedAt = toTime(number - FIRST_ISSUE + seed.integer(1, 2), seed.integer(0, 1_439))
  const labels = [
    `severity:${seed.pick(SEVERITIES)}`,
    `component:${component}`,
    seed.pick(['bug', 'bug', 'bug', 'regression']),
    ...(seed.chance(0.25) ? ['customer'] : []),
  ]
  return {
    number,
    title: `${component}: ${problem} ${circumstance}`,
    state: isClosed ? 'closed' : 'open',
    stateReason: isClosed ? 'completed' : null,
    labels,
    author: seed.pick(MEMBERS),
    assignee: seed.chance(0.5) ? null : seed.pick(MEMBERS),
    milestone: milestone === 'none' ? null : milestone,
    createdAt,
    updatedAt,
    closedAt: isClosed ? updatedAt : null,
    closedByPull: isClosed ? seed.integer(600, 659) : null,
    body: `The page for ${component} ${problem} ${circumstance}.\n\n${seed.pick(OBSERVATIONS)} ${seed.pick(OBSERVATIONS)}`,
    comments: Array.from({ length: seed.integer(0, 4) }, (_, at) => ({
      id: `c-${number}${at}`,
      author: seed.pick(MEMBERS),
      createdAt: updatedAt,
      body: seed.pick(REMARKS),
    })),
  }
}

/** Issues that messages speak of: component and what is wrong. */
const SPOKEN_OF: Readonly<Record<number, readonly [string, string]>> = {
  538: ['search', 'rejects names with an apostrophe'],
  541: ['exports', 'ignores the time zone in the preview'],
  545: ['search', 'times out when the list is longer than 1,000 entries'],
  549: ['webhooks', 'sends the same event twice'],
  552: ['admin', 'shows amounts without the currency'],
  557: ['imports', 'drops rows if the same file is imported again'],
  561: ['ledger', 'returns the wrong total for an hour after an import'],
  563: ['mobile', 'shows a blank page on older phones'],
}

/** What the tasks need to find. */
function withPlot(issue: Issue): Issue {
  const spoken = SPOKEN_OF[issue.number]
  if (spoken !== undefined) {
    const [component, problem] = spoken
    return {
      ...issue,
      title: `${component}: ${problem}`,
      body: `The page for ${component} ${problem}. A customer has written to us about it.`,
      state: 'open',
      stateReason: null,
      closedAt: null,
      closedByPull: null,
      labels: ['severity:medium', `component:${component}`, 'bug', 'customer'],
    }
  }
  if (issue.number !== 431) return issue
  return {
    ...issue,
    title: 'exports: the monthly file lacks refunds that were made on the last day',
    state: 'closed',
    stateReason: 'completed',
    milestone: '2.4',
    closedAt: '2026-03-04T15:20:00Z',
    updatedAt: '2026-03-04T15:20:00Z',
    closedByPull: 642,
    labels: ['severity:high', 'component:exports', 'bug', 'customer'],
    body: 'The file for January ends at 23:00 on the 31st. Refunds of the last hour are in none of the two files, neither in that of January nor in that of February.\n\nThe cause is probably the time zone of the job.',
  }
}

/** Five issues or so come in on each day, from the end of January on. */
function toTime(position: number, minute: number): string {
  const dayMs = 86_400_000
  return new Date(Date.UTC(2026, 0, 30) + Math.floor(position / 5) * dayMs + minute * 60_000)
    .toISOString()
    .replace('.000Z', 'Z')
}
