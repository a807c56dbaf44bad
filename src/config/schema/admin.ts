import { z } from 'zod'
import { integer, texts } from './fields.ts'

/** The section `admin`. */
export const ADMIN = z
  .strictObject({
    enabled: z.boolean().default(true).describe('False: there is no admin API.'),
    host: z.string().min(1).max(255).default('127.0.0.1').describe('Address to listen on.'),
    port: integer(0, 65_535, 7334, 'Port to listen on, beside that of `http`; 0 takes a free one.'),
    allowedHosts: texts(256)
      .default([])
      .describe('Names (`host` or `host:port`) that the Host header may carry besides those of loopback.'),
    token: z
      .string()
      .min(16)
      .max(4096)
      .optional()
      .describe(
        'Bearer token of administrators, at least 16 characters; write a reference. Absent: one is made at the first start.',
      ),
  })
  .prefault({})
  .describe('The admin API, on a listener of its own.')

/** The section as it is used. */
export type AdminPlan = z.output<typeof ADMIN>
