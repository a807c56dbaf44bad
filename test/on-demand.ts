import { execFile } from 'node:child_process'
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const CACHE = join(import.meta.dirname, '../node_modules/.cache/isogate')

/** A large package on a slow line; a registry that does not answer must not hold up a test for ever. */
const INSTALL_MS = 10 * 60_000

const EXACT = /^(?:@[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+[\w.+-]*$/

/**
 * Installs packages from npm, without their install scripts, into a folder of their own, and resolves to that folder
 * (its `node_modules` holds them). What is there already is not downloaded again. Each package is `name@version` with
 * the exact version. For test tools that are too large or too rarely used to be dependencies.
 */
export async function installOnDemand(packages: readonly string[]): Promise<string> {
  for (const name of packages)
    if (!EXACT.test(name))
      throw new Error(`${name}: name the exact version, so that a folder never goes stale.`)
  const folder = join(CACHE, toFolderName(packages))
  if (await exists(folder)) return folder
  await mkdir(CACHE, { recursive: true })
  // Complete or not there at all: two processes may install the same at once, and either may be ended in the middle.
  const unfinished = await mkdtemp(join(CACHE, '.unfinished-'))
  try {
    await writeFile(join(unfinished, 'package.json'), '{"private":true}')
    await promisify(execFile)(
      'npm',
      ['install', '--prefix', unfinished, '--ignore-scripts', '--no-audit', '--no-fund', ...packages],
      { cwd: unfinished, timeout: INSTALL_MS, maxBuffer: 64 * 1024 * 1024 },
    )
    await rename(unfinished, folder)
  } catch (error) {
    if (!(await exists(folder))) throw error
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return folder
}

function toFolderName(packages: readonly string[]): string {
  return [...packages]
    .sort()
    .map((name) => name.replace(/^@/, '').replaceAll('/', '-'))
    .join('+')
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}
