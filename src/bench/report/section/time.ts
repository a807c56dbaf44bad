import type { Mode } from '../../../core/mode.ts'
import type { Total } from '../../analysis/totals.ts'
import type { LatencyParameters } from '../../points.ts'
import { drawShareBars, type ShareBar } from '../chart/share-bars.ts'
import { TIME_CACHING, type Facts } from '../facts.ts'
import { toCount, toShare, toTime } from '../numbers.ts'
import { toLegend } from '../page/legend.ts'
import { markup, type Markup } from '../page/markup.ts'
import { drawTimeLines } from './lines.ts'
import { toSensitivity } from './sensitivity.ts'

/** How long the parts of a task take, summed over its tasks, milliseconds. */
interface Parts {
  readonly wait: number
  readonly read: number
  readonly write: number
  readonly measured: number
}

const PART_WORDS: Readonly<Record<keyof Parts, string>> = {
  wait: 'waiting for the first token, and the way there (modelled)',
  read: 'reading the input (modelled)',
  write: 'writing (modelled)',
  measured: 'gateway and tools (measured)',
}

const SHORT_WORDS: Readonly<Record<keyof Parts, string>> = {
  wait: 'waiting',
  read: 'reading',
  write: 'writing',
  measured: 'gateway and tools',
}

/** Time from the question to the answer: over the number of tools, and what it is made of. */
export function toTimeSection(facts: Facts): Markup {
  const { isTimed } = facts.report
  const note = isTimed
    ? 'Gateway and tools were measured; the model is modelled with the parameters named under method.'
    : 'Nothing was measured in this run: gateway and tools are left out, and the model is modelled with the parameters named under method.'
  return markup`<section id="time"><h2>Time</h2><p class="soft">${note} The cache of the provider is ${TIME_CACHING}: each conversation begins with an empty one. All of it is mean time per task.</p><figure>${toLegend(facts.modes)}${drawTimeLines(facts)}</figure>${toParts(facts)}${toSensitivity(facts)}</section>`
}

function toParts(facts: Facts): Markup {
  const { sizes, modes, totalOf, report } = facts
  const baseline: Mode = modes.includes('classic') ? 'classic' : (modes[0] ?? 'classic')
  const panels = sizes.flatMap((tools) => {
    const whole = totalOf(tools, baseline, 'all')
    const totals = modes.flatMap((mode) => totalOf(tools, mode, 'all') ?? [])
    return whole === undefined || whole.wallMs === 0
      ? []
      : [{ tools, whole: whole.wallMs / whole.tasks, totals }]
  })
  const reach = Math.max(
    1,
    ...panels.flatMap(({ whole, totals }) => totals.map((total) => total.wallMs / total.tasks / whole)),
  )
  const parts: readonly (keyof Parts)[] = report.isTimed
    ? ['wait', 'read', 'write', 'measured']
    : ['wait', 'read', 'write']
  return markup`<h3>What the time is made of</h3><figure><figcaption>Each number of tools has its own 100 %: the time of ${baseline}. Behind each bar: its part of that, and the mean time per task.</figcaption><ul class="legend">${parts.map(
    (part) =>
      markup`<li><svg viewBox="0 0 38 16" aria-hidden="true"><rect class="part ${part}" x="2" y="2" width="34" height="12"/></svg>${PART_WORDS[part]}</li>`,
  )}</ul><div class="grid2">${panels.map(
    ({ tools, whole, totals }) =>
      markup`<div class="cell"><h4>${toCount(tools)} tools</h4>${drawShareBars({
        id: `parts-${String(tools)}`,
        title: `What the time is made of at ${toCount(tools)} tools`,
        description: `Stacked bars: ${totals.map((total) => `${total.mode} ${describeParts(total, report.latency, parts)}`).join('; ')}.`,
        width: 440,
        bars: totals.map((total) => toBar(total, whole, report.latency, parts)),
        whole,
        reach: Math.min(reach, 3),
      })}</div>`,
  )}</div></figure>`
}

function toBar(
  total: Total,
  whole: number,
  latency: LatencyParameters,
  parts: readonly (keyof Parts)[],
): ShareBar {
  const of = partsOf(total, latency)
  return {
    mode: total.mode,
    parts: parts.map((part) => ({
      part,
      value: of[part],
      hover: `${total.mode}: ${toTime(of[part])} ${SHORT_WORDS[part]}`,
    })),
    text: `${toShare(total.wallMs / total.tasks / whole)} · ${toTime(total.wallMs / total.tasks)}`,
  }
}

function describeParts(total: Total, latency: LatencyParameters, parts: readonly (keyof Parts)[]): string {
  const of = partsOf(total, latency)
  return parts.map((part) => `${toTime(of[part])} ${SHORT_WORDS[part]}`).join(', ')
}

/** Means per task. What the model takes besides waiting and writing is reading. */
function partsOf({ turns, output, modelMs, toolMs, tasks }: Total, latency: LatencyParameters): Parts {
  const wait = turns * (latency.firstTokenMs + latency.turnMs)
  const write = (output / latency.writePerSecond) * 1_000
  return {
    wait: wait / tasks,
    read: Math.max(0, modelMs - wait - write) / tasks,
    write: write / tasks,
    measured: toolMs / tasks,
  }
}
