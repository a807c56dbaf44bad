import type { TaskKind } from '../../config/tasks/schema.ts'
import type { Mode } from '../../core/mode.ts'
import type { ChatUsage } from '../../llm/chat/chat-model.ts'
import type { Made, Pricing } from '../points.ts'
import type { PlayLimits } from './play-live.ts'
import type { RepeatedPlay } from './live-play.ts'
import type { LiveEnd, LivePlayed } from './run-live.ts'
import { sumUsage } from './spent.ts'
import { summarize, type ModeSummary } from './summary.ts'

/** What was played, and with what. */
export interface LiveAbout {
  readonly made: Made
  readonly model: {
    readonly api: 'openai' | 'anthropic'
    readonly name: string
    /** Without the rest of the address, which may hold a credential. */
    readonly host: string
    readonly temperature?: number
  }
  readonly catalog: { readonly source: string; readonly tools: number }
  readonly tasks: readonly { readonly name: string; readonly kind: TaskKind; readonly goal: string }[]
  readonly modes: readonly Mode[]
  readonly repeats: number
  readonly limits: PlayLimits
  readonly maxDollars?: number
  readonly pricing: Pricing
}

/** What a live model did, play by play and in sum. */
export interface LiveReport extends LiveAbout {
  readonly format: 'isogate-bench-live/1'
  readonly end: LiveEnd
  /** Plays that were planned. */
  readonly total: number
  readonly spent: {
    readonly dollars: number
    readonly usage: ChatUsage
    /** Plays whose last request failed: what it may have cost is not known, and not in these figures. */
    readonly unmeasured: number
  }
  readonly summaries: readonly ModeSummary[]
  readonly plays: readonly RepeatedPlay[]
}

/** Puts what was played into a report. */
export function toLiveReport({ plays, total, end }: LivePlayed, about: LiveAbout): LiveReport {
  return {
    format: 'isogate-bench-live/1',
    ...about,
    end,
    total,
    spent: {
      dollars: plays.reduce((sum, { dollars }) => sum + dollars, 0),
      usage: sumUsage(plays.map(({ usage }) => usage)),
      unmeasured: plays.filter(({ outcome }) => outcome === 'broken' || outcome === 'stopped').length,
    },
    summaries: summarize(plays, about.modes),
    plays,
  }
}
