import { detailedFigure, type Figure } from '../figure.ts'

/** A line in the place of the figures of a peer that could not be measured, with the reason. It fails nothing. */
export function skipped(name: string, reason: unknown): Figure {
  const said = reason instanceof Error ? reason.message : String(reason)
  const note = said.replaceAll(/\s+/g, ' ').slice(0, 300)
  return detailedFigure(`${name}: skipped`, 0, '', { note })
}
