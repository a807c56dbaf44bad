import { createHash } from 'node:crypto'

import type { BenchReport } from '../points.ts'
import { toFacts } from './facts.ts'
import { PATTERNS } from './page/chart-style.ts'
import { markup, type Markup } from './page/markup.ts'
import { STYLE } from './page/style.ts'
import { toAutoSection } from './section/auto.ts'
import { toCrossoverSection } from './section/crossover.ts'
import { toFailuresSection } from './section/failures.ts'
import { toKindsSection } from './section/kinds.ts'
import { toCostSection, toTokensSection, toTurnsSection } from './section/lines.ts'
import { toLossesSection } from './section/losses.ts'
import { toMethodSection } from './section/method.ts'
import { toSummary } from './section/summary.ts'
import { toTablesSection } from './section/tables.ts'
import { toTargetsSection } from './section/targets.ts'
import { toTimeSection } from './section/time.ts'

/**
 * The report as one page that needs nothing else: no network, no script. Its policy allows its own style sheet, by its hash, and
 * nothing more, so that even a name that got through as markup could load and run nothing.
 */
export function toHtml(report: BenchReport): string {
  const facts = toFacts(report)
  const sections: readonly (readonly [id: string, name: string, section: Markup | undefined])[] = [
    ['tokens', 'Input tokens', toTokensSection(facts)],
    ['cost', 'Cost', toCostSection(facts)],
    ['turns', 'Turns', toTurnsSection(facts)],
    ['time', 'Time', toTimeSection(facts)],
    ['kinds', 'Kinds of task', toKindsSection(facts)],
    ['crossover', 'Crossover', toCrossoverSection(facts)],
    ['losses', 'Losses', toLossesSection(facts)],
    ['auto', 'Auto', toAutoSection(facts)],
    ['targets', 'Targets', toTargetsSection(facts)],
    ['failures', 'Failures', toFailuresSection(facts)],
    ['tables', 'Sums', toTablesSection(facts)],
    ['method', 'Method', toMethodSection(facts)],
  ]
  const there = sections.filter(([, , section]) => section !== undefined)
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer"><title>Isogate benchmark, ${report.made.at.slice(0, 10)}</title><style>${{ markup: STYLE }}</style></head><body>${{ markup: PATTERNS }}${toSummary(facts)}<main><nav aria-label="Contents">${there.map(
    ([id, name]) => markup`<a href="#${id}">${name}</a> `,
  )}</nav>
${there.map(([, , section]) => section)}</main><footer><p>Made by isogate bench, format ${report.format}. The same figures as JSON: --out.</p></footer></body></html>
`.markup
}
