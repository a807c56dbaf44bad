import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * The modules of the guest, by the specifier with which they import each other. The guest is our own code in a folder
 * of its own; a checkout has it as TypeScript, a published package as JavaScript.
 */
export interface GuestSource {
  readonly entry: string
  readonly modules: ReadonlyMap<string, string>
}

const IMPORT = /from '(\.\/[\w-]+\.[jt]s)'/g

/** Reads the guest's modules, starting at the bridge. Called once, when the cell starts. */
export function loadGuestSource(): GuestSource {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const entry = `./bridge.${extension}`
  const modules = new Map<string, string>()
  const load = (specifier: string): void => {
    if (modules.has(specifier)) return
    const text = readFileSync(fileURLToPath(new URL(`../guest/${specifier}`, import.meta.url)), 'utf8')
    const code = extension === 'ts' ? stripTypeScriptTypes(text) : text
    modules.set(specifier, code)
    for (const match of code.matchAll(IMPORT)) load(match[1] as string)
  }
  load(entry)
  return { entry, modules }
}
