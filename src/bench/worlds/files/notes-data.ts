import { createSeed } from '../seed.ts'

export interface Note {
  readonly id: string
  readonly title: string
  readonly body: string
  readonly tags: readonly string[]
  readonly pinned: boolean
  readonly author: string
  /** Paths of files that the note is about. */
  readonly links: readonly string[]
  readonly created_at: string
}

/** What was written after incidents: one of them was made by a change of our own. */
const POSTMORTEMS = [
  [
    'Invoices late on 5 October',
    'From 04:10 to 07:30 no invoices went out. The mail provider accepted nothing from us; they had trouble with their own name servers, as they told us at noon. We could only wait. Nothing was lost, everything went out by 08:05.',
  ],
  [
    'Slow search on 8 October',
    'A customer of ours sent about four hundred times the usual number of searches, from a script that somebody there had left running overnight. We limited him to his contract at 09:20, and all was well. He has apologised.',
  ],
  [
    'Payments refused on 11 October',
    'About one payment in three was refused between 13:02 and 13:48. Shortly before, at 12:55, the timeout towards the bank had been lowered from eight seconds to one and a half, to free threads sooner, and in the hour after lunch the bank often takes two. It ended when Selma put the old value back.',
  ],
  [
    'No access to the office network on 14 October',
    'An excavator cut the cable in Dock Road at 10:31. Those in the office worked over their telephones until 16:00. Customers noticed nothing, since none of our services runs there.',
  ],
  [
    'Warehouse scanners offline on 15 October',
    'The certificate of the scanner manufacturer had run out at midnight, and the devices refused to talk to anybody, us included. The manufacturer had a new one ready at 06:40. We have asked to be warned next time.',
  ],
  [
    'Duplicate parcels on 17 October',
    'The courier printed 61 labels twice after a power cut in their depot. Our data was right all the time, their printer queue was not. They collect the second parcels again at their own cost.',
  ],
] as const

const COUNT = 110

/** All notes of a team, the oldest first. */
export function makeNotes(): readonly Note[] {
  const seed = createSeed(7_213)
  const subjects = [
    'Meeting with',
    'Ideas for',
    'Open questions about',
    'How we set up',
    'Decision on',
  ] as const
  const things = [
    'the new warehouse',
    'checkout',
    'the ledger',
    'search',
    'our supplier portal',
    'reports',
  ] as const
  const notes: Note[] = []
  for (let at = 0; at < COUNT; at++) {
    const postmortem = at >= 40 && (at - 40) % 9 === 0 ? POSTMORTEMS[(at - 40) / 9] : undefined
    const day = String(1 + (at % 18)).padStart(2, '0')
    const isAudit = postmortem === undefined && at % 8 === 2
    notes.push({
      id: `N-${301 + at}`,
      title: postmortem?.[0] ?? `${seed.pick(subjects)} ${seed.pick(things)}`,
      body:
        postmortem?.[1] ??
        'Present: Selma, Ivo, Rhea. We went through the list of last time, and three points are done. The others stay open until the next meeting. Ivo asks the supplier for a date and tells us on Thursday.',
      tags:
        postmortem === undefined
          ? isAudit
            ? ['audit', 'worker']
            : [seed.pick(['meeting', 'idea', 'howto'])]
          : ['postmortem'],
      pinned: seed.chance(0.16),
      author: seed.pick(['selma', 'ivo', 'rhea', 'tarek']),
      links: isAudit ? [`/srv/logs/worker-2026-${seed.pick(['09', '10', '10'])}-${day}.log`] : [],
      created_at: new Date(Date.UTC(2026, 7, 10, 9) + at * 61_200_000).toISOString(),
    })
  }
  return notes
}
