import { markup, type Markup } from '../page/markup.ts'
import { thinTicks, widthOf, type Scale } from './scale.ts'
import { round } from './svg.ts'

/** Font size of the texts of axes, as the style sheet has it. */
export const AXIS_FONT = 11

/** The part of a chart where the data stands. */
export interface Frame {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Names what stands along an axis, and writes its values. */
export interface AxisWords {
  readonly title: string
  readonly toText: (value: number) => string
}

/** Lines across the frame with their values at the left, and the title above: text that stands upright is read. */
export function drawLeftAxis(scale: Scale, frame: Frame, { title, toText }: AxisWords): Markup {
  const ticks = thinTicks(scale.ticks, scale.toPixel, () => AXIS_FONT * 1.6)
  return markup`<g class="axis"><text x="0" y="${AXIS_FONT}">${title}</text>${ticks.map((tick) => {
    const y = round(scale.toPixel(tick))
    return markup`<path class="grid" d="M${round(frame.left)} ${y}H${round(frame.right)}"/><text class="end" x="${round(frame.left - 7)}" y="${round(y + 4)}">${toText(tick)}</text>`
  })}</g>`
}

/** Small marks with their values below the frame, and the title under them. Values that would touch are left out. */
export function drawBottomAxis(
  { toPixel }: Pick<Scale, 'toPixel'>,
  ticks: readonly number[],
  frame: Frame,
  { title, toText }: AxisWords,
): Markup {
  const shown = thinTicks(ticks, toPixel, (tick) => widthOf(toText(tick), AXIS_FONT) + 8)
  const { bottom } = frame
  return markup`<g class="axis"><path class="base" d="M${round(frame.left)} ${round(bottom)}H${round(frame.right)}"/>${ticks.map(
    (tick) => markup`<path class="base" d="M${round(toPixel(tick))} ${round(bottom)}v4"/>`,
  )}${shown.map(
    (tick) =>
      markup`<text class="mid" x="${round(toPixel(tick))}" y="${round(bottom + 17)}">${toText(tick)}</text>`,
  )}<text class="mid" x="${round((frame.left + frame.right) / 2)}" y="${round(bottom + 35)}">${title}</text></g>`
}
