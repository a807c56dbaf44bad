import { glob, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/** A check of the suite that did not succeed. */
export interface FailedCheck {
  readonly id: string
  readonly message: string
}

/** How one scenario went. */
export interface Outcome {
  readonly scenario: string
  readonly failed: readonly FailedCheck[]
  /** Something that no check tells: it ended badly, or it is expected to fail and did not. */
  readonly remark?: string
}

interface Check {
  readonly id: string
  readonly status: string
  readonly description?: string
  readonly errorMessage?: string
  readonly details?: unknown
}

/** A warning counts as a failure: the suite counts it so where failures are expected. */
const BAD = ['FAILURE', 'WARNING']

const STAMP = /-\d{4}-\d{2}-\d{2}T[\d-]+Z$/
const DETAILS_MAX = 300

/** Reads what the suite wrote into its output folder, by scenario. */
export async function readOutcomes(folder: string): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>()
  // A scenario's name may have a slash in it.
  for await (const path of glob('**/checks.json', { cwd: folder })) {
    const checks = JSON.parse(await readFile(join(folder, path), 'utf8')) as readonly Check[]
    const parent = dirname(dirname(path))
    const name = basename(dirname(path)).replace(STAMP, '')
    const scenario = (parent === '.' ? name : `${parent}/${name}`).replace(/^server-(?=[a-z])/, '')
    const failed = checks.filter(({ status }) => BAD.includes(status))
    outcomes.set(scenario, {
      scenario,
      failed: failed.map((check) => ({ id: check.id, message: toMessage(check) })),
    })
  }
  return outcomes
}

function toMessage({ status, errorMessage, description = '', details }: Check): string {
  const said = errorMessage ?? description
  const more = errorMessage === undefined && details !== undefined ? ` ${JSON.stringify(details)}` : ''
  return `${status === 'WARNING' ? 'warning: ' : ''}${said}${more.slice(0, DETAILS_MAX)}`
}

/** What the suite said about expected failures. */
export interface BaselineVerdict {
  readonly expected: readonly string[]
  readonly stale: readonly string[]
}

const SECTIONS = { expected: 'Expected failures', stale: 'Stale baseline entries' } as const

/** Reads the sections about expected failures out of what the suite printed. */
export function readBaselineVerdict(output: string): BaselineVerdict {
  const lines = stripVTControlCharacters(output).split('\n')
  const sectionOf = (title: string): readonly string[] => {
    const start = lines.findIndex((line) => line.startsWith(title))
    if (start < 0) return []
    const entries: string[] = []
    for (const line of lines.slice(start + 1)) {
      const entry = /^ {2}[~✓✗] (.+)$/.exec(line)?.[1]
      if (entry === undefined) break
      entries.push(entry)
    }
    return entries
  }
  return { expected: sectionOf(SECTIONS.expected), stale: sectionOf(SECTIONS.stale) }
}
