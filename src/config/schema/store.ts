import { resolve } from 'node:path'

import { z } from 'zod'
import { integer, MIB, MINUTE_MS } from './fields.ts'

const DAY_MS = 1440 * MINUTE_MS

/** The section `store`. */
export const STORE_SCHEMA = z
  .strictObject({
    path: z
      .union([z.string().min(1).max(4096), z.literal(false)])
      .optional()
      .describe(
        'File of the store, relative to the configuration. Absent: `isogate.db` in the state folder. `false`: everything is in memory, and gone at the end.',
      ),
    url: z
      .string()
      .regex(/^postgres(?:ql)?:\/\//, 'expected `postgresql://…`')
      .max(4096)
      .optional()
      .describe(
        'Address of a PostgreSQL database, in the place of a file: `postgresql://user:password@host/database`; write a reference.',
      ),
    keys: z
      .array(z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'expected 32 bytes in base64'))
      .min(1)
      .max(16)
      .optional()
      .describe(
        'Keys that values are encrypted with, 32 bytes in base64 each; write references. The first one encrypts, the others still decrypt. Absent: `store.key` in the state folder; it is made at the first start.',
      ),
    handleBytes: integer(
      0,
      64 * 1024 * MIB,
      256 * MIB,
      'Bytes of all kept values together; a caller may have a quarter of it, one value a sixteenth.',
    ),
    handleTtlMs: integer(1_000, 30 * DAY_MS, 60 * MINUTE_MS, 'How long a value is kept, in milliseconds.'),
    runTtlMs: integer(
      1_000,
      365 * DAY_MS,
      7 * DAY_MS,
      'How long a suspended run can be resumed, in milliseconds.',
    ),
  })
  .prefault({})
  .describe('Where suspended runs, kept values and what was learned are stored.')

/** What the store of a gateway is opened with. */
export interface StorePlan {
  /** The file, absolute; `false` for in memory, absent for the file in the state folder. */
  readonly path?: string | false
  /** In the place of a file. */
  readonly url?: string
  /** Base64, the one that encrypts first. */
  readonly keys?: readonly string[]
  readonly handleBytes: number
  readonly handleTtlMs: number
  readonly runTtlMs: number
}

/** Compiles the section; `baseDir` is where a relative path begins. */
export function toStorePlan(
  { path, url, keys, ...bounds }: z.output<typeof STORE_SCHEMA>,
  baseDir: string,
): StorePlan {
  return {
    ...bounds,
    ...(path === undefined ? {} : { path: path === false ? false : resolve(baseDir, path) }),
    ...(url === undefined ? {} : { url }),
    ...(keys === undefined ? {} : { keys: [...keys] }),
  }
}
