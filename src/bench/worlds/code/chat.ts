import type { Json, JsonObject } from '../../../core/json.ts'
import { MockFailure, type MockServer } from '../../stage.ts'
import { readOptionalText, readText, toPage } from '../world.ts'
import { createIssues } from './data/issues.ts'
import { CHANNELS, createMessages, type Message } from './data/messages.ts'
import { LIST_MESSAGES, POST_MESSAGE } from './chat-tools.ts'

/** Channels with messages. */
export function createChat(): MockServer {
  const first = createMessages(createIssues())
  let messages: readonly Message[] = first
  return {
    name: 'chat',
    reset() {
      messages = first
    },
    tools: [
      { definition: LIST_MESSAGES, run: (args) => listMessages(messages, args) },
      {
        definition: POST_MESSAGE,
        run(args) {
          const posted = toPosted(messages, args)
          messages = [...messages, posted]
          const { id, channel, thread, postedAt, permalink } = posted
          return { id, channel, thread, postedAt, permalink }
        },
      },
    ],
  }
}

function listMessages(messages: readonly Message[], args: JsonObject): Json {
  const channel = readChannel(args)
  const since = readOptionalText(args, 'since') ?? ''
  const until = readOptionalText(args, 'until') ?? '9999'
  const thread = readOptionalText(args, 'thread')
  const matches = messages
    .toReversed()
    .filter(
      (message) =>
        message.channel === channel &&
        message.postedAt >= since &&
        message.postedAt < until &&
        (thread === undefined || message.thread === thread),
    )
  const { entries, nextCursor } = toPage(matches, args, { usual: 30, most: 100 })
  return { channel, messages: entries, nextCursor }
}

function toPosted(messages: readonly Message[], args: JsonObject): Message {
  const channel = readChannel(args)
  const thread = readOptionalText(args, 'thread') ?? null
  if (CHANNELS[channel]?.archived === true)
    throw new MockFailure(`Channel '${channel}' is archived since January. Its successor is 'releases'.`)
  if (thread !== null && !messages.some(({ id }) => id === thread))
    throw new MockFailure(`No message ${thread} to answer to.`)
  const id = `m-new-${String(messages.length).padStart(3, '0')}`
  return {
    id,
    channel,
    thread,
    author: 'you',
    postedAt: '2026-03-09T13:00:00.000Z',
    text: readText(args, 'text'),
    links: [],
    reactions: [],
    replies: 0,
    permalink: `https://chat.example/atlas/${channel}/${id}`,
  }
}

function readChannel(args: JsonObject): string {
  const channel = readText(args, 'channel').replace(/^#/, '')
  if (CHANNELS[channel] === undefined)
    throw new MockFailure(`No channel '${channel}'. Channels: ${Object.keys(CHANNELS).join(', ')}.`)
  return channel
}
