import { detailedFigure, type Figure } from '../figure.ts'
import { median, relativeSpread } from '../statistics.ts'

/**
 * One list of figures out of the same benchmark run several times: each value is the median, and its spread is what the rounds differ by, or what
 * a round measured itself where that is more. Figures that not every round gave are left out.
 */
export function combineRounds(rounds: readonly (readonly Figure[])[]): readonly Figure[] {
  const [first = [], ...others] = rounds
  if (others.length === 0) return first
  return first.flatMap((figure) => {
    const same = rounds.flatMap((figures) => figures.find(({ name }) => name === figure.name) ?? [])
    if (same.length < rounds.length) return []
    const values = same.map(({ value }) => value)
    const own = same.flatMap(({ spread }) => spread ?? [])
    const spread = Math.max(relativeSpread(values), own.length === 0 ? 0 : median(own))
    const combined = detailedFigure(figure.name, median(values), figure.unit, { ...figure, spread })
    // Some targets are stricter than a limit, and say so themselves: then most rounds decide.
    const isMissed = same.filter(({ ok }) => !ok).length > same.length / 2
    return [{ ...combined, ok: combined.ok && !isMissed }]
  })
}
