/** The part of the style sheet for charts. Colours come from the page; dashes and markers stand beside them. */
export const CHART_STYLE = `svg{display:block;width:100%;height:auto;overflow:visible}
svg text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;fill:var(--ink)}
.mid{text-anchor:middle}.end{text-anchor:end}
.axis text{font-size:11px;fill:var(--soft);font-variant-numeric:tabular-nums}
.small text,.lt,.mt{font-size:9.5px;text-anchor:middle;font-variant-numeric:tabular-nums}
.small text{fill:var(--soft)}
.grid{stroke:var(--grid);stroke-width:1;fill:none}.base{stroke:var(--soft);stroke-width:1;fill:none}
.lead{stroke:var(--line);stroke-width:1;fill:none}
.zero{stroke:var(--ink);stroke-width:1.2;fill:none}
.hit{fill:transparent}
.line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.line.classic{stroke:var(--classic)}
.line.search{stroke:var(--search);stroke-dasharray:7 4.5}
.line.code{stroke:var(--code);stroke-width:2.8}
.line.auto{stroke:var(--auto);stroke-width:1.8;stroke-dasharray:.5 5}
.k{stroke:var(--card);stroke-width:1.2}
.k.classic{fill:var(--classic)}.k.search{fill:var(--search)}.k.code{fill:var(--code)}
.k.auto{fill:none;stroke:var(--auto);stroke-width:1.9}
.label{font-size:11.5px;font-weight:650}
.label.classic{fill:var(--classic)}.label.search{fill:var(--search)}.label.code{fill:var(--code)}.label.auto{fill:var(--auto)}
.halo{paint-order:stroke;stroke:var(--card);stroke-width:5px;stroke-linejoin:round}
.label.value,.label .value{font-weight:400;fill:var(--ink);font-variant-numeric:tabular-nums}
.less{stroke:var(--less-fill)}.more{stroke:var(--more-fill)}
.lt{fill:var(--less)}.mt{fill:var(--more);font-weight:650}
.cut{stroke:var(--card);stroke-width:2.5;fill:none}
.part.wait{fill:var(--wait)}.part.read{fill:url(#p-read)}.part.write{fill:url(#p-write)}.part.measured{fill:var(--measured)}
.p-read-b{fill:var(--read)}.p-write-b{fill:var(--write)}.p-line{stroke:var(--card);stroke-width:1.6}.p-dot{fill:var(--card)}
.band{stroke:var(--card);stroke-width:1.5;rx:3px}
.band.classic{fill:var(--t-classic)}.band.search{fill:var(--t-search)}.band.code{fill:var(--t-code)}
.in-band{font-size:11px;font-weight:600}.row{font-size:11.5px}
`

/** Patterns that parts of bars are filled with, so that they differ without their colours. Once on a page. */
export const PATTERNS =
  '<svg class="defs" aria-hidden="true" focusable="false"><defs>' +
  '<pattern id="p-read" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="p-read-b" d="M0 0h5v5H0z"/><path class="p-line" d="M0 0V5"/></pattern>' +
  '<pattern id="p-write" width="5" height="5" patternUnits="userSpaceOnUse"><path class="p-write-b" d="M0 0h5v5H0z"/><circle class="p-dot" cx="2.5" cy="2.5" r="1"/></pattern>' +
  '</defs></svg>'
