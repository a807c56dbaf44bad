import { INTRODUCTION } from './introduction.ts'
import { SECTIONS, type Section } from './sections.ts'

/** What stands in the place of figures that nobody has measured. */
export const NOT_MEASURED = 'Not measured yet.'

/**
 * The whole page: the texts, and between two marks in each section what was measured. Texts can be changed without measuring anew.
 *
 * @param measured by the name of the benchmark; what is not there was not measured yet
 */
export function toPage(measured: ReadonlyMap<string, string>): string {
  const contents = Object.values(SECTIONS).map(
    ({ title, about }) => `- [${title}](#${toAnchor(title)}): ${about}`,
  )
  const sections = Object.entries(SECTIONS).map(([name, section]) =>
    toSection(name, section, measured.get(name) ?? NOT_MEASURED),
  )
  return `${INTRODUCTION}\n\n${contents.join('\n')}\n\n${sections.join('\n\n')}\n`
}

/** What stands between the marks of a page, by the name of the benchmark. */
export function readMeasured(page: string): ReadonlyMap<string, string> {
  const blocks = page.matchAll(/<!-- (\w+):begin -->\n\n([^]*?)\n\n<!-- \1:end -->/g)
  return new Map([...blocks].map(([, name = '', text = '']) => [name, text]))
}

function toSection(name: string, { title, what, reading }: Section, measured: string): string {
  return [
    `## ${title}`,
    what,
    reading,
    `\`\`\`sh\nnpm run bench -- ${name}\n\`\`\``,
    `<!-- ${name}:begin -->`,
    measured,
    `<!-- ${name}:end -->`,
  ].join('\n\n')
}

/** As GitHub makes anchors of headings. */
function toAnchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}
