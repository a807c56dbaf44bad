#!/usr/bin/env node
/**
 * The first file of the program, in JavaScript that any Node can read. It imports the rest only after it has looked at
 * the version: an older Node would stop at syntax that it does not know, and say nothing of use.
 *
 * The compile cache halves the start and saves 20 MB: in a checkout it spares loading Node's type-stripping compiler.
 * It stands in the state folder and not in the system's folder for temporary files, where others could write.
 */
import module from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

const OLDEST_NODE = 24

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  process.stderr.write(`isogate needs Node ${OLDEST_NODE} or newer; this is ${process.versions.node}.\n`)
  process.exitCode = 1
} else {
  module.enableCompileCache(join(process.env['ISOGATE_HOME'] ?? join(homedir(), '.isogate'), 'compile-cache'))
  // A checkout has TypeScript, a published package has JavaScript.
  await import(import.meta.url.includes('/dist/src/') ? './main.js' : './main.ts')
}
