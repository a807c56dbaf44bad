import type { Approval } from '../../core/approval.ts'
import { toLine } from '../output/printable.ts'
import { countOf } from '../output/words.ts'

const MAX_NAME = 200
const UNITS: readonly (readonly [unit: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
]

/** What is asked, in a few words. */
export function whatOf({ subject }: Approval): string {
  if (subject.kind === 'call') return toLine(subject.tool, MAX_NAME)
  return `a plan of ${countOf(subject.effects.length, 'call')}`
}

/** One whose time is over has expired, whether or not a gateway has said so. */
export function stateAt({ state, expiresAtMs }: Approval, nowMs: number): Approval['state'] {
  return state === 'pending' && expiresAtMs <= nowMs ? 'expired' : state
}

/** How long it is until then, or since then: `5m`. */
export function spanOf(ms: number): string {
  const span = Math.abs(ms)
  const [unit, size] = UNITS.find(([, each]) => span >= each) ?? (['s', 1_000] as const)
  return `${Math.floor(span / size)}${unit}`
}
