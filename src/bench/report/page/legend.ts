import type { Mode } from '../../../core/mode.ts'
import { drawMarker } from '../chart/marks.ts'
import { markup, type Markup } from './markup.ts'

const MODE_WORDS: Readonly<Record<Mode, string>> = {
  classic: 'all tools listed',
  search: 'found, then called',
  code: 'scripts call tools',
  auto: 'the gateway chooses',
}

/** Which dashes and markers are which mode. */
export function toLegend(modes: readonly Mode[]): Markup {
  return markup`<ul class="legend">${modes.map(
    (mode) =>
      markup`<li><svg viewBox="0 0 38 16" aria-hidden="true"><path class="line ${mode}" d="M2 8H36"/>${drawMarker(mode, 19, 8)}</svg><span>${mode} <span class="soft">${MODE_WORDS[mode]}</span></span></li>`,
  )}</ul>`
}
