import type { Json, JsonObject } from '../../../core/json.ts'
import { MockFailure, type MockServer, type MockTool } from '../../stage.ts'
import { readOptionalText, readText } from '../world.ts'

interface Mail {
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly orderId: string | null
  /** How often its status was asked for: mails are on their way for a while. */
  readonly asked: number
}

const NOW = '2026-11-02T09:00:00.000Z'
/** One for each time that it is asked for; the last one stays. */
const STATUSES = ['queued', 'queued', 'sending', 'sending', 'delivered'] as const

const SEND_MAIL: MockTool['definition'] = {
  name: 'send_mail',
  description:
    'Send an email to a customer in the name of the shop. It is put into the queue and goes out within a minute; use get_mail_status to see whether it has arrived.',
  inputSchema: {
    type: 'object',
    properties: {
      to: { type: 'string', format: 'email', description: 'Address of the customer' },
      subject: { type: 'string', maxLength: 150, description: 'The line of subject' },
      body: { type: 'string', description: 'Plain text; greeting and signature are part of it' },
      order_id: {
        type: 'string',
        description: 'The order that it is about; the mail is then listed with that order',
      },
      reply_to: { type: 'string', format: 'email', description: 'Where answers go. Default: the help desk' },
    },
    required: ['to', 'subject', 'body'],
  },
  outputSchema: {
    type: 'object',
    properties: { message_id: { type: 'string' }, to: { type: 'string' }, status: { type: 'string' } },
    required: ['message_id', 'to', 'status'],
  },
}

const GET_MAIL_STATUS: MockTool['definition'] = {
  name: 'get_mail_status',
  description:
    'Get how far an email is: queued, sending, delivered, or bounced with the reason of the other server.',
  inputSchema: {
    type: 'object',
    properties: { message_id: { type: 'string', description: 'message_id that send_mail gave' } },
    required: ['message_id'],
  },
  outputSchema: {
    type: 'object',
    properties: {
      message_id: { type: 'string' },
      status: { type: 'string', enum: ['queued', 'sending', 'delivered', 'bounced'] },
      to: { type: 'string' },
      subject: { type: 'string' },
      checked_at: { type: 'string' },
      reason: { type: ['string', 'null'] },
    },
    required: ['message_id', 'status'],
  },
}

const LIST_MAILS: MockTool['definition'] = {
  name: 'list_mails',
  description: 'List emails that the shop has sent, newest first, without their text.',
  inputSchema: {
    type: 'object',
    properties: {
      to: { type: 'string', description: 'Only emails to this address' },
      order_id: { type: 'string', description: 'Only emails about this order' },
      limit: {
        type: 'integer',
        minimum: 1,
        default: 50,
        description: 'At most so many, and never more than 200',
      },
    },
  },
}

/** Sends mails, to nobody. */
export function createMail(): MockServer {
  let mails: readonly Mail[] = []

  const send = (args: JsonObject): Json => {
    const to = readText(args, 'to')
    if (!/^\S+@\S+\.\S+$/.test(to)) throw new MockFailure(`'${to}' is not an email address.`)
    const subject = readText(args, 'subject')
    readText(args, 'body')
    const id = `ML-${3001 + mails.length}`
    mails = [...mails, { id, to, subject, orderId: readOptionalText(args, 'order_id') ?? null, asked: 0 }]
    return { message_id: id, to, status: 'queued' }
  }

  const getStatus = (args: JsonObject): Json => {
    const id = readText(args, 'message_id')
    const mail = mails.find((each) => each.id === id)
    if (mail === undefined) throw new MockFailure(`No mail ${id}.`)
    mails = mails.map((each) => (each.id === id ? { ...mail, asked: mail.asked + 1 } : each))
    const status = STATUSES[mail.asked] ?? 'delivered'
    return { message_id: id, status, to: mail.to, subject: mail.subject, checked_at: NOW, reason: null }
  }

  const list = (args: JsonObject): Json => {
    const found = mails.filter(
      ({ to, orderId }) =>
        (args['to'] === undefined || to === args['to']) &&
        (args['order_id'] === undefined || orderId === args['order_id']),
    )
    const most = typeof args['limit'] === 'number' ? Math.min(args['limit'], 200) : 50
    return {
      mails: found
        .toReversed()
        .slice(0, most)
        .map(({ id, to, subject, orderId }) => ({
          message_id: id,
          to,
          subject,
          order_id: orderId,
          sent_at: NOW,
        })),
      total: found.length,
    }
  }

  return {
    name: 'mail',
    tools: [
      { definition: SEND_MAIL, run: send },
      { definition: GET_MAIL_STATUS, run: getStatus },
      { definition: LIST_MAILS, run: list },
    ],
    reset() {
      mails = []
    },
  }
}
