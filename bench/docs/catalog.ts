import type { BenchReport } from '../../src/bench/points.ts'

/** Where the tools of a report come from, in words and not as a place on a machine. */
export function describeCatalog({ catalog }: BenchReport): string {
  return catalog.source === 'generated' ? 'generated tools' : 'the first tools of the list of real ones'
}
