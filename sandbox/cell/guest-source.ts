import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { parse } from 'acorn'
import { transform } from 'sucrase'

/** The global under which the guest hands its functions to the cell. The guest deletes it before any script runs. */
export const BRIDGE_GLOBAL = '__isogate'

const IMPORT = /^import [^;]*? from '(\.\/[\w-]+\.[jt]s)';?$/gm
const EXPORT = /^export (?=(?:const|function|class) )/gm

/**
 * The guest as one script: its modules in order of dependency, in one scope, because a start-up snapshot can hold
 * scripts and not modules. Real modules in a folder of their own, so that they are checked and tested like all code;
 * a checkout has them as TypeScript, a published package as JavaScript.
 *
 * @throws Error where two modules declare the same name, which one scope cannot hold
 */
export function loadGuestSource(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const seen = new Set<string>()
  const parts: string[] = []
  const load = (specifier: string): void => {
    if (seen.has(specifier)) return
    seen.add(specifier)
    const text = readFileSync(fileURLToPath(new URL(`../guest/${specifier}`, import.meta.url)), 'utf8')
    const code =
      extension === 'ts'
        ? transform(text, { transforms: ['typescript'], disableESTransforms: true }).code
        : text
    for (const match of code.matchAll(IMPORT)) load(match[1] as string)
    parts.push(code.replaceAll(IMPORT, '').replaceAll(EXPORT, ''))
  }
  load(`./bridge.${extension}`)
  const body = parts.join('\n')
  // As a module, a name that is declared twice is an error; in a function it would silently win.
  parse(body, { ecmaVersion: 'latest', sourceType: 'module' })
  return `(() => {\n'use strict'\n${body}\nglobalThis.${BRIDGE_GLOBAL} = { boot, start, settle }\n})()`
}
