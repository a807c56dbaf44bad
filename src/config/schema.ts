import { z } from 'zod'
import { SERVER_NAME_PATTERN } from '../core/tool.ts'
import { MIB, MINUTE_MS, globs, integer, texts } from './schema/fields.ts'
import { CODE_MODE } from './schema/code-mode.ts'
import { ADMIN } from './schema/admin.ts'
import { APPROVALS } from './schema/approvals.ts'
import { AUDIT } from './schema/audit.ts'
import { AUTO } from './schema/auto.ts'
import { SEARCH_SCHEMA } from './schema/embeddings.ts'
import { KEYS, ORGANISATIONS, TEAMS } from './schema/identity.ts'
import { LIMITS_SCHEMA, PRICES } from './schema/limits.ts'
import { MODE } from './schema/mode.ts'
import { POLICY_FIELDS } from './schema/policy.ts'
import { SCRIPTS_SCHEMA } from './schema/scripts.ts'
import { SERVER_SCHEMA } from './schema/server.ts'
import { STORE_SCHEMA } from './schema/store.ts'
import { SLUG_PATTERN, VIRTUAL_SERVER_SCHEMA } from './schema/virtual-server.ts'

/*
 * The one source of the parser, the types, the published JSON Schema and the tables of
 * docs/configuration.md. What concerns more than one field is in checks.ts: zod skips such checks
 * where a field is wrong, and all errors are to be shown at once.
 */

function servers(text: string) {
  return z
    .record(z.string(), SERVER_SCHEMA)
    .describe(text)
    .meta({ propertyNames: { pattern: SERVER_NAME_PATTERN.source } })
}

const POLICY = z
  .strictObject({
    allow: globs()
      .default([])
      .describe(
        'If not empty, only tools that match one of these globs (and the allow list of their server) can be used.',
      ),
    deny: globs()
      .default([])
      .describe('Tools that match one of these globs cannot be used, whatever else allows them.'),
    readOnly: globs()
      .default([])
      .describe('Tools that only read, whatever their server says: a dry run calls them for real.'),
    writes: globs()
      .default([])
      .describe('Tools that change something, whatever their server says: a dry run never calls them.'),
    ...POLICY_FIELDS,
  })
  .prefault({})
  .describe(
    'Which tools can be seen and called, by whom and how, over all servers: globs (`*`, `?`) over `server.tool`. The strictest wins.',
  )

const FIXED_ENDPOINT = z.strictObject({}).prefault({})

const ENDPOINTS = z
  .strictObject({
    '/mcp': z
      .strictObject({
        mode: MODE.optional().describe('Mode of this endpoint. Absent: the top-level `mode`.'),
      })
      .prefault({})
      .describe('The endpoint for every client.'),
    '/mcp/code': FIXED_ENDPOINT.describe('Always Code Mode.'),
    '/mcp/classic': FIXED_ENDPOINT.describe('Always the classic tool list.'),
  })
  .prefault({})
  .describe('The MCP endpoints. All three are always there; `virtualServers` adds others.')

const HTTP = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .max(255)
      .default('127.0.0.1')
      .describe('Address to listen on. Loopback unless you change it.'),
    port: integer(0, 65_535, 7333, 'Port to listen on; 0 takes a free one.'),
    token: z
      .string()
      .max(4096)
      .optional()
      .describe(
        'Bearer token that callers must send, at least 16 characters. Absent: one is made at the first start.',
      ),
    allowedHosts: texts(256)
      .default([])
      .describe('Names (`host` or `host:port`) that the Host header may carry besides those of loopback.'),
    allowedOrigins: texts(256)
      .default([])
      .describe('Origins (`https://app.example.com`) of web pages that may call the gateway.'),
    maxBodyBytes: integer(1024, 256 * MIB, 4 * MIB, 'Size of the largest request body, in bytes.'),
  })
  .prefault({})
  .describe('The HTTP server of the gateway.')

