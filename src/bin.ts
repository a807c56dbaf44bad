#!/usr/bin/env node
/**
 * The first file of the program. It imports nothing before it has looked at the version of Node: an older one would
 * stop at syntax that it does not know, and say nothing of use.
 */
const OLDEST_NODE = 24

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  process.stderr.write(`isogate needs Node ${OLDEST_NODE} or newer; this is ${process.versions.node}.\n`)
  process.exitCode = 1
} else {
  await import('./main.ts')
}
