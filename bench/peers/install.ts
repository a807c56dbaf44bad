import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** A registry that does not answer must not hold up the benchmark. */
const INSTALL_MS = 120_000

/** The packages of each peer, in the versions that are measured. */
export async function readPackages(): Promise<Readonly<Record<string, readonly string[]>>> {
  const text = await readFile(join(import.meta.dirname, 'packages.json'), 'utf8')
  return JSON.parse(text) as Readonly<Record<string, readonly string[]>>
}

/**
 * Installs packages from npm into a folder of their own, without their install scripts: nothing of them becomes a dependency.
 *
 * @returns the folder that holds their `node_modules`
 * @throws Error that says why it could not be done
 */
export async function installPackages(
  parent: string,
  peer: string,
  packages: readonly string[],
): Promise<string> {
  const folder = join(parent, peer.replaceAll(/\W/g, '_'))
  await mkdir(folder)
  await writeFile(join(folder, 'package.json'), '{"private":true}')
  const quiet = [
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--fetch-retries=1',
    '--fetch-retry-mintimeout=1000',
  ]
  const args = ['install', '--ignore-scripts', ...quiet, ...packages]
  try {
    await promisify(execFile)('npm', args, { cwd: folder, timeout: INSTALL_MS })
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
    throw new Error(`npm install failed: ${reasonIn(said)}`, { cause: error })
  }
  return folder
}

/** What npm says of its failure, without its codes and without the place of its log. */
function reasonIn(said: string): string {
  const lines = said.split('\n').map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim())
  const telling = lines.find(
    (line) => line !== '' && !/^(code|errno|syscall|A complete log|npm warn)\b/i.test(line),
  )
  return (telling ?? 'it does not say why').slice(0, 200)
}
