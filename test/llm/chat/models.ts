import { createAnthropicChat } from '../../../src/llm/chat/anthropic.ts'
import { GatewayError } from '../../../src/core/errors.ts'
import type { ChatModel, ChatModelParts, ChatRequest } from '../../../src/llm/chat/chat-model.ts'
import { createOpenAiChat } from '../../../src/llm/chat/openai.ts'

export type Api = 'openai' | 'anthropic'

/** Long enough to be a secret, and with pieces that can be looked for. */
export const KEY = 'sk-live-Zq81mXv73TtBw9PdKe5RhLu2'

/** A model at a server, in one of the formats; pauses between attempts are written down and take no time. */
export function modelAt(
  api: Api,
  url: string,
  rest: Partial<ChatModelParts> = {},
): { readonly model: ChatModel; readonly pauses: number[] } {
  const pauses: number[] = []
  const create = api === 'openai' ? createOpenAiChat : createAnthropicChat
  const model = create({
    url,
    model: 'scripted-1',
    apiKey: KEY,
    timeoutMs: 5_000,
    maxOutputTokens: 1_000,
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    random: () => 1,
    pause: (ms, signal) => {
      pauses.push(ms)
      return signal.aborted ? Promise.reject(new Error('paused in vain')) : Promise.resolve()
    },
    ...rest,
  })
  return { model, pauses }
}

/** Ends nothing. */
export const never = new AbortController().signal

export const request: ChatRequest = {
  system: 'You are at a gateway.',
  tools: [
    {
      name: 'desk__get',
      description: 'Gets one.',
      inputSchema: { type: 'object', properties: { id: { type: 'string' } } },
    },
    { name: 'desk__close', inputSchema: { type: 'object' } },
  ],
  messages: [{ role: 'user', text: 'Close the ticket.' }],
}

/** The error of what fails. */
export async function caught(work: Promise<unknown>): Promise<GatewayError> {
  try {
    await work
  } catch (error) {
    if (error instanceof GatewayError) return error
  }
  throw new Error('it did not fail as it should')
}
