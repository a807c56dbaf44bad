import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { promisify } from 'node:util'

import { toTime } from '../../src/bench/report/numbers.ts'
import { toTyped } from '../../src/bench/report/terminal/plain.ts'
import { describeMachine, describeVersions } from './machine.ts'
import { toMeasured } from './measured.ts'
import { readMeasured, toPage } from './page.ts'
import { runBenchmark } from './run.ts'
import { SECTIONS } from './sections.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const PAGE = resolve(ROOT, 'docs/benchmarks.md')
/** Only by name: five minutes of nothing but load. */
const UNASKED = new Set(['soak'])
/** Measures nothing, and writes the texts anew. */
const TEXTS = 'texts'

/**
 * `npm run bench -- docs [NAME...]`: measures what is named, or all but `soak`, and writes docs/benchmarks.md; sections of others stay as they are.
 * `docs texts` only writes the texts anew. What fails keeps its old figures.
 *
 * @returns the exit code
 */
export async function writeDocs(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => name !== TEXTS && !Object.hasOwn(SECTIONS, name))
  if (unknown.length > 0) {
    tell(`There is no ${unknown.join(', ')}. There are: ${Object.keys(SECTIONS).join(', ')}, ${TEXTS}.`)
    return 2
  }
  const chosen = Object.keys(SECTIONS).filter((name) =>
    names.length === 0 ? !UNASKED.has(name) : names.includes(name),
  )
  const measured = new Map(await readOld())
  const failed: string[] = []
  const beganMs = performance.now()
  await write(measured)
  for (const [at, name] of chosen.entries()) {
    tell(`${at + 1} of ${chosen.length}: ${name}`)
    const fromMs = performance.now()
    try {
      measured.set(name, await measure(name))
      // After each: who interrupts the next one keeps this one.
      await write(measured)
    } catch (error) {
      failed.push(name)
      tell(`${name} failed: ${error instanceof Error ? error.message : String(error)}`)
    }
    tell(`${name} took ${toTyped(toTime(performance.now() - fromMs))}`)
  }
  tell(`docs/benchmarks.md is written, after ${toTyped(toTime(performance.now() - beganMs))}.`)
  if (failed.length > 0) tell(`These failed and are as they were: ${failed.join(', ')}.`)
  return failed.length > 0 ? 1 : 0
}

async function measure(name: string): Promise<string> {
  const packages = SECTIONS[name]?.packages ?? []
  const { figures, more } = await runBenchmark(name)
  return toMeasured({
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(),
    versions: await describeVersions(packages),
    figures,
    more,
  })
}

async function readOld(): Promise<ReadonlyMap<string, string>> {
  try {
    return readMeasured(await readFile(PAGE, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map()
    throw error
  }
}

/** As the formatter of the project wants it. */
async function write(measured: ReadonlyMap<string, string>): Promise<void> {
  await writeFile(PAGE, toPage(measured))
  await promisify(execFile)(resolve(ROOT, 'node_modules/.bin/oxfmt'), [PAGE], { cwd: ROOT })
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}
