import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import type { BenchReport } from '../../src/bench/points.ts'
import { readReport } from '../../src/bench/report/read-report.ts'
import { HAS_SHARED_DATA } from '../../test/catalog/shared-data.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** Real tools where they are there, else made-up ones. As `--catalog` takes it in the folder of the project. */
export const CATALOG = HAS_SHARED_DATA ? '../shared/data/tools.json' : 'generated'

/** What may differ from the defaults of the verb. */
export interface PlayWishes {
  readonly catalog?: string
  readonly sizes?: readonly number[]
  readonly parallelCalls?: number
}

/** Runs a verb of `isogate bench` as a person would, in a process of its own, and reads the report that it writes. */
export async function playTasks(verb: 'tokens' | 'latency', wishes: PlayWishes = {}): Promise<BenchReport> {
  const { catalog = CATALOG, sizes, parallelCalls } = wishes
  const folder = await mkdtemp(join(tmpdir(), 'isogate-bench-'))
  try {
    const out = join(folder, 'report.json')
    const args = [
      'src/bin.js',
      'bench',
      verb,
      '--catalog',
      catalog,
      '--out',
      out,
      ...(sizes === undefined ? [] : ['--sizes', sizes.join(',')]),
      ...(parallelCalls === undefined ? [] : ['--parallel-calls', String(parallelCalls)]),
    ]
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] })
    const [code] = (await once(child, 'exit')) as [number | null]
    if (code !== 0) throw new Error(`isogate bench ${verb} ended with ${code ?? 'a signal'}.`)
    return readReport(await readFile(out, 'utf8'), out)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
