import type { Figure } from '../../bench/figure.ts'

/** A made-up figure that is judged: a ratio where lower is better, unless it is said otherwise. */
export function madeUp(value: number, more: Partial<Figure> = {}): Figure {
  return { name: 'cost', value, unit: 'x', ok: true, better: 'lower', ...more }
}
