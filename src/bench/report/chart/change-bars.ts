import { toBareChange, toShort } from '../numbers.ts'
import { markup, type Markup } from '../page/markup.ts'
import { thinTicks, widthOf } from './scale.ts'
import { drawSvg, round, type ChartText } from './svg.ts'

/** A ratio at a number of tools. */
export interface Change {
  readonly tools: number
  /** To classic: below 1 is less, above 1 is more. Absent where there is nothing to compare. */
  readonly ratio: number | undefined
  readonly hover: string
}

export interface ChangeBars extends ChartText {
  readonly width: number
  readonly changes: readonly Change[]
  /** The largest ratio that there is room for. A longer bar is cut, and says so. The unit is the same in all charts. */
  readonly reach: number
}

const FONT = 9.5
const TOP = 13
const BOTTOM = 26
/** Pixels of as much as classic takes. */
const UNIT = 40

/** Bars up and down from the line of classic: down is less, up is more, each with its percent written at its end, where there is room for it. */
export function drawChangeBars(chart: ChangeBars): Markup {
  const { width, changes, reach } = chart
  const height = TOP + reach * UNIT + BOTTOM
  const toY = (ratio: number): number => height - BOTTOM - Math.min(ratio, reach) * UNIT
  const slot = (width - 4) / Math.max(1, changes.length)
  const middleOf = (index: number): number => 2 + slot * (index + 0.5)
  const toolsOf = (index: number): string => toShort(changes[index]?.tools ?? 0)
  const named = thinTicks([...changes.keys()], middleOf, (index) => widthOf(toolsOf(index), FONT) + 3)
  const written = new Set(
    thinTicks([...changes.keys()], middleOf, (index) => widthOf(toLabel(changes[index]?.ratio), FONT) + 2),
  )
  const thickness = Math.min(26, slot * 0.72)
  return drawSvg(
    chart,
    width,
    height,
    markup`<g stroke-width="${round(thickness)}">${changes.map((change, index) => drawBar(change, written.has(index), Math.round(middleOf(index)), thickness, toY, reach))}</g><path class="zero" d="M0 ${round(toY(1))}H${width}"/><g class="small">${named.map(
      (index) =>
        markup`<text x="${Math.round(middleOf(index))}" y="${round(height - 4)}">${toolsOf(index)}</text>`,
    )}</g>`,
  )
}

/** A change in percent; what is more than tenfold, as a factor. */
function toLabel(ratio: number | undefined): string {
  if (ratio === undefined) return '–'
  return ratio >= 9.995 && ratio !== Infinity ? `×${toShort(ratio)}` : toBareChange(ratio)
}

function drawBar(
  { ratio, hover }: Change,
  isWritten: boolean,
  center: number,
  thickness: number,
  toY: (ratio: number) => number,
  reach: number,
): Markup {
  if (ratio === undefined)
    return markup`<g class="small"><text x="${center}" y="${round(toY(1) - 4)}">–</text></g>`
  const isMore = ratio > 1
  const [zero, end] = [toY(1), toY(ratio)]
  const [top, size] = [Math.min(zero, end), Math.max(0.8, Math.abs(zero - end))]
  const cut =
    ratio > reach
      ? markup`<path class="cut" d="M${round(center - thickness / 2 - 1)} ${round(top + 7)}l${round(thickness + 2)} -4"/>`
      : undefined
  const textY = isMore ? top - 3 : end + 9.5
  return markup`<path class="${isMore ? 'more' : 'less'}" d="M${center} ${round(top)}v${round(size)}"><title>${hover}</title></path>${cut}${isWritten ? markup`<text class="${isMore ? 'mt' : 'lt'}" x="${center}" y="${round(textY)}">${toLabel(ratio)}</text>` : undefined}`
}
