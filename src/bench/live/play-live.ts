import type { Task } from '../../config/tasks/schema.ts'
import { GatewayError } from '../../core/errors.ts'
import { isJsonObject, type JsonObject } from '../../core/json.ts'
import type { Mode } from '../../core/mode.ts'
import type { Clock } from '../../core/ports.ts'
import type {
  ChatCall,
  ChatMessage,
  ChatModel,
  ChatReply,
  ChatResult,
  ChatTool,
} from '../../llm/chat/chat-model.ts'
import type { Pricing } from '../points.ts'
import { modeOf } from '../play/judge.ts'
import type { Stage, StageClient } from '../stage.ts'
import type { LivePlay, LiveTurn, Outcome, Transcript } from './live-play.ts'
import { dollarsOf, sumUsage } from './spent.ts'
import { isChecked, judge } from './success.ts'
import { toTranscript } from './transcript.ts'

/** What ends a play; looked at before each turn, so it is gone over by one turn at the most. */
export interface PlayLimits {
  readonly turns: number
  /** Read and written. */
  readonly tokens: number
  readonly dollars: number
}

export const DEFAULT_PLAY_LIMITS: PlayLimits = { turns: 25, tokens: 2_000_000, dollars: 5 }

export interface PlaySettings {
  readonly mode: Mode
  /** Already reset; the state is looked at here. */
  readonly stage: Stage
  readonly limits: PlayLimits
  /** What the whole run may still cost. Absent: as much as it likes. */
  readonly dollarsLeft?: number
  readonly pricing: Pricing
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Requests that a provider refuses for what is in them: too long, or a definition that it does not take. */
const REFUSALS: readonly unknown[] = [400, 413, 422]

/**
 * Plays a task by a live model, shown exactly what the endpoint shows: its instructions as the system text, its tools, and the goal. The
 * calls of one turn run in parallel. It ends with an answer without calls, or at a limit. Whatever the model or its provider does, what was
 * used until then is in the result.
 */
export async function playLive(
  task: Task,
  client: StageClient,
  model: ChatModel,
  settings: PlaySettings,
): Promise<{ readonly play: LivePlay; readonly transcript: Transcript }> {
  const { mode, stage, pricing } = settings
  const shown = await client.show()
  const tools = shown.tools.map(toChatTool)
  const messages: ChatMessage[] = [{ role: 'user', text: task.goal }]
  const turns: LiveTurn[] = []
  const end = await converse(client, model, { system: shown.instructions, tools, messages }, turns, settings)
  const calls = stage.calls()
  const reason = end.outcome === 'solved' ? await judge(task, stage, end.said) : end.reason
  const outcome: Outcome = end.outcome === 'solved' && reason !== undefined ? 'failed' : end.outcome
  const usage = sumUsage(turns)
  const toolMs = turns.reduce((sum, turn) => sum + (turn.toolMs ?? 0), 0)
  return {
    play: {
      task: task.name,
      kind: task.kind,
      tools: stage.tools,
      mode,
      shown: modeOf(shown),
      outcome,
      ok: outcome === 'solved',
      isChecked: isChecked(task),
      ...(reason === undefined ? {} : { reason }),
      ...(end.status === undefined ? {} : { status: end.status }),
      turns,
      usage,
      dollars: dollarsOf(usage, pricing),
      calls,
      toolMs,
      wallMs: turns.reduce((sum, { modelMs }) => sum + modelMs, toolMs),
      said: end.said,
    },
    transcript: toTranscript(shown.instructions, tools, messages),
  }
}

interface Conversation {
  readonly system: string
  readonly tools: readonly ChatTool[]
  readonly messages: ChatMessage[]
}

interface End {
  /** `solved`: the model thinks so. */
  readonly outcome: Outcome
  readonly said: string
  readonly reason?: string
  readonly status?: number
}

async function converse(
  client: StageClient,
  model: ChatModel,
  conversation: Conversation,
  turns: LiveTurn[],
  settings: PlaySettings,
): Promise<End> {
  const { clock, signal } = settings
  const { messages } = conversation
  for (;;) {
    const over = overLimit(turns, settings)
    if (over !== undefined) return over
    let reply: ChatReply
    try {
      signal.throwIfAborted()
      reply = await model.turn(conversation, signal)
    } catch (error) {
      return toEnd(error, signal)
    }
    const { message } = reply
    messages.push(message)
    if (message.calls.length === 0) {
      turns.push(toTurn(reply))
      return { outcome: 'solved', said: message.text }
    }
    const startMs = clock.monotonicMs()
    const results = await untilAborted(Promise.all(message.calls.map((call) => answer(call, client))), signal)
    turns.push({ ...toTurn(reply), toolMs: clock.monotonicMs() - startMs })
    if (results === undefined) return toEnd(signal.reason, signal)
    messages.push({ role: 'results', results })
  }
}

/** A call that cannot be made, or fails, is told to the model, as every client does. */
async function answer({ id, name, args, problem }: ChatCall, client: StageClient): Promise<ChatResult> {
  if (args === undefined) return { id, text: problem ?? 'The call has no arguments.', isError: true }
  try {
    const { text, isError } = await client.call(name, args)
    return { id, text, isError }
  } catch (error) {
    return { id, text: error instanceof Error ? error.message : String(error), isError: true }
  }
}

function overLimit(
  turns: readonly LiveTurn[],
  { limits, pricing, dollarsLeft }: PlaySettings,
): End | undefined {
  const usage = sumUsage(turns)
  const dollars = dollarsOf(usage, pricing)
  const failed = (reason: string): End => ({ outcome: 'failed', said: '', reason })
  if (turns.length >= limits.turns) return failed(`not done after ${limits.turns} turns`)
  if (usage.input + usage.output >= limits.tokens) return failed(`not done after ${limits.tokens} tokens`)
  if (dollars >= limits.dollars) return failed(`not done after $${limits.dollars}`)
  if (dollarsLeft !== undefined && turns.length > 0 && dollars >= dollarsLeft)
    return { outcome: 'stopped', said: '', reason: 'the cost limit of the run was reached' }
  return undefined
}

function toEnd(error: unknown, signal: AbortSignal): End {
  if (signal.aborted) return { outcome: 'stopped', said: '', reason: 'it was stopped' }
  const status = error instanceof GatewayError ? error.detail['status'] : undefined
  return {
    outcome: REFUSALS.includes(status) ? 'refused' : 'broken',
    said: '',
    reason: error instanceof Error ? error.message : String(error),
    ...(typeof status === 'number' ? { status } : {}),
  }
}

function toTurn({ message, usage, timings }: ChatReply): LiveTurn {
  const { firstByteMs, wholeMs, lostMs } = timings
  return { ...usage, modelMs: wholeMs, firstByteMs, lostMs, made: message.calls.length }
}

/** What clients hand on to a model. */
function toChatTool({ name, description, inputSchema }: JsonObject): ChatTool {
  return {
    name: typeof name === 'string' ? name : '',
    ...(typeof description === 'string' ? { description } : {}),
    inputSchema: isJsonObject(inputSchema) ? inputSchema : { type: 'object' },
  }
}

async function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const stop = (): void => resolve(undefined)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
