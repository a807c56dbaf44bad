import { readFile } from 'node:fs/promises'
import { cpus, homedir, tmpdir, totalmem } from 'node:os'
import { join, resolve } from 'node:path'

import { toCount, toCountOf } from '../../src/bench/report/numbers.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const BYTES_PER_GB = 1024 ** 3

/** The machine, in words that do not name it. */
export function describeMachine(): string {
  const all = cpus()
  const model = (all[0]?.model ?? 'an unknown processor').replaceAll(/\s+/g, ' ').trim()
  const memory = `${toCount(totalmem() / BYTES_PER_GB)} GB of memory`
  return `${model}, ${toCountOf(all.length, 'processor')}, ${memory}, ${process.platform}-${process.arch}`
}

/** The versions that matter for a benchmark: Isogate, Node, and of npm what is named. */
export async function describeVersions(packages: readonly string[]): Promise<string> {
  const own = await versionIn(ROOT)
  const others = await Promise.all(
    packages.map(async (name) => `${name} ${await versionIn(join(ROOT, 'node_modules', name))}`),
  )
  return [`Isogate ${own}`, `Node ${process.versions.node}`, ...others].join(', ')
}

/** A text without the places of this machine: what has failed names files. */
export function withoutPaths(text: string): string {
  return text.replaceAll(ROOT, '.').replaceAll(tmpdir(), 'tmp').replaceAll(homedir(), '~')
}

async function versionIn(folder: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const isVersioned = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return isVersioned ? String(manifest.version) : 'unknown'
}
