import type { Mode } from '../../../core/mode.ts'
import type { Total } from '../../analysis/totals.ts'
import { CACHINGS, type Caching } from '../../points.ts'
import { drawLineChart, type Line, type LineChart } from '../chart/line-chart.ts'
import type { Facts } from '../facts.ts'
import { toCount, toDollars, toMean, toRoundDollars, toShort, toTime } from '../numbers.ts'
import { toLegend } from '../page/legend.ts'
import { markup, type Markup } from '../page/markup.ts'

const TOOLS = { title: 'tools in the catalog', toText: toCount }
const CACHING_TITLES: Readonly<Record<Caching, string>> = {
  none: 'No caching',
  cold: 'Cold cache',
  warm: 'Warm cache',
}

/** Input tokens for each task over the number of tools. */
export function toTokensSection(facts: Facts): Markup {
  const draw = (id: string, width: number, height: number): Markup =>
    drawLineChart({
      id,
      title: 'Input tokens per task',
      description: describeLines(facts, 'input tokens per task', (total) => total.input, toCount),
      width,
      height,
      lines: linesOf(facts, (total) => total.input),
      x: TOOLS,
      y: {
        title: 'input tokens per task (log)',
        kind: 'log',
        toText: toShort,
        toHover: (value) => `${toCount(value)} input tokens per task`,
      },
    })
  return markup`<section id="tokens"><h2>Input tokens</h2><figure><figcaption>All that is sent to the model for a task, summed over its turns: definitions, instructions, what was said before, and results. Both axes are logarithmic: equal steps are equal factors, so large savings look smaller than they are.</figcaption>${toLegend(facts.modes)}${toBoth('input', 440, 330, draw)}</figure></section>`
}

/** The same in dollars, for each way of caching. */
export function toCostSection(facts: Facts): Markup {
  const holds = facts.sizes.flatMap((tools) =>
    facts.modes.flatMap((mode) => {
      const total = facts.totalOf(tools, mode, 'all')
      return total === undefined ? [] : CACHINGS.map((caching) => total.cost[caching] / total.tasks)
    }),
  )
  const draw = (caching: Caching): Markup =>
    drawLineChart({
      id: `cost-${caching}`,
      title: `Cost per task: ${CACHING_TITLES[caching].toLowerCase()}`,
      description: describeLines(facts, 'dollars per task', (total) => total.cost[caching], toDollars),
      width: 360,
      height: 300,
      lines: linesOf(facts, (total) => total.cost[caching]),
      x: TOOLS,
      y: {
        title: 'dollars per task (log)',
        kind: 'log',
        holds,
        toText: toRoundDollars,
        toEnd: toDollars,
        toHover: (value) => `${toDollars(value)} per task`,
      },
    })
  return markup`<section id="cost"><h2>Cost</h2><figure><figcaption>What a provider would bill for a task, at the prices named under <a href="#method">method</a>. No caching: all input at its full price. Cold cache: each conversation begins with an empty one. Warm cache: the definitions are in it already. The three charts share their axis.</figcaption>${toLegend(facts.modes)}<div class="grid3">${CACHINGS.map(
    (caching) => markup`<div class="cell"><h4>${CACHING_TITLES[caching]}</h4>${draw(caching)}</div>`,
  )}</div></figure></section>`
}

/** Requests to the model. */
export function toTurnsSection(facts: Facts): Markup {
  const draw = (id: string, width: number, height: number): Markup =>
    drawLineChart({
      id,
      title: 'Turns per task',
      description: describeLines(facts, 'turns per task', (total) => total.turns, toMean),
      width,
      height,
      lines: linesOf(facts, (total) => total.turns),
      x: TOOLS,
      y: {
        title: 'turns per task',
        kind: 'linear',
        toText: (value) => toCount(value),
        toEnd: toMean,
        toHover: (value) => `${toMean(value)} turns per task`,
      },
    })
  return markup`<section id="turns"><h2>Turns</h2><figure><figcaption>Requests to the model for a task, the last words included. Calls that a model makes at once are one turn.</figcaption>${toLegend(facts.modes)}${toBoth('turns', 300, 280, draw)}</figure></section>`
}

/** Time from the question to the answer, as a line; its parts stand in another chart. */
export function drawTimeLines(facts: Facts): Markup {
  const draw = (id: string, width: number, height: number): Markup =>
    drawLineChart({
      id,
      title: 'Time per task',
      description: describeLines(facts, 'time per task', (total) => total.wallMs, toTime),
      width,
      height,
      lines: linesOf(facts, (total) => total.wallMs),
      x: TOOLS,
      y: {
        title: 'time per task (log)',
        kind: 'log',
        toText: toTime,
        toHover: (value) => `${toTime(value)} per task`,
      },
    } satisfies LineChart)
  return toBoth('time', 340, 300, draw)
}

/** A chart twice: as wide as a page, and as narrow as a telephone. The style sheet shows one of them. */
export function toBoth(
  id: string,
  wide: number,
  slim: number,
  draw: (id: string, width: number, height: number) => Markup,
): Markup {
  return markup`<div class="wide">${draw(`${id}-wide`, 980, wide)}</div><div class="slim">${draw(`${id}-slim`, 360, slim)}</div>`
}

/** Means per task of each mode, from few tools to many. */
function linesOf(facts: Facts, of: (total: Total) => number): readonly Line[] {
  return facts.modes.map((mode) => ({ mode, dots: dotsOf(facts, mode, of) }))
}

function dotsOf({ sizes, totalOf }: Facts, mode: Mode, of: (total: Total) => number): Line['dots'] {
  return sizes.flatMap((tools) => {
    const total = totalOf(tools, mode, 'all')
    return total === undefined ? [] : [{ x: tools, y: of(total) / total.tasks }]
  })
}

function describeLines(
  facts: Facts,
  what: string,
  of: (total: Total) => number,
  toText: (value: number) => string,
): string {
  const texts = facts.modes.map((mode) => {
    const dots = dotsOf(facts, mode, of)
    return `${mode} ${dots.map(({ x, y }) => `${toText(y)} at ${toCount(x)}`).join(', ')}`
  })
  return `Line chart of ${what} over the number of tools: ${texts.join('; ')}.`
}
