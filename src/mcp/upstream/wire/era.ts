import type { Clock } from '../../../core/ports.ts'

/** The two kinds of server: `legacy` opens with `initialize`, `modern` (2026-07-28) needs no handshake. */
export type Era = 'legacy' | 'modern'

/**
 * How long a verdict is believed, milliseconds. A verdict of `legacy` never corrects itself: a server that was
 * updated still answers `initialize`.
 */
const BELIEVED_MS = 60 * 60 * 1_000

/** What was found out about the era of one upstream, for the next time that it is connected. */
export interface EraMemory {
  readonly recall: () => Era | undefined
  readonly remember: (era: Era) => void
  readonly forget: () => void
}

/** Remembers one verdict, for an hour. */
export function createEraMemory(clock: Clock): EraMemory {
  let verdict: { readonly era: Era; readonly atMs: number } | undefined
  return {
    recall() {
      if (verdict === undefined || clock.monotonicMs() - verdict.atMs > BELIEVED_MS) return undefined
      return verdict.era
    },
    remember: (era) => (verdict = { era, atMs: clock.monotonicMs() }),
    forget: () => (verdict = undefined),
  }
}
