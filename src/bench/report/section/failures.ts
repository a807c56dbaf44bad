import type { Facts } from '../facts.ts'
import { toCount } from '../numbers.ts'
import { markup, type Markup } from '../page/markup.ts'
import { toTable } from '../page/table.ts'

/** More reasons than anybody reads, and few enough for the page to stay a page. */
const MOST_ROWS = 400
const MOST_CHARS = 300

/** Tasks that were not solved, and why. */
export function toFailuresSection({ failures, report }: Facts): Markup {
  const more = failures.length - MOST_ROWS
  return markup`<section id="failures"><h2>Failures</h2>${
    failures.length === 0
      ? markup`<p class="none">There is none: in each of ${toCount(report.points.length)} plays the answer and the state at the end were right.</p>`
      : markup`<p class="soft">A task is solved where its answer and the state of the servers at its end are right. These were not; what they took is in the sums, and they are in no comparison.</p>${toTable(
          `${toCount(failures.length)} of ${toCount(report.points.length)} plays failed`,
          [
            { title: 'task', cell: ({ task }) => task },
            { title: 'kind', cell: ({ kind }) => kind, as: 'word' },
            { title: 'tools', cell: ({ tools }) => toCount(tools) },
            {
              title: 'mode',
              cell: ({ mode, shown }) => (mode === shown ? mode : `${mode} (${shown})`),
              as: 'word',
            },
            {
              title: 'reason',
              cell: ({ reason }) => (reason ?? 'not told').slice(0, MOST_CHARS),
              as: 'prose',
            },
          ],
          [{ rows: failures.slice(0, MOST_ROWS) }],
        )}${more > 0 ? markup`<p class="soft">And ${toCount(more)} more, which the JSON (--out) has.</p>` : undefined}`
  }</section>`
}
