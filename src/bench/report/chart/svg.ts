import { markup, type Markup, type Piece } from '../page/markup.ts'

/** What every chart says of itself, for those who do not see it. */
export interface ChartText {
  /** Unique on the page. */
  readonly id: string
  readonly title: string
  readonly description: string
}

/** An SVG with a name and a description, that takes the width it is given. */
export function drawSvg(
  { id, title, description }: ChartText,
  width: number,
  height: number,
  content: Piece,
): Markup {
  return markup`<svg viewBox="0 0 ${round(width)} ${round(height)}" role="img" aria-labelledby="${id}-t ${id}-d"><title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>${content}</svg>`
}

/** A tenth of a pixel is enough, and short. */
export function round(pixels: number): number {
  return Math.round(pixels * 10) / 10
}
