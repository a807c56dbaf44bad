import type { Mode } from '../../../core/mode.ts'
import { markup, type Markup } from '../page/markup.ts'
import { round } from './svg.ts'

/** A different shape for each mode, so that colour is never the only sign. That of auto is a ring: it lies around the mark of what was chosen. */
const SHAPES: Readonly<Record<Mode, (x: number, y: number) => Markup>> = {
  classic: (x, y) => markup`<circle class="k classic" cx="${x}" cy="${y}" r="4"/>`,
  search: (x, y) => markup`<path class="k search" d="M${x} ${y}m-3.8-3.8h7.6v7.6h-7.6z"/>`,
  code: (x, y) => markup`<path class="k code" d="M${x} ${y}m0-5.4l5.4 5.4-5.4 5.4-5.4-5.4z"/>`,
  auto: (x, y) => markup`<circle class="k auto" cx="${x}" cy="${y}" r="7.4"/>`,
}

/** The marker of a mode around a place. */
export function drawMarker(mode: Mode, x: number, y: number): Markup {
  return SHAPES[mode](round(x), round(y))
}
