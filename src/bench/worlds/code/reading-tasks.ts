import type { TaskInput } from '../../../config/tasks/schema.ts'
import { GET_DEPLOYMENT, GET_PULL_REQUEST, LIST_ISSUES, LIST_MESSAGES } from './lookups.ts'

/** Tasks that only look at the repository and the chat. */
export const READING_TASKS: readonly TaskInput[] = [
  {
    name: 'code-pull-reviews',
    kind: 'single',
    goal: 'Can pull request 658 be merged, and whose review is it still waiting for?',
    tools: [GET_PULL_REQUEST],
    direct: [{ as: 'pull', calls: [{ tool: 'repo.get_pull_request', args: { number: 658 } }] }],
    scripts: [
      {
        code: `const pr = await tools.repo.get_pull_request({ number: 658 })
return { mergeable: pr.mergeable, waiting: pr.reviews.filter((r) => r.verdict === 'pending').map((r) => r.login) }`,
      },
    ],
    answer: {
      direct:
        "{'mergeable': steps.pull[0].mergeable, 'waiting': steps.pull[0].reviews.filter(r, r.verdict == 'pending').map(r, r.login)}",
      script: 'steps.script[0]',
    },
    say: 'Pull request 658 has no conflicts, but it still waits for the reviews of luca.ferrante and ines.castel. tamsin.reyes has approved it.',
    expected: { mergeable: true, waiting: ['luca.ferrante', 'ines.castel'] },
  },
  {
    name: 'code-pull-sizes',
    kind: 'fan-out',
    goal: 'For the review of our process: how many lines were added and deleted by pull requests 610 to 629 in all, and which one of them was the largest by lines added?',
    tools: [GET_PULL_REQUEST],
    direct: [
      {
        as: 'pulls',
        calls: [
          {
            tool: 'repo.get_pull_request',
            each: '[610, 611, 612, 613, 614, 615, 616, 617, 618, 619, 620, 621, 622, 623, 624, 625, 626, 627, 628, 629]',
            args: { number: { $: 'item' } },
          },
        ],
      },
    ],
    scripts: [
      {
        code: `const numbers = Array.from({ length: 20 }, (_, i) => 610 + i)
const prs = await Promise.all(numbers.map((number) => tools.repo.get_pull_request({ number })))
const largest = prs.toSorted((a, b) => b.additions - a.additions)[0]
return {
  added: prs.reduce((sum, pr) => sum + pr.additions, 0),
  deleted: prs.reduce((sum, pr) => sum + pr.deletions, 0),
  largest: largest.number,
}`,
      },
    ],
    answer: {
      direct:
        "{'added': sum(steps.pulls.map(p, p.additions)), 'deleted': sum(steps.pulls.map(p, p.deletions)), 'largest': steps.pulls.filter(p, p.additions == highest(steps.pulls.map(q, q.additions)))[0].number}",
      script: 'steps.script[0]',
    },
    say: 'Pull requests 610 to 629 added 10,205 lines and deleted 4,328. The largest by lines added is 616.',
    expected: { added: 10_205, deleted: 4_328, largest: 616 },
  },
  {
    name: 'code-forgotten-issues',
    kind: 'join',
    goal: 'Which open issues with the label customer in milestone 2.5 has nobody mentioned in #support-escalations since 2 March 2026? Give me their numbers.',
    tools: [LIST_ISSUES, LIST_MESSAGES],
    direct: [
      {
        as: 'both',
        calls: [
          {
            tool: 'repo.list_issues',
            args: { state: 'open', labels: ['customer'], milestone: '2.5', limit: 100 },
          },
          {
            tool: 'chat.list_messages',
            args: { channel: 'support-escalations', since: '2026-03-02T00:00:00Z', limit: 100 },
          },
        ],
      },
    ],
    scripts: [
      {
        when: 'unknown',
        code: `return await tools.chat.list_messages({ channel: 'support-escalations', limit: 1 })`,
      },
      {
        code: `const [{ issues }, { messages }] = await Promise.all([
  tools.repo.list_issues({ state: 'open', labels: ['customer'], milestone: '2.5', limit: 100 }),
  tools.chat.list_messages({ channel: 'support-escalations', since: '2026-03-02T00:00:00Z', limit: 100 }),
])
const mentioned = new Set(messages.flatMap((m) => m.links.filter((l) => l.kind === 'issue').map((l) => l.number)))
return issues.map((i) => i.number).filter((n) => !mentioned.has(n))`,
      },
    ],
    answer: {
      direct:
        "steps.both[0].issues.filter(i, !steps.both[1].messages.exists(m, m.links.exists(l, l.kind == 'issue' && l.number == i.number))).map(i, i.number)",
      script: 'steps.script[size(steps.script) - 1]',
    },
    say: 'Twelve of them: 566, 546, 537, 523, 507, 505, 493, 487, 481, 447, 443 and 412. All others with that label in milestone 2.5 came up in the channel.',
    expected: [566, 546, 537, 523, 507, 505, 493, 487, 481, 447, 443, 412],
  },
  {
    name: 'code-migrations',
    kind: 'filter',
    goal: 'Which commits between v2.3.0 and v2.4.0 change anything under db/migrations, and who wrote them? I need path and author.',
    tools: [
      {
        tool: 'repo.compare_commits',
        lookups: ['commits between two tags', 'compare versions changed files', 'commit history'],
      },
    ],
    direct: [
      { as: 'range', calls: [{ tool: 'repo.compare_commits', args: { base: 'v2.3.0', head: 'v2.4.0' } }] },
    ],
    scripts: [
      {
        when: 'unknown',
        code: `const { commits, ...rest } = await tools.repo.compare_commits({ base: 'v2.3.0', head: 'v2.4.0' })
return { ...rest, commits: commits?.slice(0, 1) }`,
      },
      {
        code: `const { commits } = await tools.repo.compare_commits({ base: 'v2.3.0', head: 'v2.4.0' })
return commits.flatMap((c) =>
  c.files.filter((f) => f.path.startsWith('db/migrations/')).map((f) => ({ path: f.path, author: c.author.login })),
)`,
      },
    ],
    answer: {
      direct:
        "flatten(steps.range[0].commits.map(c, c.files.filter(f, f.path.startsWith('db/migrations/')).map(f, {'path': f.path, 'author': c.author.login})))",
      script: 'steps.script[size(steps.script) - 1]',
    },
    say: 'Four commits do: jonas.weidner wrote 0142_session_table.sql and 0143_refund_zone.sql, mira.oduya 0144_webhook_attempts.sql, and wren.abara 0145_drop_cached_totals.sql, all under db/migrations.',
    expected: [
      { path: 'db/migrations/0142_session_table.sql', author: 'jonas.weidner' },
      { path: 'db/migrations/0143_refund_zone.sql', author: 'jonas.weidner' },
      { path: 'db/migrations/0144_webhook_attempts.sql', author: 'mira.oduya' },
      { path: 'db/migrations/0145_drop_cached_totals.sql', author: 'wren.abara' },
    ],
  },
  {
    name: 'code-failed-tests',
    kind: 'filter',
    goal: 'Deployment d-3071 failed in its tests. Which tests failed? Just the lines that say so.',
    tools: [GET_DEPLOYMENT],
    direct: [
      { as: 'deployment', calls: [{ tool: 'repo.get_deployment', args: { id: 'd-3071', log: true } }] },
    ],
    scripts: [
      {
        code: `const { log } = await tools.repo.get_deployment({ id: 'd-3071', log: true })
return log?.split('\\n').filter((line) => /fail/i.test(line))`,
      },
    ],
    answer: {
      direct: "steps.deployment[0].log.split('\\n').filter(l, l.contains('FAIL'))",
      script: "steps.script[0].filter(l, l.contains('FAIL'))",
    },
    say: 'Three tests failed: exports/monthly "counts in the zone of the account" (#88), webhooks/retry "gives up after five attempts" (#173) and ledger/refunds "refuses a negative amount" (#251).',
    mentions: ['exports/monthly', 'webhooks/retry', 'ledger/refunds'],
    expected: [
      '14:04:41.063 [test] FAIL exports/monthly > counts in the zone of the account #88 (89 ms)',
      '14:05:41.818 [test] FAIL webhooks/retry > gives up after five attempts #173 (227 ms)',
      '14:06:38.251 [test] FAIL ledger/refunds > refuses a negative amount #251 (175 ms)',
    ],
  },
  {
    name: 'code-most-reports',
    kind: 'loop',
    goal: 'Who has reported the most of the issues that are open now, and how many?',
    tools: [LIST_ISSUES],
    direct: [
      { as: 'first', calls: [{ tool: 'repo.list_issues', args: { state: 'open', limit: 100 } }] },
      {
        as: 'more',
        calls: [
          {
            tool: 'repo.list_issues',
            args: {
              state: 'open',
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
  const page = await tools.repo.list_issues({ state: 'open', limit: 100, ...(cursor ? { cursor } : {}) })
  for (const { author } of page.issues) counts[author] = (counts[author] ?? 0) + 1
  cursor = page.nextCursor
} while (cursor)
const [author, issues] = Object.entries(counts).toSorted((a, b) => b[1] - a[1])[0]
return { author, issues }`,
      },
    ],
    answer: {
      direct:
        "cel.bind(authors, flatten((steps.first + steps.more).map(p, p.issues)).map(i, i.author), unique(authors).map(a, {'author': a, 'issues': size(authors.filter(b, b == a))}).filter(c, c.issues == highest(unique(authors).map(a, size(authors.filter(b, b == a)))))[0])",
      script: 'steps.script[0]',
    },
    say: 'mira.oduya has reported the most: 16 of the 125 issues that are open.',
    expected: { author: 'mira.oduya', issues: 16 },
  },
]
