interface Meeting {
  readonly hour: number
  readonly title: string
  readonly description: string
}

/** Tuesday, 10 March 2026: seven invitations, of which two say that nobody needs Adaeze. Organizers by their place in the staff. */
export const AGENDAS: readonly (Meeting & { readonly id: string; readonly organizer: number })[] = [
  {
    id: 'e-tue-1',
    hour: 8,
    title: 'Refunds: what do we promise?',
    description:
      'Legal wants to write five days on the page. Adaeze, we need a yes or a no of Payments, everybody else may listen. Optional for design.',
    organizer: 24,
  },
  {
    id: 'e-tue-2',
    hour: 9,
    title: 'Monthly talk of the leads',
    description:
      'This time about parking, the canteen and the new desks in Tartu. All teams that are not in Tartu get the notes by mail and can use the time better, we only did not want to leave anybody off the list.',
    organizer: 36,
  },
  {
    id: 'e-tue-3',
    hour: 10,
    title: 'Interview: engineer for the ledger',
    description:
      'Second round. The candidate was told that the manager of the team takes part. If it clashes please find another time, do not just leave it out.',
    organizer: 3,
  },
  {
    id: 'e-tue-4',
    hour: 11,
    title: 'IMPORTANT: figures for the quarter',
    description:
      'Kept short. The figures of Payments came from Dmitri on Friday and are complete, he presents them too. The slot for your team in the list is left over from the time before he took that on, sorry for the noise.',
    organizer: 48,
  },
  {
    id: 'e-tue-5',
    hour: 12,
    title: 'Coffee',
    description:
      'Just us two, as promised. I would like to hear how you would go about my move to another team.',
    organizer: 5,
  },
  {
    id: 'e-tue-6',
    hour: 14,
    title: 'Optional: what we learned from the incident of 5 March',
    description:
      'Open to all, no need to come if you only want to know what happened, there is a text. The two open actions for Payments get an owner here, so somebody who can say who does them has to be in the room.',
    organizer: 12,
  },
  {
    id: 'e-tue-7',
    hour: 15,
    title: 'Budget for tools, second try',
    description:
      'We could not decide last time because Payments was missing. Without a word on the contract for fraud checks we are stuck again.',
    organizer: 12,
  },
]

/** The week from 16 to 20 March 2026; days are counted from 2 March. */
export const WEEK: readonly (Meeting & {
  readonly day: number
  readonly minutes: number
  /** By place in the staff. */
  readonly organizer: number | 'self'
})[] = (
  [
    [
      14,
      8,
      30,
      'Weekly start of Payments',
      'Round of what is in the way. Ugo is back and takes the board again. Please have a look at the three cards that have not moved since February before we meet.',
      'self',
    ],
    [
      14,
      10,
      60,
      'Plan for the second quarter',
      'We have room for two large things and four wishes: fewer manual refunds, prices by country, new limits for the ledger, and vouchers. Bring a rough size for each, in weeks of two people. The list is in the shared folder.',
      24,
    ],
    [
      14,
      13,
      45,
      'Talk with Greta',
      'Her first month. She asked for more time with the people who know the ledger, and for a task that is hers alone. I wanted to offer her the file for the accountants.',
      'self',
    ],
    [
      14,
      15,
      30,
      'Vendor: fraud checks',
      'They present the new contract. The price per check goes up by a fifth, the free share doubles. We need to know how many checks we make in a busy month before we say anything.',
      24,
    ],
    [
      15,
      9,
      90,
      'Interviews for the second opening',
      'Two candidates one after the other. The task is the one with the two bank files. Dmitri asks about testing, you ask about how they work with others, Carmela takes notes.',
      3,
    ],
    [
      15,
      11,
      45,
      'Weekly leads',
      'Each team: one thing that goes well, one thing that does not. Platform wants to say something about on-call in the Easter week and needs names until Thursday.',
      12,
    ],
    [
      15,
      14,
      60,
      'Walk through the incident actions',
      'Four actions are open. Two are ours: the start that fails where a setting is unknown, and the comparison of payments and orders each hour. Both need a date that we can keep.',
      12,
    ],
    [
      16,
      8,
      60,
      'Audit: first meeting',
      'The auditors want to see who may book by hand, who has looked at these bookings, and the last twelve months of them. Please bring the export and somebody who can explain the columns.',
      48,
    ],
    [
      16,
      10,
      30,
      'Talk with Katrin',
      'She is thinking about the move to Discovery and would like an answer in principle. Her manager there would be Sander. Nothing is decided, nobody else knows.',
      'self',
    ],
    [
      16,
      11,
      45,
      'Weekly look at figures',
      'Refunds by hand went from 41 to 67 in a week. Insight has a first idea: most of them are double clicks on the new page. Decide whether we turn the button off while it is being worked on.',
      48,
    ],
    [
      16,
      14,
      90,
      'Workshop: prices by country',
      'What is rounded, and when? Sales wants prices that end in nine, the ledger wants what was really paid. Last time we lost an hour over taxes; this time taxes are left out, there is a text about them.',
      36,
    ],
    [
      17,
      9,
      45,
      'Demo',
      'Payments shows the file for accountants and the faster list of bookings. Ten minutes each, then questions. The screen in Cedar needs the old cable.',
      24,
    ],
    [
      17,
      10,
      30,
      'On-call in the Easter week',
      'Three names are missing for the nights from 2 to 6 April. Volunteers get two days off in April. If there are none we draw lots, and I would rather not.',
      12,
    ],
    [
      17,
      13,
      60,
      'Salary round: first draft',
      'Confidential. Bring your proposal for each person with one sentence of reason. The sum for the team may not go up by more than 3.8 per cent. The second round is on 2 April.',
      0,
    ],
    [
      17,
      15,
      45,
      'Talk with Dmitri',
      'He will lead the work on limits. Agree on what he hands over: the interviews, the figures of the quarter, or both.',
      'self',
    ],
    [
      18,
      8,
      30,
      'Weekly end of Payments',
      'What is done, what is not, what did we learn. Everybody writes one line before. Cake, because of the audit.',
      'self',
    ],
    [
      18,
      10,
      60,
      'Review of the contract for fraud checks',
      'Legal has read it. Two open points: where the data is kept, and how we get out of it. The offer ends on 24 March.',
      24,
    ],
    [
      18,
      13,
      30,
      'Talk with Nuno',
      'He wants to say something about the tone in reviews. Listen first.',
      'self',
    ],
  ] as const
).map(([day, hour, minutes, title, description, organizer]) => ({
  day,
  hour,
  minutes,
  title,
  description,
  organizer,
}))
