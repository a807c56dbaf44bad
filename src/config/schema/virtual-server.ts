import { z } from 'zod'
import { globs } from './fields.ts'
import { MODE } from './mode.ts'

/** A slug is a part of an address: lower case only, so that no two differ by case alone. */
export const SLUG_PATTERN = /^[a-z][a-z0-9_-]{0,31}$/

/** One entry of `virtualServers`. */
export const VIRTUAL_SERVER_SCHEMA = z.strictObject({
  title: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe('Name for people; the first words of the instructions.'),
  instructions: z
    .string()
    .min(1)
    .max(8192)
    .optional()
    .describe('What clients are told, in the place of what Isogate says, at most 8192 characters.'),
  mode: MODE.optional().describe('How tools are shown here. Absent: the top-level `mode`.'),
  tools: globs()
    .default([])
    .describe('Tools that are there, as globs over `server.tool`. What the policy denies stays denied.'),
  prompts: globs().default([]).describe('Prompts that are there, as globs over `server.prompt`.'),
  resources: globs().default([]).describe('Resources that are there, as globs over `server.uri`.'),
})
