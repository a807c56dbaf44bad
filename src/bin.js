#!/usr/bin/env node
/**
 * The first file of the program, in JavaScript that any Node can read. It imports the rest only after it has looked at
 * the version: an older Node would stop at syntax that it does not know, and say nothing of use.
 *
 * The compile cache halves the start and saves 20 MB: in a checkout it spares loading Node's type-stripping compiler.
 * It stands in the state folder and not in the system's folder for temporary files, where others could write.
 */
import { mkdirSync } from 'node:fs'
import module from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

const OLDEST_NODE = 24

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  process.stderr.write(`isogate needs Node ${OLDEST_NODE} or newer; this is ${process.versions.node}.\n`)
  process.exitCode = 1
} else {
  const home = process.env['ISOGATE_HOME'] || join(homedir(), '.isogate')
  try {
    // The state folder is private from its first moment on.
    mkdirSync(home, { recursive: true, mode: 0o700 })
    module.enableCompileCache(join(home, 'compile-cache'))
  } catch {
    // Without a cache everything works, only later.
  }
  // A checkout has TypeScript, a published package has JavaScript.
  await import(import.meta.url.includes('/dist/src/') ? './main.js' : './main.ts')
}
