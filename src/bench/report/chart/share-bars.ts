import type { Mode } from '../../../core/mode.ts'
import { markup, type Markup } from '../page/markup.ts'
import { drawSvg, round, type ChartText } from './svg.ts'

/** A bar of parts. */
export interface ShareBar {
  readonly mode: Mode
  readonly parts: readonly { readonly part: string; readonly value: number; readonly hover: string }[]
  /** Written behind the bar. */
  readonly text: string
}

export interface ShareBars extends ChartText {
  readonly width: number
  readonly bars: readonly ShareBar[]
  /** The value that is 100 %, marked by a line. */
  readonly whole: number
  /** The largest value, in parts of the whole, that the axis reaches; the same for all charts beside each other. */
  readonly reach: number
}

const ROW = 24
const NAME = 50
const TEXT = 104
const BOTTOM = 20

/** Bars beside the names of the modes, their parts one after the other, over an axis in percent of one of them. */
export function drawShareBars(chart: ShareBars): Markup {
  const { width, bars, whole, reach } = chart
  const height = bars.length * ROW + BOTTOM
  const [start, end] = [NAME + 6, width - TEXT]
  const toX = (value: number): number => start + (Math.min(value / whole, reach) / reach) * (end - start)
  const ticks = [0, 0.5, 1, 1.5, 2, 2.5, 3].filter(
    (tick) => tick <= reach && (reach <= 1.6 || Number.isInteger(tick)),
  )
  return drawSvg(
    chart,
    width,
    height,
    markup`<g class="axis">${ticks.map((tick) => {
      const x = round(toX(tick * whole))
      return markup`<path class="${tick === 1 ? 'base' : 'grid'}" d="M${x} 0V${height - BOTTOM + 3}"/><text class="mid" x="${x}" y="${height - 5}">${Math.round(tick * 100)} %</text>`
    })}</g>${bars.map((bar, index) => drawBar(bar, index * ROW, toX))}`,
  )
}

function drawBar({ mode, parts, text }: ShareBar, top: number, toX: (value: number) => number): Markup {
  let from = 0
  const rects = parts.map(({ part, value, hover }) => {
    const [left, right] = [toX(from), toX(from + value)]
    from += value
    return markup`<g><title>${hover}</title><rect class="part ${part}" x="${round(left)}" y="${top + 5}" width="${round(Math.max(right - left, value > 0 ? 0.6 : 0))}" height="${ROW - 9}"/></g>`
  })
  const baseline = top + ROW / 2 + 4
  return markup`<g><text class="end label ${mode}" x="${NAME}" y="${baseline}">${mode}</text>${rects}<text class="label value halo" x="${round(toX(from) + 6)}" y="${baseline}">${text}</text></g>`
}
