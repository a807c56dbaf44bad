import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import type { Figure } from '../figure.ts'

/** The figures of a benchmark, as they are kept. */
export interface StoredRun {
  /** Version of Node. */
  readonly node: string
  /** ISO 8601, the day. */
  readonly date: string
  readonly figures: readonly Figure[]
}

/** What was measured on machines of a class. */
export interface Baseline {
  readonly machineClass: string
  readonly benchmarks: Readonly<Record<string, StoredRun>>
}

const FORMAT = 'isogate-baseline/1'
const FOLDER = join(import.meta.dirname, '../baseline')

/** Where the baseline of a class is. */
export function baselinePath(machineClass: string): string {
  return join(FOLDER, `${machineClass}.json`)
}

/** Reads a baseline; undefined where there is none. @throws Error where the file is something else */
export async function readBaseline(path: string): Promise<Baseline | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  return parseBaseline(text, path)
}

/** Puts the figures of a benchmark into a baseline, beside those of the others. */
export async function saveBaseline(
  path: string,
  machineClass: string,
  name: string,
  run: StoredRun,
): Promise<void> {
  const broken = run.figures.find(({ value }) => !Number.isFinite(value))
  if (broken !== undefined) throw new Error(`"${broken.name}" is no number: nothing is stored.`)
  const old = await readBaseline(path)
  const benchmarks = { ...old?.benchmarks, [name]: run }
  const sorted = Object.fromEntries(Object.entries(benchmarks).sort(([a], [b]) => (a < b ? -1 : 1)))
  await mkdir(dirname(path), { recursive: true })
  // Whole or not at all.
  await writeFile(
    `${path}.new`,
    `${JSON.stringify({ format: FORMAT, machineClass, benchmarks: sorted }, null, 2)}\n`,
  )
  await rename(`${path}.new`, path)
}

/**
 * Reads the text of a baseline.
 *
 * @param where names it in errors
 * @throws Error
 */
export function parseBaseline(text: string, where: string): Baseline {
  const value: unknown = JSON.parse(text)
  if (!isObject(value) || value['format'] !== FORMAT || !isObject(value['benchmarks']))
    throw new Error(`${where} is no baseline: its format is not ${FORMAT}.`)
  const benchmarks = Object.entries(value['benchmarks']).map(([name, run]) => {
    if (!isObject(run) || !Array.isArray(run['figures']) || !run['figures'].every(isFigure))
      throw new Error(`${where}: benchmarks.${name} has no figures.`)
    const stored: StoredRun = {
      node: String(run['node']),
      date: String(run['date']),
      figures: run['figures'],
    }
    return [name, stored] as const
  })
  return { machineClass: String(value['machineClass']), benchmarks: Object.fromEntries(benchmarks) }
}

function isFigure(value: unknown): value is Figure {
  return (
    isObject(value) &&
    typeof value['name'] === 'string' &&
    typeof value['value'] === 'number' &&
    typeof value['unit'] === 'string' &&
    ['undefined', 'number'].includes(typeof value['spread'])
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
