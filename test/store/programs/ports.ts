import { randomBytes } from 'node:crypto'

import type { StorePlace, StorePorts } from '../../../src/store/store.ts'

/** A store as a process of its own opens it: with the clock of the machine. */
export function realPorts(path: string): StorePlace & StorePorts {
  const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() }
  return { path, clock, random: randomBytes, onFault: (error) => process.stderr.write(`${error.message}\n`) }
}
