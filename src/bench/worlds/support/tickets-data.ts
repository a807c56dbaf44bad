import { createSeed, type Seed } from '../seed.ts'
import { makeContacts, makeCustomers } from './customers.ts'
import { AGENT_REPLIES, HALDEN_OPENINGS, TOPICS } from './ticket-texts.ts'

export interface Ticket {
  readonly id: string
  readonly subject: string
  readonly status: string
  readonly priority: string
  readonly assignee: string | null
  readonly customer_id: string
  readonly channel: string
  readonly tags: readonly string[]
  readonly message_count: number
  readonly created_at: string
  readonly updated_at: string
}

export interface Message {
  readonly id: string
  readonly author: { readonly type: string; readonly name: string; readonly email: string }
  readonly body: string
  readonly internal: boolean
  readonly created_at: string
}

interface Agent {
  readonly login: string
  readonly name: string
  readonly group: string
  readonly online: boolean
  readonly timezone: string
}

/** The logins are also what tickets are assigned to. */
export const AGENTS: readonly [Agent, ...Agent[]] = [
  {
    login: 'mara.lindqvist',
    name: 'Mara Lindqvist',
    group: 'product',
    online: false,
    timezone: 'Europe/Stockholm',
  },
  { login: 'jonas.beck', name: 'Jonas Beck', group: 'product', online: true, timezone: 'Europe/Berlin' },
  { login: 'nora.iyer', name: 'Nora Iyer', group: 'platform', online: true, timezone: 'Europe/London' },
  { login: 'felix.moreau', name: 'Felix Moreau', group: 'platform', online: false, timezone: 'Europe/Paris' },
  { login: 'aisha.khan', name: 'Aisha Khan', group: 'billing', online: true, timezone: 'Europe/London' },
  { login: 'dmitri.sokol', name: 'Dmitri Sokol', group: 'billing', online: true, timezone: 'Europe/Riga' },
]

const COUNT = 200
const HALDEN = 'C-1007'
/** A thread about an outage, much longer than the others. */
const OUTAGE = 'T-4127'
const OUTAGE_MESSAGES = 60
/** A ticket that nobody has taken. */
const UNASSIGNED = 'T-4133'

/** All tickets with their messages, by id. */
export function makeTickets(): {
  readonly tickets: Map<string, Ticket>
  readonly messages: Map<string, readonly Message[]>
} {
  const seed = createSeed(4_101)
  const customers = makeCustomers()
  const contacts = makeContacts(customers)
  const tickets = new Map<string, Ticket>()
  const messages = new Map<string, readonly Message[]>()
  const open = [...HALDEN_OPENINGS]
  for (let at = 0; at < COUNT; at++) {
    const id = `T-${4001 + at}`
    const status = seed.pick([
      'open',
      'open',
      'pending',
      'solved',
      'closed',
      'closed',
      'closed',
      'closed',
      'closed',
    ])
    const picked = seed.pick(TOPICS)
    let customerId = customers[seed.integer(0, customers.length - 1)]?.id ?? HALDEN
    if (customerId === HALDEN) customerId = 'C-1012'
    const own = status === 'open' && at > 60 && at % 3 === 0 && id !== OUTAGE ? open.shift() : undefined
    const topic =
      own === undefined ? picked : { ...picked, tag: 'question', subject: own[0], opening: own[1] }
    if (own !== undefined) customerId = HALDEN
    const special = id === OUTAGE || id === UNASSIGNED
    const writer = contacts.find((contact) => contact.customer_id === customerId)
    // One of them has most of what is open: it is to be handed over.
    const agent = status === 'open' && seed.chance(0.3) ? AGENTS[0] : seed.pick(AGENTS)
    const day = new Date(Date.UTC(2026, 7, 3, 8, 12) + at * 37_800_000)
    const author = { type: 'customer', name: writer?.name ?? '', email: writer?.email ?? '' }
    const thread = toThread(id, author, agent, day, topic, seed, own === undefined ? seed.integer(2, 5) : 1)
    const written = id === OUTAGE ? toOutage(id, author, agent, day) : thread
    messages.set(id, written)
    tickets.set(id, {
      id,
      subject: id === OUTAGE ? 'Requests to the import API fail in waves' : topic.subject,
      status: special ? 'open' : status,
      priority: seed.pick(own === undefined ? ['low', 'normal', 'normal', 'high', 'urgent'] : ['normal']),
      assignee: id === UNASSIGNED ? null : agent.login,
      customer_id: customerId,
      channel: seed.pick(['email', 'email', 'web', 'chat', 'phone']),
      tags: seed.chance(0.3) ? [topic.tag, 'follow-up'] : [topic.tag],
      message_count: written.length,
      created_at: day.toISOString(),
      updated_at: written.at(-1)?.created_at ?? day.toISOString(),
    })
  }
  return { tickets, messages }
}

function toThread(
  id: string,
  customer: Message['author'],
  agent: Agent,
  day: Date,
  topic: { readonly opening: string; readonly later: string },
  seed: Seed,
  length: number,
): readonly Message[] {
  const email = `${agent.login}@support.example`
  return Array.from({ length }, (_, at) => ({
    id: `${id}-m${at + 1}`,
    author: at % 2 === 0 ? customer : { type: 'agent', name: agent.name, email },
    body: at === 0 ? topic.opening : at % 2 === 0 ? topic.later : seed.pick(AGENT_REPLIES),
    internal: false,
    created_at: new Date(day.getTime() + at * 5_460_000).toISOString(),
  }))
}

/** Reports of failed requests, three kinds of them, among what agents say. */
function toOutage(id: string, customer: Message['author'], agent: Agent, day: Date): readonly Message[] {
  const seed = createSeed(742)
  const email = `${agent.login}@support.example`
  return Array.from({ length: OUTAGE_MESSAGES }, (_, at) => {
    const request = `req_${seed.hex(10)}`
    const code = seed.pick(['E-118', 'E-118', 'E-530', 'E-530', 'E-742'])
    const minute = String(seed.integer(10, 59))
    const region = seed.pick(['eu-west', 'eu-north', 'us-east'])
    const rows = seed.integer(200, 9_000)
    const fromAgent = at % 4 === 3
    const created_at = new Date(day.getTime() + at * 720_000).toISOString()
    const reported = `Another one just now: request ${request} to /v2/imports failed with ${code} after ${seed.integer(4, 29)} seconds. It was a batch of ${rows} rows for ${region}, sent at ${seed.integer(9, 17)}:${minute} local time. ${seed.pick(['The second attempt went through.', 'We have not tried it again yet.', 'The second attempt failed in the same way.', 'Our queue is growing meanwhile.'])}`
    const told = `${seed.pick(AGENT_REPLIES)} For ${region} we see ${rows} requests in the same minute.`
    return {
      id: `${id}-m${at + 1}`,
      author: fromAgent ? { type: 'agent', name: agent.name, email } : customer,
      body: fromAgent ? told : reported,
      internal: fromAgent && at % 8 === 3,
      created_at,
    }
  })
}
