/** Where a value stands on a line of pixels, and the values to write beside it. */
export interface Scale {
  readonly toPixel: (value: number) => number
  readonly ticks: readonly number[]
}

/** First and last. */
export type Span = readonly [number, number]

const STEPS = [1, 2, 5]

/** Equal ratios are equal lengths. Reaches to the next 1, 2 or 5 times a power of ten on both sides unless it is `isTight`. */
export function createLogScale(values: Span, pixels: Span, isTight = false): Scale {
  const [low, high] = [Math.max(values[0], 1e-9), Math.max(values[1], 1e-9)]
  const from = isTight ? low : roundDown(low)
  const to = isTight ? high : roundUp(high)
  const [start, end] = [Math.log(from), Math.log(to)]
  const toPixel = (value: number): number =>
    end - start < 1e-9
      ? (pixels[0] + pixels[1]) / 2
      : pixels[0] + ((Math.log(Math.max(value, 1e-9)) - start) / (end - start)) * (pixels[1] - pixels[0])
  return { toPixel, ticks: toLogTicks(from, to) }
}

/** Equal differences are equal lengths. Ends at a round number; begins where it is told to. */
export function createLinearScale([from, to]: Span, pixels: Span, count = 5): Scale {
  const step = roundUp(Math.max(to - from, 1e-9) / count)
  const first = Math.ceil(from / step - 1e-9)
  const last = Math.max(first + 1, Math.ceil(to / step - 1e-9))
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step)
  const end = last * step
  return { toPixel: (value) => pixels[0] + ((value - from) / (end - from)) * (pixels[1] - pixels[0]), ticks }
}

/** Those of the ticks that leave each other room; the last one always stays. */
export function thinTicks(
  ticks: readonly number[],
  at: (tick: number) => number,
  room: (tick: number) => number,
): readonly number[] {
  const kept: number[] = []
  for (const tick of ticks.toReversed()) {
    const next = kept.at(-1)
    if (next === undefined || Math.abs(at(next) - at(tick)) >= (room(next) + room(tick)) / 2) kept.push(tick)
  }
  return kept.toReversed()
}

/** The width of a text, by a cautious guess: there is no font to ask. */
export function widthOf(text: string, fontSize: number): number {
  return text.length * fontSize * 0.6
}

function toLogTicks(from: number, to: number): readonly number[] {
  const decades = Math.log10(to / from)
  const steps = decades > 3.5 ? [1] : decades > 1.1 ? [1, 3] : STEPS
  const ticks: number[] = []
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++) {
    for (const step of steps) {
      const tick = step * 10 ** power
      if (tick >= from * 0.999 && tick <= to * 1.001) ticks.push(tick)
    }
  }
  return ticks.length > 1 ? ticks : [from, to]
}

function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const step = [...STEPS, 10].find((each) => each * power >= value * 0.999_999) ?? 10
  return step * power
}

function roundDown(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const step = STEPS.findLast((each) => each * power <= value * 1.000_001) ?? 1
  return step * power
}
