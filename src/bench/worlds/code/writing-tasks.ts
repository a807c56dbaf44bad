import type { TaskInput } from '../../../config/tasks/schema.ts'
import { GET_ISSUE, LIST_ISSUES, LIST_MESSAGES, POST_MESSAGE, UPDATE_ISSUE } from './lookups.ts'

/** Tasks that change the repository or write to the chat. */
export const WRITING_TASKS: readonly TaskInput[] = [
  {
    name: 'code-announce-freeze',
    kind: 'single',
    goal: 'Post in #general: "Code freeze for 2.4 begins on Tuesday at 16:00."',
    tools: [POST_MESSAGE],
    direct: [
      {
        as: 'posted',
        calls: [
          {
            tool: 'chat.post_message',
            args: { channel: 'general', text: 'Code freeze for 2.4 begins on Tuesday at 16:00.' },
          },
        ],
      },
    ],
    scripts: [
      {
        code: `const { permalink } = await tools.chat.post_message({
  channel: 'general',
  text: 'Code freeze for 2.4 begins on Tuesday at 16:00.',
})
return permalink`,
      },
    ],
    answer: {
      direct: "steps.posted[0].permalink.contains('/general/')",
      script: "steps.script[0].contains('/general/')",
    },
    say: 'Done, the message about the code freeze is in #general.',
    expected: true,
    state: [
      {
        tool: 'chat.list_messages',
        args: { channel: 'general', limit: 1 },
        expect: "result.messages[0].text == 'Code freeze for 2.4 begins on Tuesday at 16:00.'",
      },
    ],
  },
  {
    name: 'code-trace-fix',
    kind: 'chain',
    goal: 'Issue 431 is closed. Find out with which pull request, who merged it and with which commit, and post that in #support-escalations as one line: "#431 was fixed by #NUMBER, merged by LOGIN (COMMIT)", with the first 10 digits of the commit.',
    tools: [
      GET_ISSUE,
      {
        tool: 'repo.get_pull_request',
        lookups: ['pull request details', 'reviews and checks of a pull request', 'pull request'],
      },
      POST_MESSAGE,
    ],
    direct: [
      { as: 'issue', calls: [{ tool: 'repo.get_issue', args: { number: 431 } }] },
      {
        as: 'pull',
        calls: [{ tool: 'repo.get_pull_request', args: { number: { $: 'steps.issue[0].closedBy.number' } } }],
      },
      {
        as: 'posted',
        calls: [
          {
            tool: 'chat.post_message',
            args: {
              channel: 'support-escalations',
              text: {
                $: "'#431 was fixed by #' + string(int(steps.pull[0].number)) + ', merged by ' + steps.pull[0].mergedBy + ' (' + steps.pull[0].mergeCommit.substring(0, 10) + ')'",
              },
            },
          },
        ],
      },
    ],
    scripts: [
      { when: 'unknown', code: `return await tools.repo.get_issue({ number: 431 })` },
      {
        code: `const { closedBy } = await tools.repo.get_issue({ number: 431 })
const pr = await tools.repo.get_pull_request({ number: closedBy.number })
const text = \`#431 was fixed by #\${pr.number}, merged by \${pr.mergedBy} (\${pr.mergeCommit?.slice(0, 10)})\`
await tools.chat.post_message({ channel: 'support-escalations', text })
return text`,
      },
    ],
    answer: {
      direct: 'steps.pull[0].mergedBy',
      script: "steps.script[size(steps.script) - 1].split('merged by ')[1].split(' ')[0]",
    },
    say: 'Issue 431 was fixed by pull request 642, which henrik.solberg merged. I have posted that with the commit in #support-escalations.',
    expected: 'henrik.solberg',
    state: [
      {
        tool: 'chat.list_messages',
        args: { channel: 'support-escalations', limit: 1 },
        expect: "result.messages[0].text == '#431 was fixed by #642, merged by henrik.solberg (ae1bb704b2)'",
      },
    ],
  },
  {
    name: 'code-assign-milestone',
    kind: 'fan-out',
    goal: 'Assign all open issues of milestone 2.5 that nobody is assigned to to mira.oduya, and tell me how many there were.',
    tools: [{ ...LIST_ISSUES, words: ['none'] }, UPDATE_ISSUE],
    direct: [
      {
        as: 'list',
        calls: [
          {
            tool: 'repo.list_issues',
            args: { state: 'open', milestone: '2.5', assignee: 'none', limit: 100 },
          },
        ],
      },
      {
        as: 'changed',
        calls: [
          {
            tool: 'repo.update_issue',
            each: 'steps.list[0].issues',
            args: { number: { $: 'item.number' }, assignee: 'mira.oduya' },
          },
        ],
      },
    ],
    scripts: [
      {
        code: `const { issues } = await tools.repo.list_issues({ state: 'open', milestone: '2.5', assignee: 'none', limit: 100 })
await Promise.all(issues.map(({ number }) => tools.repo.update_issue({ number, assignee: 'mira.oduya' })))
return issues.length`,
      },
    ],
    answer: { direct: 'size(steps.changed)', script: 'steps.script[0]' },
    say: 'Done: 35 open issues of milestone 2.5 had no assignee, all of them are now assigned to mira.oduya.',
    expected: 35,
    state: [
      {
        tool: 'repo.list_issues',
        args: { state: 'open', milestone: '2.5', assignee: 'none' },
        expect: 'result.total == 0',
      },
      {
        tool: 'repo.list_issues',
        args: { state: 'open', milestone: '2.5', assignee: 'mira.oduya' },
        // Two were hers before.
        expect: 'result.total == 37',
      },
    ],
  },
  {
    name: 'code-close-released',
    kind: 'join',
    goal: 'Messages in #releases link the issues that are fixed on production. Close every open issue of milestone 2.4 that is linked there, and give me the numbers.',
    tools: [LIST_ISSUES, LIST_MESSAGES, UPDATE_ISSUE],
    direct: [
      {
        as: 'both',
        calls: [
          { tool: 'repo.list_issues', args: { state: 'open', milestone: '2.4', limit: 100 } },
          { tool: 'chat.list_messages', args: { channel: 'releases', limit: 100 } },
        ],
      },
      {
        as: 'closed',
        calls: [
          {
            tool: 'repo.update_issue',
            each: 'steps.both[0].issues.filter(i, steps.both[1].messages.exists(m, m.links.exists(l, l.number == i.number)))',
            args: { number: { $: 'item.number' }, state: 'closed' },
          },
        ],
      },
    ],
    scripts: [
      {
        when: 'unknown',
        code: `return await tools.chat.list_messages({ channel: 'releases', limit: 1 })`,
      },
      {
        code: `const [{ issues }, { messages }] = await Promise.all([
  tools.repo.list_issues({ state: 'open', milestone: '2.4', limit: 100 }),
  tools.chat.list_messages({ channel: 'releases', limit: 100 }),
])
const released = new Set(messages.flatMap((m) => m.links.map((l) => l.number)))
const done = issues.map((i) => i.number).filter((number) => released.has(number))
await Promise.all(done.map((number) => tools.repo.update_issue({ number, state: 'closed' })))
return done`,
      },
    ],
    answer: { direct: 'steps.closed.map(i, i.number)', script: 'steps.script[size(steps.script) - 1]' },
    say: 'I closed 16 issues of milestone 2.4: 579, 577, 565, 564, 556, 548, 515, 506, 502, 499, 497, 458, 441, 428, 417 and 400. Ten are still open, because no message in #releases links them.',
    expected: [579, 577, 565, 564, 556, 548, 515, 506, 502, 499, 497, 458, 441, 428, 417, 400],
    state: [
      {
        tool: 'repo.list_issues',
        args: { state: 'open', milestone: '2.4' },
        expect: 'result.total == 10',
      },
    ],
  },
  {
    name: 'code-deploy-staging',
    kind: 'loop',
    goal: 'Deploy v2.4.0-rc5 to staging, wait until it is live, then post its address in #releases.',
    tools: [
      {
        tool: 'repo.create_deployment',
        lookups: ['start a deployment', 'deploy a version to an environment', 'release to staging'],
      },
      { tool: 'repo.get_deployment', lookups: ['status of a deployment', 'deployment log', 'deployment'] },
      POST_MESSAGE,
    ],
    direct: [
      {
        as: 'started',
        calls: [{ tool: 'repo.create_deployment', args: { ref: 'v2.4.0-rc5', environment: 'staging' } }],
      },
      {
        as: 'looks',
        calls: [{ tool: 'repo.get_deployment', args: { id: { $: 'steps.started[0].id' } } }],
        while: "!(steps.looks[size(steps.looks) - 1].status in ['live', 'failed'])",
      },
      {
        as: 'posted',
        calls: [
          {
            tool: 'chat.post_message',
            args: {
              channel: 'releases',
              text: { $: "'v2.4.0-rc5 is on staging: ' + steps.looks[size(steps.looks) - 1].url" },
            },
          },
        ],
      },
    ],
    scripts: [
      {
        code: `let deployment = await tools.repo.create_deployment({ ref: 'v2.4.0-rc5', environment: 'staging' })
for (let i = 0; i < 20 && deployment.status !== 'live'; i++) {
  deployment = await tools.repo.get_deployment({ id: deployment.id })
}
if (deployment.status === 'live') {
  await tools.chat.post_message({ channel: 'releases', text: \`v2.4.0-rc5 is on staging: \${deployment.url}\` })
}
return { status: deployment.status, url: deployment.url }`,
      },
    ],
    answer: { direct: 'steps.looks[size(steps.looks) - 1].url', script: 'steps.script[0].url' },
    say: 'v2.4.0-rc5 is live on staging at https://staging.shop.example/d-3072, and I have posted the address in #releases.',
    expected: 'https://staging.shop.example/d-3072',
    state: [
      {
        tool: 'repo.get_deployment',
        args: { id: 'd-3072' },
        expect: "result.ref == 'v2.4.0-rc5' && result.environment == 'staging' && result.status == 'live'",
      },
      {
        tool: 'chat.list_messages',
        args: { channel: 'releases', limit: 1 },
        expect: "result.messages[0].text.contains('https://staging.shop.example/d-3072')",
      },
    ],
  },
  {
    name: 'code-merge-rule',
    kind: 'recovery',
    goal: 'Merge pull request 661.',
    tools: [
      {
        tool: 'repo.merge_pull_request',
        lookups: ['merge a pull request', 'merge branch', 'accept pull request'],
      },
    ],
    direct: [
      { as: 'first', calls: [{ tool: 'repo.merge_pull_request', args: { number: 661 } }] },
      { as: 'second', calls: [{ tool: 'repo.merge_pull_request', args: { number: 661, method: 'squash' } }] },
    ],
    scripts: [
      { code: `return await tools.repo.merge_pull_request({ number: 661 })` },
      { code: `return await tools.repo.merge_pull_request({ number: 661, method: 'squash' })` },
    ],
    answer: {
      direct: "steps.first[0].error.contains('squash') && steps.second[0].merged",
      script: "steps.script[0].error.contains('squash') && steps.script[1].merged",
    },
    say: 'Pull request 661 is merged. Merge commits are not allowed on main, so I merged it as one squashed commit.',
    expected: true,
    state: [{ tool: 'repo.get_pull_request', args: { number: 661 }, expect: "result.state == 'merged'" }],
  },
]