const RUN_LIMITS = z
  .strictObject({
    wallMs: integer(10, 60 * MINUTE_MS, 60_000, 'Time from start to end, in milliseconds.'),
    cpuMs: integer(10, 10 * MINUTE_MS, 10_000, 'Processor time, in milliseconds.'),
    memoryMb: integer(8, 4096, 128, 'Heap of the isolate, in megabytes.'),
    calls: integer(0, 1_000_000, 1000, 'Calls that one run may make.'),
    callsPerTool: integer(0, 1_000_000, 500, 'Calls of one tool that one run may make.'),
    parallelCalls: integer(1, 1024, 16, 'Calls of one run that are in flight at the same time.'),
    codeBytes: integer(64, 16 * MIB, 262_144, 'Size of the script, in bytes.'),
    logBytes: integer(0, 64 * MIB, 65_536, 'Bytes that the script may log; more is cut.'),
    argumentBytes: integer(64, 256 * MIB, 8 * MIB, 'Bytes of the arguments of all calls together.'),
    resultBytes: integer(64, 1024 * MIB, 64 * MIB, 'Bytes of the results of all calls together.'),
    valueBytes: integer(64, 64 * MIB, 4 * MIB, 'Bytes of the value that the script returns.'),
  })
  .prefault({})
  .describe('Limits of one run. Each is enforced on its own.')

const SANDBOX = z
  .strictObject({
    maxCells: integer(1, 256, 8, 'Processes that run scripts at the same time.'),
    warmIsolates: integer(0, 64, 2, 'Isolates that are kept ready, so that a run starts at once.'),
    cellMemoryMb: integer(
      64,
      65_536,
      512,
      'Resident memory of one cell, in megabytes; a larger one is ended.',
    ),
    queue: integer(0, 65_536, 64, 'Runs that wait for a cell; one more is refused as `sandbox_busy`.'),
    limits: RUN_LIMITS,
  })
  .prefault({})
  .describe('Where scripts run.')

const LOG = z
  .strictObject({
    level: z
      .enum(['silent', 'error', 'warn', 'info', 'debug'])
      .default('info')
      .describe('The least that is logged.'),
  })
  .prefault({})
  .describe('The log of the gateway, on its standard error.')

/** The configuration document. */
export const CONFIG_SCHEMA = z
  .strictObject({
    $schema: z.string().max(4096).optional().describe('Address of the JSON Schema, for editors. Not read.'),
    servers: servers('The MCP servers behind the gateway, by name.').default({}),
    mcpServers: servers(
      'The same as `servers`, as clients call it. Only one of the two may be there.',
    ).optional(),
    policy: POLICY,
    limits: LIMITS_SCHEMA,
    prices: PRICES,
    organisations: ORGANISATIONS,
    teams: TEAMS,
    keys: KEYS,
    approvals: APPROVALS,
    audit: AUDIT,
    admin: ADMIN,
    mode: MODE.default('auto').describe(
      'How tools are shown: `classic` lists them, `code` offers search and scripts, `search` offers search and single calls, `auto` chooses by their size and by the client.',
    ),
    autoThresholdTokens: integer(
      0,
      1_000_000,
      800,
      'Mode `auto`: classic up to this many tokens of visible tool definitions (estimated); above it code, or search where scripts are denied.',
    ),
    auto: AUTO,
    endpoints: ENDPOINTS,
    virtualServers: z
      .record(z.string(), VIRTUAL_SERVER_SCHEMA)
      .default({})
      .describe('Further endpoints with a part of what there is, at `/mcp/v/<name>`.')
      .meta({ propertyNames: { pattern: SLUG_PATTERN.source } }),
    http: HTTP,
    sandbox: SANDBOX,
    store: STORE_SCHEMA,
    scripts: SCRIPTS_SCHEMA,
    codeMode: CODE_MODE,
    search: SEARCH_SCHEMA,
    timeoutMs: integer(
      100,
      1440 * MINUTE_MS,
      2 * MINUTE_MS,
      'Deadline of a call that brings none of its own, in milliseconds.',
    ),
    log: LOG,
  })
  .describe('Configuration of the Isogate MCP gateway.')

type Document = z.output<typeof CONFIG_SCHEMA>

/** How a client is shown the tools. */
export type Mode = z.output<typeof MODE>

/** One virtual server of a configuration, defaults filled in. */
export type VirtualServerConfig = z.output<typeof VIRTUAL_SERVER_SCHEMA>

/** One server of a configuration, defaults filled in. */
export type ServerConfig = z.output<typeof SERVER_SCHEMA>

/** A configuration as read: references resolved, defaults filled in, `mcpServers` merged into `servers`. */
export type Config = Readonly<Omit<Document, 'mcpServers' | '$schema'>>

/** Makes a Config of what CONFIG_SCHEMA parsed. */
export function toConfig({ $schema: _schema, mcpServers, ...document }: Document): Config {
  return { ...document, servers: mcpServers ?? document.servers }
}
