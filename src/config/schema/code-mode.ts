import { z } from 'zod'
import { MIB, integer, texts } from './fields.ts'

/** How Code Mode is shown and how its scripts are treated. */
export const CODE_MODE = z
  .strictObject({
    check: z
      .enum(['error', 'warn', 'off'])
      .default('error')
      .describe(
        'The type check before a run: `error` refuses a script with mistakes, `warn` runs it and tells them, `off` does not check. A script may ask for less.',
      ),
    catalogTokens: z
      .int()
      .min(0)
      .max(100_000)
      .optional()
      .describe(
        'Tokens that the instructions spend on servers and signatures (estimated). 0: only how many there are. Absent: all signatures where they fit into 800 tokens, else only the servers and what is pinned.',
      ),
    pinned: texts(512)
      .default([])
      .describe('Tools that come first in the instructions, as `server.tool`, whatever they cost.'),
    shownBytes: integer(
      256,
      4 * MIB,
      65_536,
      'Size of a value that is shown whole, in bytes; a larger one is cut and kept under a handle.',
    ),
  })
  .prefault({})
  .describe('Code Mode: what a model is told, and how its scripts are treated.')
