import { z } from 'zod'
import { MIB, MINUTE_MS, globs, integer } from './fields.ts'

const TOOLS = z
  .strictObject({
    allow: globs()
      .optional()
      .describe(
        'Only tools whose name matches one of these globs can be used. Absent: all of them. Empty: none.',
      ),
    deny: globs()
      .default([])
      .describe('Tools whose name matches one of these globs cannot be used, even if they are allowed.'),
  })
  .prefault({})
  .describe(
    'Which tools of the server can be seen and called: globs (`*`, `?`) over the names that the server gave them.',
  )

function offered(what: string, named: string) {
  return z
    .strictObject({
      allow: globs()
        .optional()
        .describe(
          `Only ${what} with ${named} that matches one of these globs can be used. Absent: all of them.`,
        ),
      deny: globs()
        .default([])
        .describe(
          `${what[0]?.toUpperCase()}${what.slice(1)} with ${named} that matches one of these globs cannot be used.`,
        ),
    })
    .prefault({})
    .describe(`Which ${what} of the server can be seen and used.`)
}

const TIMEOUTS = z
  .strictObject({
    connectMs: integer(
      100,
      10 * MINUTE_MS,
      30_000,
      'Time to start or reach the server and to shake hands, in milliseconds.',
    ),
    listMs: integer(100, 10 * MINUTE_MS, 15_000, 'Time to list the tools, in milliseconds.'),
    callMs: integer(100, 1440 * MINUTE_MS, 60_000, 'Time of one call, in milliseconds.'),
  })
  .prefault({})
  .describe('How long the gateway waits for the server.')

const SERVER_LIMITS = z
  .strictObject({
    concurrency: integer(1, 1024, 16, 'Calls that are in flight at the server at the same time.'),
    queue: integer(0, 65_536, 256, 'Calls that wait for their turn; one more is refused as `overloaded`.'),
    maxMessageBytes: integer(
      1024,
      1024 * MIB,
      32 * MIB,
      'Size of the largest message that is accepted from the server, in bytes.',
    ),
  })
  .prefault({})
  .describe('What the server may take of the gateway.')

/** One server of the document. */
export const SERVER_SCHEMA = z
  .strictObject({
    command: z
      .string()
      .min(1)
      .max(4096)
      .optional()
      .describe('Program to start; the server speaks MCP over its standard input and output.'),
    args: z.array(z.string().max(65_536)).max(1024).optional().describe('Arguments of the program.'),
    env: z
      .record(z.string(), z.string().max(65_536))
      .optional()
      .describe('Environment variables of the program. Only these and a few harmless ones are handed on.'),
    cwd: z
      .string()
      .min(1)
      .max(4096)
      .optional()
      .describe('Working folder of the program, relative to this file. Absent: the folder of this file.'),
    url: z
      .string()
      .min(1)
      .max(8192)
      .optional()
      .describe('Address of a server that speaks Streamable HTTP, or the older HTTP+SSE.'),
    transport: z
      .enum(['auto', 'streamable-http', 'sse'])
      .default('auto')
      .describe(
        'How a server with a `url` is spoken to. `sse`: by HTTP+SSE, as of MCP 2024-11-05. `auto`: by Streamable HTTP, and by HTTP+SSE where the address does not take that.',
      ),
    headers: z
      .record(z.string(), z.string().max(65_536))
      .optional()
      .describe('HTTP headers that are sent with every request to the server.'),
    enabled: z
      .boolean()
      .default(true)
      .describe('False: the server is not started, and its references are not resolved.'),
    start: z
      .enum(['eager', 'lazy'])
      .default('eager')
      .describe(
        'When the server runs. `lazy`: it is started once to list its tools, stopped, and started again at the first call.',
      ),
    idleStopMs: z
      .int()
      .min(1_000)
      .max(1440 * MINUTE_MS)
      .optional()
      .describe(
        'Stops the server when it was not called for so long, in milliseconds; its tools stay listed and a call starts it again. Absent: never.',
      ),
    probeMs: integer(
      0,
      60 * MINUTE_MS,
      30_000,
      'Asks a server with a `url` whether it is there when nothing was heard from it for about so long, in milliseconds. 0: never.',
    ),
    retry: z
      .enum(['none', 'idempotent'])
      .default('none')
      .describe(
        'Which calls are made again after the connection failed. `idempotent`: those of tools that the server annotates as `idempotentHint` or `readOnlyHint`, at most twice more; write it only for a server whose word you trust.',
      ),
    connection: z
      .enum(['auto', 'shared', 'client'])
      .default('auto')
      .describe(
        'Who shares the connection to the server. `shared`: all clients, so the server can ask none of them anything. `client`: each client that can be asked (elicitation, sampling, roots) has its own, for a program a process of its own. `auto`: `client` for a `url`, `shared` for a `command`. Servers of MCP 2026-07-28 can always ask.',
      ),
    tools: TOOLS,
    prompts: offered('prompts', 'a name'),
    resources: offered('resources', 'a URI'),
    timeouts: TIMEOUTS,
    limits: SERVER_LIMITS,
  })
  .describe('One MCP server: either `command` (a program) or `url` (an address).')
