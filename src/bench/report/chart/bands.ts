import type { Mode } from '../../../core/mode.ts'
import { markup, type Markup } from '../page/markup.ts'
import { AXIS_FONT, drawBottomAxis, type AxisWords, type Frame } from './axis.ts'
import { drawMarker } from './marks.ts'
import { createLogScale, widthOf } from './scale.ts'
import { drawSvg, round, type ChartText } from './svg.ts'

/** From one number of tools to another, one mode is the best. */
export interface Stretch {
  readonly mode: Mode
  readonly from: number
  readonly to: number
  readonly hover: string
}

export interface Bands extends ChartText {
  readonly width: number
  readonly rows: readonly { readonly name: string; readonly stretches: readonly Stretch[] }[]
  readonly sizes: readonly number[]
  readonly x: AxisWords
}

const ROW = 26
const BAR = 19

/** One band for each row over a logarithmic axis of tools: which mode is the best where. Each bears its name and its marker where they fit. */
export function drawBands(chart: Bands): Markup {
  const { width, rows, sizes, x } = chart
  const frame: Frame = {
    left: Math.max(0, ...rows.map(({ name }) => widthOf(name, AXIS_FONT))) + 10,
    right: width - 10,
    top: 2,
    bottom: rows.length * ROW + 4,
  }
  const scale = createLogScale([sizes[0] ?? 1, sizes.at(-1) ?? 1], [frame.left + 4, frame.right - 8], true)
  const isPoint = sizes.length < 2
  const toX = (tools: number, side: number): number =>
    isPoint ? scale.toPixel(tools) + side * 60 : scale.toPixel(tools)
  return drawSvg(
    chart,
    width,
    frame.bottom + 40,
    markup`${drawBottomAxis(scale, sizes, frame, x)}${rows.map(
      ({ name, stretches }, row) =>
        markup`<g><text class="end row" x="${round(frame.left - 6)}" y="${row * ROW + 17}">${name}</text>${stretches.map(
          (stretch) => drawStretch(stretch, toX(stretch.from, -1), toX(stretch.to, 1), row * ROW + 3),
        )}</g>`,
    )}`,
  )
}

function drawStretch({ mode, hover }: Stretch, left: number, right: number, top: number): Markup {
  const size = Math.max(right - left, 1.5)
  const [middle, height] = [left + size / 2, top + BAR / 2]
  return markup`<g><title>${hover}</title><rect class="band ${mode}" x="${round(left)}" y="${top}" width="${round(size)}" height="${BAR}"/>${drawSign(mode, size, middle, height)}</g>`
}

/** The name of a mode where it fits, else its marker, else nothing. */
function drawSign(mode: Mode, size: number, x: number, y: number): Markup | undefined {
  const nameWidth = widthOf(mode, AXIS_FONT)
  if (size < 14) return undefined
  if (size < nameWidth + 24) return drawMarker(mode, x, y)
  return markup`${drawMarker(mode, x - nameWidth / 2 - 2, y)}<text class="mid in-band" x="${round(x + 7)}" y="${round(y + 4)}">${mode}</text>`
}
