const SECTIONS = [
  ['Being on call', 'the person on call', 'the pager', 'a shift of one week'],
  ['Deploying', 'whoever merges a change', 'the pipeline', 'the half hour after a deployment'],
  ['Databases', 'the team that owns a schema', 'the migration tool', 'a quiet hour in the morning'],
  ['Secrets', 'every team', 'the vault', 'ninety days'],
  ['Incidents', 'the lead of the incident', 'the incident channel', 'the first fifteen minutes'],
  ['Backups', 'the platform team', 'the restore exercise', 'the first Tuesday of a month'],
  ['Dashboards', 'the owner of a service', 'the board of that service', 'every planning meeting'],
  ['Access', 'the head of a team', 'the access list', 'the last week of a quarter'],
  ['Costs', 'the owner of a budget', 'the cost report', 'the tenth of each month'],
  ['Suppliers', 'the contact of a supplier', 'the list of suppliers', 'the yearly review'],
  [
    'Releases of the app',
    'the release captain',
    'the checklist of the stores',
    'the two days of a staged release',
  ],
  ['Leaving and joining', 'the new colleague and a guide', 'the list of first days', 'the first month'],
] as const

/** A handbook as teams write them: long, in whole sentences, and nothing in it stands out. */
export function makeHandbook(): string {
  const chapters = SECTIONS.map(([title, who, what, when], at) => {
    const next = SECTIONS[(at + 1) % SECTIONS.length]?.[0] ?? title
    return `## ${at + 1}. ${title}

In short: ${who} looks after this, with the help of ${what}, and the time to do it is ${when}. Everybody else is asked to help when asked, and to say so early when something looks odd.

Who does it. It is the task of ${who}. That does not mean that nobody else may touch it; it means that there is always somebody who knows the state of things, who answers questions, and who decides when two people want different things. If ${who} cannot be reached, the platform team stands in, writes down what it did, and hands the task back on the next working day. Nobody should have two of these tasks at the same time for longer than a week.

How it is done. Begin with ${what}: it shows what is open, and what is not there does not exist for the others. Write down what you are going to do before you do it, in one or two sentences, so that somebody who wakes up at night can follow. Take one step at a time and look at the result before the next one. If a step cannot be taken back, ask a second person to look at it first, and wait for the answer, even when it takes longer than you would like.

When it is done. The time for it is ${when}. If it has to be moved, move it within the same week and tell the others in the channel of the team. It is better to do half of it properly and to write down what is left than to rush through all of it on a Friday afternoon. What has been left out twice in a row belongs on the agenda of the next meeting, where somebody decides whether we still want it at all.

What has gone wrong before. Last spring a step was done from memory although ${what} said something else, and it took most of a day until somebody noticed. In autumn two people did the same thing at the same time, because neither of them had written it down. Both stories are told here not to blame anybody but because the same can happen to everyone who is tired. The rules above were made after them. See also the chapter "${next}".

Who has to know. Before anything is changed that others can notice, ${who} tells the help desk, in one sentence that a customer would understand, and says when it will be over. Afterwards the same people are told that it is over. If it takes longer than announced, say so before the time has run out and not after it. Nobody minds a delay that was announced; everybody remembers one that was not.

If you are new to it. Watch it twice, do it twice while somebody watches you, and then do it alone. Ask why a step is there: if nobody knows any more, say so, and we find out together or leave it out. Correct this chapter while it is still fresh to you, for you see gaps that the others have long learned to step over.

What we measure. Once in a quarter ${who} looks at three numbers: how often this was needed, how long it took, and how often it had to be done a second time. They are not a target for anybody. If one of them has doubled, we talk about it; if it has halved, we tell the others how that came about.
`
  })
  return `# Handbook of operations\n\nThis handbook says how we run our services. It is read by everybody who joins, and changed by everybody who finds something wrong in it.\n\n${chapters.join('\n')}`
}
