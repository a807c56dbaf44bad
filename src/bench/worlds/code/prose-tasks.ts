import type { TaskInput } from '../../../config/tasks/schema.ts'
import { GET_DEPLOYMENT, LIST_MESSAGES, POST_MESSAGE, UPDATE_ISSUE } from './lookups.ts'

/** Tasks of which a script can do little: the model has to read it all, to judge, or nothing can be done. */
export const PROSE_TASKS: readonly TaskInput[] = [
  {
    name: 'code-order-keyboards',
    kind: 'nothing',
    goal: 'Please order three new keyboards for the team, the usual model, and have them sent to the office in Ghent.',
    tools: [],
    lookups: ['order office equipment', 'purchase hardware keyboards'],
    direct: [],
    scripts: [],
    answer: { direct: 'null', script: 'null' },
    say: 'I cannot order anything: none of my tools can buy things or send them somewhere. I can post a message in #general that asks somebody to order the three keyboards, if that helps.',
    expected: null,
  },
  {
    name: 'code-incident-report',
    kind: 'whole-result',
    goal: 'Read everything that was said in #incidents on 5 March 2026 and write me a short report: what happened, why, and what follows from it.',
    tools: [LIST_MESSAGES],
    direct: [
      {
        as: 'talk',
        calls: [
          {
            tool: 'chat.list_messages',
            args: {
              channel: 'incidents',
              since: '2026-03-05T00:00:00Z',
              until: '2026-03-06T00:00:00Z',
              limit: 100,
            },
          },
        ],
      },
    ],
    scripts: [
      {
        code: `return await tools.chat.list_messages({
  channel: 'incidents',
  since: '2026-03-05T00:00:00Z',
  until: '2026-03-06T00:00:00Z',
  limit: 100,
})`,
      },
    ],
    answer: {
      direct: 'size(steps.talk[0].messages)',
      script: 'size(steps.script[0].messages)',
    },
    say: 'From 09:38 to 10:31 about one checkout in twenty failed, because deployment d-3064 left ten connections to each process: a setting had been renamed and production still had the old name. Going back to d-3061 ended it. 19 payments without an order were settled by hand. Unknown settings shall stop the start, and staging shall no longer be changed by hand.',
    mentions: ['d-3064'],
    expected: 28,
  },
  {
    name: 'code-explain-log',
    kind: 'whole-result',
    goal: 'Read the whole log of deployment d-3071 from the first line to the last and tell me in a few sentences what happened in it, stage by stage.',
    tools: [GET_DEPLOYMENT],
    direct: [
      { as: 'deployment', calls: [{ tool: 'repo.get_deployment', args: { id: 'd-3071', log: true } }] },
    ],
    scripts: [{ code: `return (await tools.repo.get_deployment({ id: 'd-3071', log: true })).log` }],
    answer: {
      direct: "size(steps.deployment[0].log.split('\\n'))",
      script: "size(steps.script[0].split('\\n'))",
    },
    say: 'It fetched v2.4.0-rc4, installed 60 packages, and built a bundle of 2.41 MB with 3 warnings. Of 320 tests 317 passed; three failed, one over a date at the end of a month, one over the number of attempts, one over a missing zone. So nothing was deployed.',
    expected: 437,
  },
  {
    name: 'code-lost-data',
    kind: 'judgement',
    goal: 'Read the messages in #support-escalations from 9 March 2026 on. If a customer has really lost data for good, give the issue the label urgent and assign it to priya.raman, and answer in the thread of that message that she is on it.',
    tools: [LIST_MESSAGES, UPDATE_ISSUE, POST_MESSAGE],
    direct: [
      {
        as: 'talk',
        calls: [
          {
            tool: 'chat.list_messages',
            args: { channel: 'support-escalations', since: '2026-03-09T00:00:00Z' },
          },
        ],
      },
      {
        as: 'done',
        calls: [
          {
            tool: 'repo.update_issue',
            args: { number: 557, addLabels: ['urgent'], assignee: 'priya.raman' },
          },
          {
            tool: 'chat.post_message',
            args: {
              channel: 'support-escalations',
              thread: { $: 'steps.talk[0].messages.filter(m, m.links.exists(l, l.number == 557))[0].id' },
              text: 'Priya is on it: #557 is urgent now and assigned to her.',
            },
          },
        ],
      },
    ],
    scripts: [
      {
        code: `return await tools.chat.list_messages({ channel: 'support-escalations', since: '2026-03-09T00:00:00Z' })`,
      },
      {
        code: `const [issue] = await Promise.all([
  tools.repo.update_issue({ number: 557, addLabels: ['urgent'], assignee: 'priya.raman' }),
  tools.chat.post_message({
    channel: 'support-escalations',
    thread: 'm-sup-033',
    text: 'Priya is on it: #557 is urgent now and assigned to her.',
  }),
])
return issue.number`,
      },
    ],
    answer: { direct: 'steps.done[0].number', script: 'steps.script[1]' },
    say: 'One customer has really lost data: the garden centre, issue 557, after a second import. It is labelled urgent and assigned to priya.raman, and I have answered in the thread. The other reports are about speed or display, and nothing is gone.',
    expected: 557,
    state: [
      {
        tool: 'repo.get_issue',
        args: { number: 557 },
        expect: "'urgent' in result.labels && result.assignee == 'priya.raman'",
      },
      { tool: 'repo.list_issues', args: { state: 'all', labels: ['urgent'] }, expect: 'result.total == 1' },
      {
        tool: 'chat.list_messages',
        args: { channel: 'support-escalations', limit: 1 },
        expect: "result.messages[0].thread == 'm-sup-033'",
      },
    ],
  },
]
