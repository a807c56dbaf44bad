import { createSeed, type Seed } from '../../seed.ts'
import { FIRST_ISSUE, LAST_ISSUE, MEMBERS } from './issues.ts'

/** A pull request as the repository keeps it. */
export type Pull = Readonly<{
  number: number
  title: string
  body: string
  state: string
  draft: boolean
  author: string
  head: Readonly<{ branch: string; sha: string }>
  base: Readonly<{ branch: string; sha: string }>
  mergeable: boolean
  checks: Readonly<{ passed: number; failed: number; pending: number }>
  reviews: readonly Readonly<{ login: string; verdict: string; at: string | null }>[]
  additions: number
  deletions: number
  changedFiles: number
  commits: number
  closesIssues: readonly number[]
  createdAt: string
  mergedAt: string | null
  mergedBy: string | null
  mergeCommit: string | null
  url: string
}>

const FIRST_PULL = 600
const LAST_PULL = 665

const SUBJECTS = [
  'Count refunds in the time zone of the account',
  'Retry webhooks with a growing pause',
  'Do not hold the lock while the file is written',
  'Keep filters in the address',
  'Read long lists in pages',
  'Show the currency beside each amount',
  'Move sessions into a table of their own',
  'Escape names before they are put into queries',
  'Drop the cache of totals after an import',
  'Ask before an export is started twice',
] as const

/** All pull requests in their first state. */
export function createPulls(): Pull[] {
  const seed = createSeed(642)
  return Array.from({ length: LAST_PULL - FIRST_PULL + 1 }, (_, index) =>
    withPlot(createPull(seed, FIRST_PULL + index)),
  )
}

function createPull(seed: Seed, number: number): Pull {
  const title = seed.pick(SUBJECTS)
  const isMerged = number < 650
  const day = String(1 + Math.floor(((number - FIRST_PULL) * 8) / (LAST_PULL - FIRST_PULL))).padStart(2, '0')
  const author = seed.pick(MEMBERS)
  const others = MEMBERS.filter((login) => login !== author)
  const from = seed.integer(0, others.length - 2)
  return {
    number,
    title,
    body: `${title}. The cause was found with the trace of a customer; there is a test for it that failed before. Behaviour of other pages does not change, and no setting is new.`,
    state: isMerged ? 'merged' : 'open',
    draft: false,
    author,
    head: {
      branch: `${author.split('.')[0]}/${title.toLowerCase().replaceAll(' ', '-').slice(0, 28)}`,
      sha: seed.hex(40),
    },
    base: { branch: 'main', sha: seed.hex(40) },
    mergeable: true,
    checks: { passed: 14, failed: 0, pending: 0 },
    reviews: others.slice(from, from + 2).map((login) => ({
      login,
      verdict: isMerged || seed.chance(0.5) ? 'approved' : 'pending',
      at: isMerged ? `2026-03-${day}T11:05:00Z` : null,
    })),
    additions: seed.integer(4, 900),
    deletions: seed.integer(0, 400),
    changedFiles: seed.integer(1, 24),
    commits: seed.integer(1, 9),
    closesIssues: [seed.integer(FIRST_ISSUE, LAST_ISSUE)],
    createdAt: `2026-03-${day}T08:30:00Z`,
    mergedAt: isMerged ? `2026-03-${day}T15:20:00Z` : null,
    mergedBy: isMerged ? seed.pick(MEMBERS) : null,
    mergeCommit: isMerged ? seed.hex(40) : null,
    url: `https://repo.example/atlas/shop/pulls/${number}`,
  }
}

/** What the tasks need to find. */
function withPlot(pull: Pull): Pull {
  if (pull.number === 642)
    return {
      ...pull,
      title: SUBJECTS[0],
      closesIssues: [431],
      author: 'anouk.delmas',
      head: { ...pull.head, branch: 'anouk/refunds-in-zone' },
      reviews: [{ login: 'priya.raman', verdict: 'approved', at: '2026-03-04T14:10:00Z' }],
      createdAt: '2026-03-03T09:15:00Z',
      mergedAt: '2026-03-04T15:20:00Z',
      mergedBy: 'henrik.solberg',
    }
  if (pull.number === 658)
    return {
      ...pull,
      mergeable: true,
      reviews: [
        { login: 'tamsin.reyes', verdict: 'approved', at: '2026-03-06T16:40:00Z' },
        { login: 'luca.ferrante', verdict: 'pending', at: null },
        { login: 'ines.castel', verdict: 'pending', at: null },
      ],
    }
  if (pull.number === 661)
    return {
      ...pull,
      reviews: [{ login: 'wren.abara', verdict: 'approved', at: '2026-03-08T09:12:00Z' }],
      commits: 6,
    }
  return pull
}
