import type { Task } from '../../config/tasks/schema.ts'
import type { Mode } from '../../core/mode.ts'
import type { Clock } from '../../core/ports.ts'
import type { ChatModel } from '../../llm/chat/chat-model.ts'
import type { Pricing } from '../points.ts'
import type { Stage } from '../stage.ts'
import type { LivePlay, RepeatedPlay, Transcript } from './live-play.ts'
import { playLive, type PlayLimits } from './play-live.ts'

/** What is played by a live model. */
export interface LiveSetting {
  readonly tasks: readonly Task[]
  readonly modes: readonly Mode[]
  /** How often each task is played in each mode. */
  readonly repeats: number
  readonly model: ChatModel
  /** The stage of a task. It may be the same for many; who opened it closes it. */
  readonly stageOf: (task: Task) => Promise<Stage>
  /** Of one play. */
  readonly limits: PlayLimits
  /** What the whole run may cost. Absent: as much as it likes. */
  readonly maxDollars?: number
  readonly pricing: Pricing
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Told before each play. */
  readonly onProgress?: (progress: LiveProgress) => void
  /** Told after each play, also of one that was stopped; waited for. */
  readonly onPlay?: (play: RepeatedPlay, transcript: Transcript) => Promise<void> | void
}

export interface LiveProgress {
  readonly task: string
  readonly mode: Mode
  /** From 1. */
  readonly repeat: number
  readonly done: number
  readonly total: number
  readonly dollars: number
}

/** Why a run ended: all was played, somebody stopped it, the next play could cost too much, or the provider failed. */
export interface LiveEnd {
  readonly why: 'done' | 'stopped' | 'cost' | 'provider' | 'fault'
  /** In words, where it was not done. */
  readonly reason?: string
}

export interface LivePlayed {
  readonly plays: readonly RepeatedPlay[]
  readonly total: number
  readonly end: LiveEnd
}

/** Plays in a row that the provider spoils before it is left alone. */
const MAX_SPOILED = 3

/**
 * Plays all tasks in all modes, as often as asked, one after the other. The modes of a task follow each other directly, each time in another
 * order, and repeats are the outermost loop: what changes with time at a provider meets all modes alike. Before each play the mean cost of
 * those in the same mode so far (of all, where there is none) must still fit under the cost limit. Never throws once it has begun: what was
 * played and spent is told, whatever ended it.
 */
export async function runLive(setting: LiveSetting): Promise<LivePlayed> {
  const order = orderOf(setting)
  const plays: RepeatedPlay[] = []
  let end: LiveEnd | undefined
  for (const [done, next] of order.entries()) {
    if ((end = endBefore(next.mode, plays, setting)) !== undefined) break
    const { task, mode, repeat } = next
    setting.onProgress?.({
      task: task.name,
      mode,
      repeat,
      done,
      total: order.length,
      dollars: sumDollars(plays),
    })
    try {
      const { play, transcript } = await playOne(next, sumDollars(plays), setting)
      // First of all it is kept: it has cost something.
      plays.push(play)
      await setting.onPlay?.(play, transcript)
    } catch (error) {
      end = { why: 'fault', reason: error instanceof Error ? error.message : String(error) }
      break
    }
    if ((end = endAfter(plays, setting.signal)) !== undefined) break
  }
  return { plays, total: order.length, end: end ?? { why: 'done' } }
}

interface Planned {
  readonly task: Task
  readonly mode: Mode
  readonly repeat: number
}

function orderOf({ tasks, modes, repeats }: LiveSetting): readonly Planned[] {
  return Array.from({ length: repeats }, (_, round) =>
    tasks.flatMap((task, index) => {
      const first = modes.length === 0 ? 0 : (round + index) % modes.length
      const turned = [...modes.slice(first), ...modes.slice(0, first)]
      return turned.map((mode) => ({ task, mode, repeat: round + 1 }))
    }),
  ).flat()
}

async function playOne(
  { task, mode, repeat }: Planned,
  spentDollars: number,
  setting: LiveSetting,
): Promise<{ readonly play: RepeatedPlay; readonly transcript: Transcript }> {
  const { model, limits, maxDollars, pricing, clock, signal } = setting
  const stage = await setting.stageOf(task)
  await stage.reset()
  const { play, transcript } = await playLive(task, stage[mode], model, {
    mode,
    stage,
    limits,
    ...(maxDollars === undefined ? {} : { dollarsLeft: maxDollars - spentDollars }),
    pricing,
    clock,
    signal,
  })
  return { play: { ...play, repeat }, transcript }
}

function endBefore(
  mode: Mode,
  plays: readonly RepeatedPlay[],
  { signal, maxDollars }: LiveSetting,
): LiveEnd | undefined {
  if (signal.aborted) return { why: 'stopped', reason: 'it was stopped' }
  if (maxDollars === undefined) return undefined
  const spent = sumDollars(plays)
  const alike = plays.filter((play) => play.mode === mode)
  const mean = meanDollars(alike.length > 0 ? alike : plays)
  if (spent + mean <= maxDollars && spent < maxDollars) return undefined
  const reason = `$${spent.toFixed(4)} is spent, and the next play could go over the limit of $${maxDollars}`
  return { why: 'cost', reason }
}

function endAfter(plays: readonly RepeatedPlay[], signal: AbortSignal): LiveEnd | undefined {
  const last = plays.at(-1)
  if (last === undefined) return undefined
  const { outcome, reason = '' } = last
  if (outcome === 'stopped') return { why: signal.aborted ? 'stopped' : 'cost', reason }
  // A key or a model that is not there will not be there next time.
  if (outcome === 'broken' && last.status !== undefined) return { why: 'provider', reason }
  const end = plays.slice(-MAX_SPOILED)
  const isSpoiled = end.every((play) => play.outcome === 'broken' || play.outcome === 'refused')
  return end.length === MAX_SPOILED && isSpoiled ? { why: 'provider', reason } : undefined
}

function sumDollars(plays: readonly LivePlay[]): number {
  return plays.reduce((sum, { dollars }) => sum + dollars, 0)
}

function meanDollars(plays: readonly LivePlay[]): number {
  return plays.length === 0 ? 0 : sumDollars(plays) / plays.length
}
