import type { ChatMessage, ChatTool } from '../../llm/chat/chat-model.ts'
import type { RepeatedPlay, Transcript } from './live-play.ts'

/** What was said, without the provider's own form of it, which says the same again. */
export function toTranscript(
  system: string,
  tools: readonly ChatTool[],
  messages: readonly ChatMessage[],
): Transcript {
  return { system, tools: tools.map(({ name }) => name), messages: messages.map(toBare) }
}

function toBare(message: ChatMessage): Transcript['messages'][number] {
  if (message.role !== 'assistant') return message
  const { role, text, calls } = message
  return { role, text, calls }
}

/** A play as a line of JSON, for whoever wants to read why a model did what it did. */
export function toTranscriptLine(play: RepeatedPlay, transcript: Transcript): string {
  const { task, mode, repeat, outcome, reason } = play
  return `${JSON.stringify({ task, mode, repeat, outcome, reason, ...transcript })}\n`
}
