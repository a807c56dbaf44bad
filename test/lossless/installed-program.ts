import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The file of the first program of a package that was installed into a folder. `pack` is `name@version`. */
export async function findProgram(installed: string, pack: string): Promise<string> {
  const folder = join(installed, 'node_modules', pack.slice(0, pack.lastIndexOf('@')))
  const { bin } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    bin?: string | Record<string, string>
  }
  const [file] = typeof bin === 'string' ? [bin] : Object.values(bin ?? {})
  if (file === undefined) throw new Error(`${pack} has no program`)
  return join(folder, file)
}
