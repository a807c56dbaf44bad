/**
 * The first file of a cell in a checkout, where the code is TypeScript. Node's own type stripping would load a compiler
 * of 18 MB into every cell; sucrase is loaded in any case, because scripts are TypeScript too. A published package has
 * JavaScript and starts at main.js.
 */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

import { transform } from 'sucrase'

registerHooks({
  load(url, context, nextLoad) {
    if (!url.endsWith('.ts')) return nextLoad(url, context)
    const text = readFileSync(fileURLToPath(url), 'utf8')
    return {
      format: 'module',
      source: transform(text, { transforms: ['typescript'] }).code,
      shortCircuit: true,
    }
  },
})

await import('./main.ts')
