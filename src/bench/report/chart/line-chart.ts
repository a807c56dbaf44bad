import type { Mode } from '../../../core/mode.ts'
import { markup, type Markup } from '../page/markup.ts'
import { AXIS_FONT, drawBottomAxis, drawLeftAxis, type AxisWords, type Frame } from './axis.ts'
import { drawMarker } from './marks.ts'
import { createLinearScale, createLogScale, widthOf, type Scale } from './scale.ts'
import { drawSvg, round, type ChartText } from './svg.ts'

/** A mode over the numbers of tools. */
export interface Line {
  readonly mode: Mode
  /** From few tools to many. */
  readonly dots: readonly { readonly x: number; readonly y: number }[]
}

export interface LineChart extends ChartText {
  readonly width: number
  readonly height: number
  readonly lines: readonly Line[]
  readonly x: AxisWords
  readonly y: AxisWords & {
    readonly kind: 'log' | 'linear'
    /** Which values the axis has to hold, where charts beside each other share it. */
    readonly holds?: readonly number[]
    /** How the last value of a line is written beside it, where that is finer than on the axis. */
    readonly toEnd?: (value: number) => string
    /** What a value is called where the pointer rests on it. */
    readonly toHover: (value: number) => string
  }
}

/** A little more than the height of a label. */
const LABEL_GAP = 14

/** Lines over a logarithmic axis of tools, each with its own dashes and markers and its last value written beside it. */
export function drawLineChart(chart: LineChart): Markup {
  const { width, height, lines, x, y } = chart
  const dots = lines.flatMap((line) => line.dots)
  const labels = lines.flatMap(({ mode, dots: own }) =>
    own.slice(-1).map((dot) => ({ mode, dot, text: (y.toEnd ?? y.toText)(dot.y) })),
  )
  const values = [...dots.map((dot) => dot.y), ...(y.holds ?? [])].filter((value) => value > 0)
  const ys = yScaleOf(y.kind, values, [height - 44, 28])
  const frame: Frame = {
    left: Math.max(...ys.ticks.map((tick) => widthOf(y.toText(tick), AXIS_FONT))) + 10,
    right:
      width -
      Math.max(0, ...labels.map(({ mode, text }) => widthOf(`${mode} ${text}`, AXIS_FONT + 0.5))) -
      18,
    top: 28,
    bottom: height - 44,
  }
  const sizes = [...new Set(dots.map((dot) => dot.x))].sort((a, b) => a - b)
  const xs = createLogScale([sizes[0] ?? 1, sizes.at(-1) ?? 1], [frame.left + 12, frame.right - 8], true)
  return drawSvg(
    chart,
    width,
    height,
    markup`${drawLeftAxis(ys, frame, y)}${drawBottomAxis(xs, sizes, frame, x)}${lines.map((line) => drawLine(line, xs, ys, chart))}${drawLabels(
      labels.map((label) => ({ ...label, y: ys.toPixel(label.dot.y), x: xs.toPixel(label.dot.x) })),
      frame,
    )}`,
  )
}

function yScaleOf(
  kind: 'log' | 'linear',
  values: readonly number[],
  pixels: readonly [number, number],
): Scale {
  const [low, high] = [Math.min(...values, Infinity), Math.max(...values, 0)]
  if (kind === 'linear' || values.length === 0) return createLinearScale([0, Math.max(high, 1)], pixels)
  return createLogScale([low, high > low * 1.5 ? high : low * 2], pixels)
}

function drawLine({ mode, dots }: Line, xs: Scale, ys: Scale, { x, y }: LineChart): Markup {
  const path = dots.map((dot) => `${round(xs.toPixel(dot.x))} ${round(ys.toPixel(dot.y))}`).join('L')
  return markup`${dots.length > 1 ? markup`<path class="line ${mode}" d="M${path}"/>` : undefined}${dots.map(
    (dot) => {
      const [atX, atY] = [xs.toPixel(dot.x), ys.toPixel(dot.y)]
      return markup`<g><title>${mode}, ${x.toText(dot.x)} ${x.title}: ${y.toHover(dot.y)}</title><circle class="hit" cx="${round(atX)}" cy="${round(atY)}" r="9"/>${drawMarker(mode, atX, atY)}</g>`
    },
  )}`
}

interface Label {
  readonly mode: Mode
  readonly text: string
  readonly x: number
  readonly y: number
}

/** The last values beside the lines, moved apart where they would lie on each other. */
function drawLabels(labels: readonly Label[], { right, top, bottom }: Frame): Markup {
  const sorted = labels.toSorted((a, b) => a.y - b.y)
  const places = spread(
    sorted.map(({ y }) => y),
    top,
    bottom - 5,
  )
  return markup`${sorted.map(({ mode, text, x, y }, index) => {
    const at = places[index] ?? y
    const way = `M${round(x + 6)} ${round(y)}L${round(right + 4)} ${round(at)}`
    return markup`<path class="lead" d="${way}"/><text class="label ${mode}" x="${round(right + 8)}" y="${round(at + 4)}">${mode} <tspan class="value">${text}</tspan></text>`
  })}`
}

/** Moves sorted places apart by the height of a label, and keeps them between the ends. */
function spread(sorted: readonly number[], top: number, bottom: number): readonly number[] {
  const places: number[] = []
  for (const place of sorted) places.push(Math.max(place, (places.at(-1) ?? top - LABEL_GAP) + LABEL_GAP))
  let limit = bottom
  return places
    .toReversed()
    .map((place) => {
      const kept = Math.min(place, limit)
      limit = kept - LABEL_GAP
      return kept
    })
    .toReversed()
}
