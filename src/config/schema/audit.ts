import { resolve } from 'node:path'

import { z } from 'zod'
import { integer, MINUTE_MS } from './fields.ts'

const DAY_MS = 1440 * MINUTE_MS

/** The section `audit`. */
export const AUDIT = z
  .strictObject({
    enabled: z.boolean().default(true).describe('False: nothing is recorded.'),
    durability: z
      .enum(['auto', 'strict', 'batched'])
      .default('auto')
      .describe(
        'When the record of a call is on the disk. `strict`: before its answer leaves. `batched`: at most 50 ms later. `auto`: strict for calls that change something.',
      ),
    arguments: z
      .enum(['hash', 'store', 'none'])
      .default('hash')
      .describe(
        'What is recorded of the arguments of calls: their hash, themselves (encrypted), or nothing.',
      ),
    retentionDays: integer(1, 36_500, 400, 'How long records are kept, in days.'),
    checkpointRows: integer(1, 1_000_000, 1_000, 'A signature is put under the chain after so many records.'),
    checkpointMs: integer(
      1_000,
      DAY_MS,
      MINUTE_MS,
      'And after so long, in milliseconds, where there are new records.',
    ),
    keyFile: z
      .string()
      .min(1)
      .max(4096)
      .optional()
      .describe(
        'Private key that signs, Ed25519 in PEM, relative to the configuration. Absent: `audit.key` in the state folder; it is made at the first start.',
      ),
  })
  .prefault({})
  .describe('The record of everything that happens.')

/** The section as it is used. */
export type AuditPlan = z.output<typeof AUDIT>

/** Compiles the section. */
export function toAuditPlan({ keyFile, ...audit }: AuditPlan, baseDir: string): AuditPlan {
  return { ...audit, ...(keyFile === undefined ? {} : { keyFile: resolve(baseDir, keyFile) }) }
}
