import type { Target } from '../analysis/targets.ts'
import { toChange, toCount } from './numbers.ts'

/** What is asked of a target, in words: it may be so much at the most. */
export function describeAsked(target: Target): string {
  return describe(target.asked, target.unit)
}

/** What was measured, so exactly that one that is missed does not look as if it were met. */
export function describeMeasured({ measured, asked, unit, ok }: Target): string {
  const told = describe(measured, unit)
  if (ok || told !== describe(asked, unit)) return told
  return unit === '%' ? `${measured.toFixed(3)} %` : `${String(measured)}${unit === 'x' ? ' ×' : ''}`
}

/** The verdict in a word. */
export function describeVerdict({ ok, isRequired }: Target): string {
  if (!isRequired) return 'told only'
  return ok ? 'met' : 'missed'
}

function describe(value: number, unit: Target['unit']): string {
  if (unit === '%') return toChange(1 + value / 100)
  if (unit === 'x') return `${value.toFixed(3)} ×`
  return toCount(value)
}
