import { createSeed, type Seed } from '../../seed.ts'
import { MEMBERS, type Issue } from './issues.ts'
import { ESCALATIONS, INCIDENT_LINES } from './message-texts.ts'

/** A message as the chat keeps it. */
export type Message = Readonly<{
  id: string
  channel: string
  thread: string | null
  author: string
  postedAt: string
  text: string
  links: readonly Readonly<{ kind: string; number: number }>[]
  reactions: readonly Readonly<{ name: string; count: number }>[]
  replies: number
  permalink: string
}>

export const CHANNELS: Readonly<Record<string, { readonly archived: boolean }>> = {
  general: { archived: false },
  backend: { archived: false },
  releases: { archived: false },
  'release-notes': { archived: true },
  incidents: { archived: false },
  'support-escalations': { archived: false },
}

const CHATTER = [
  'Is anybody looking at the failed build on main?',
  'The staging database is being copied, it will be slow until noon.',
  'I am away from three o clock on, please ask Wren about the queue.',
  'Lunch is in the small kitchen today.',
  'The new limits are on for ten per cent of the accounts.',
] as const

const CALLS_FOR_HELP = [
  'The customer has asked again. Can somebody say when this will be looked at?',
  'Same report from another account this morning, with a recording.',
  'They can live with it for now, but would like a date.',
  'We have told them about the way around it, and they are content for the moment.',
] as const

/** All messages in their first state, the oldest of each channel first. */
export function createMessages(issues: readonly Issue[]): Message[] {
  const ofCustomers = issues.filter(({ state, labels }) => state === 'open' && labels.includes('customer'))
  const planned = issues.filter(({ milestone }) => milestone === '2.4')
  return [
    ...series('general', 20, 3, (seed) => ({ text: seed.pick(CHATTER) })),
    ...series('backend', 25, 0, (seed) => ({ text: seed.pick(CHATTER) })),
    ...series('releases', 26, 8, (seed) => {
      const fixed = Array.from(
        { length: seed.integer(1, 2) },
        () => planned[seed.integer(0, planned.length - 1)],
      )
      const numbers = fixed.flatMap((issue) => (issue === undefined ? [] : [issue.number]))
      return {
        text: `Build ${seed.integer(2_000, 2_999)} of 2.4 is on production for everybody. Fixed with it: ${numbers.map((number) => `#${number}`).join(' and ')}.`,
        links: numbers.map((number) => ({ kind: 'issue', number })),
      }
    }),
    ...series('support-escalations', 28, 10, (seed) => {
      const { number } = ofCustomers[seed.integer(0, ofCustomers.length - 1)] ?? { number: 0 }
      return { text: `#${number}: ${seed.pick(CALLS_FOR_HELP)}`, links: [{ kind: 'issue', number }] }
    }),
    ...ESCALATIONS.map(({ number, author, text }, index) =>
      toMessage('support-escalations', 28 + index, author, Date.UTC(2026, 2, 9, 7, 4) + index * 1_980_000, {
        text,
        links: [{ kind: 'issue', number }],
      }),
    ),
    ...INCIDENT_LINES.map(({ author, text }, index) =>
      toMessage('incidents', index, author, Date.UTC(2026, 2, 5, 9, 41) + index * 190_000, { text }),
    ),
  ]
}

type Content = Pick<Message, 'text'> & Partial<Pick<Message, 'links'>>

/** Messages over the days from a day of February 2026 on to the 8th of March. */
function series(
  channel: string,
  count: number,
  seedStart: number,
  contentOf: (seed: Seed) => Content,
): Message[] {
  const seed = createSeed(900 + seedStart)
  const startMs = Date.UTC(2026, 1, 23, 8)
  const stepMs = Math.floor((Date.UTC(2026, 2, 8, 18) - startMs) / count)
  return Array.from({ length: count }, (_, index) => {
    const atMs = startMs + index * stepMs + seed.integer(0, 3_600_000)
    return toMessage(channel, index, seed.pick(MEMBERS), atMs, contentOf(seed))
  })
}

function toMessage(
  channel: string,
  index: number,
  author: string,
  atMs: number,
  { text, links = [] }: Content,
): Message {
  const id = `m-${channel.slice(0, 3)}-${String(index).padStart(3, '0')}`
  return {
    id,
    channel,
    thread: null,
    author,
    postedAt: new Date(atMs).toISOString(),
    text,
    links,
    reactions: index % 5 === 2 ? [{ name: 'eyes', count: 1 + (index % 4) }] : [],
    replies: index % 7 === 3 ? 2 : 0,
    permalink: `https://chat.example/atlas/${channel}/${id}`,
  }
}
