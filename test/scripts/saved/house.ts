import { randomUUID } from 'node:crypto'
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { expect } from 'vitest'

import { listenHttp, listenStdio, systemClock, type AssemblyPorts } from '../../../src/assemble.ts'
import { compileConfig, type Plan } from '../../../src/config/compile.ts'
import { CONFIG_SCHEMA, toConfig } from '../../../src/config/schema.ts'
import type { Call } from '../../../src/core/call.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import type { Backend, JournalRecord } from '../../../src/core/ports.ts'
import type { Principal } from '../../../src/core/principal.ts'
import type { Result } from '../../../src/core/result.ts'
import type { Gateway } from '../../../src/gateway/gateway.ts'
import { hashToken } from '../../../src/http/auth.ts'
import type { HttpServer } from '../../../src/http/server.ts'
import type { SavedScripts } from '../../../src/scripts/saved/saved-scripts.ts'
import { handMadeBackend, type HandMadeBackend, type HandMadeTool } from '../../gateway/hand-made-backend.ts'
import { TOKEN } from '../../gateway/open-house.ts'
import { assembleScripts } from './assemble.ts'
import { withAuto } from '../../gateway/auto-policy.ts'

/** What a test says of its gateway. */
export interface ScriptHouseParts {
  readonly servers?: Readonly<Record<string, Readonly<Record<string, HandMadeTool>>>>
  /** Files beside the configuration, by path. */
  readonly files?: Readonly<Record<string, string>>
  /** Beside the servers, as in a configuration. */
  readonly config?: object
  /** In the place of hand-made ones. */
  readonly createUpstream?: (name: string) => Backend
}

/** A whole gateway with saved scripts, in a folder of its own. */
export interface ScriptHouse extends AsyncDisposable {
  readonly folder: string
  readonly plan: Plan
  readonly gateway: Gateway
  readonly saved: SavedScripts
  readonly backends: Readonly<Record<string, HandMadeBackend>>
  readonly records: readonly JournalRecord[]
  /** What the log was told, warnings only. */
  readonly warnings: readonly string[]
  readonly write: (path: string, text: string | object) => void
  readonly readJson: (path: string) => JsonObject
  readonly call: (tool: string, args?: JsonObject, extra?: Partial<Call>) => Promise<Result>
  readonly listenHttp: () => Promise<HttpServer>
  readonly listenStdio: () => { close: () => Promise<void> }
  readonly close: () => Promise<void>
}

export const KEEPER: Principal = Object.freeze({ id: 'keeper', kind: 'local' })

/** The tools of a small tracker. */
export const TRACKER: Readonly<Record<string, HandMadeTool>> = {
  list_issues: {
    inputSchema: {
      type: 'object',
      properties: { repo: { type: 'string' }, state: { type: 'string' } },
      required: ['repo'],
      additionalProperties: false,
    },
    extra: { annotations: { readOnlyHint: true } },
    answer: ({ args }) => ({
      content: [
        {
          type: 'text',
          text: JSON.stringify([
            { id: 1, title: `${args['repo'] as string} is slow` },
            { id: 2, title: 'No docs' },
          ]),
        },
      ],
    }),
  },
  close_issue: {
    inputSchema: {
      type: 'object',
      properties: { repo: { type: 'string' }, id: { type: 'integer' } },
      required: ['repo', 'id'],
      additionalProperties: false,
    },
    answer: () => ({ content: [{ type: 'text', text: 'closed' }] }),
  },
}

/** A script over them. */
export const TITLES = `async (input) => {
  const issues = await tools.tracker.list_issues({ repo: input.repo })
  return { count: issues.length, titles: issues.map((issue) => issue.title) }
}
`

/** Its manifest; the files of a house that has it already. */
export const TITLES_FILES = {
  'scripts/titles.ts': TITLES,
  'scripts/titles.json': JSON.stringify({
    description: 'Titles of the issues of a repository.',
    input: {
      type: 'object',
      properties: { repo: { type: 'string' } },
      required: ['repo'],
      additionalProperties: false,
    },
    output: {
      type: 'object',
      properties: { count: { type: 'number' }, titles: { type: 'array', items: { type: 'string' } } },
      required: ['count', 'titles'],
    },
    uses: ['tracker.list_issues'],
  }),
}

export function openScriptHouse({
  servers = { tracker: TRACKER },
  files = {},
  config = {},
  createUpstream,
}: ScriptHouseParts = {}): ScriptHouse {
  const folder = mkdtempSync(join(tmpdir(), 'isogate-saved-'))
  const write = (path: string, text: string | object): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), typeof text === 'string' ? text : JSON.stringify(text))
  }
  for (const [path, text] of Object.entries(files)) write(path, text)
  const plan = compileConfig(
    toConfig(
      CONFIG_SCHEMA.parse({
        http: { port: 0 },
        sandbox: { maxCells: 2, warmIsolates: 1 },
        ...withAuto(config),
        servers: Object.fromEntries(Object.keys(servers).map((name) => [name, { command: 'made-by-hand' }])),
      }),
    ),
    folder,
  )
  const backends = Object.fromEntries(
    Object.entries(servers).map(([name, tools]) => [name, handMadeBackend(name, tools)]),
  )
  const records: JournalRecord[] = []
  const warnings: string[] = []
  const ports: AssemblyPorts = {
    clock: systemClock,
    version: '0.0.0',
    log: {
      error: (detail, message) => void warnings.push(`${message} ${JSON.stringify(detail)}`),
      warn: (detail, message) => void warnings.push(`${message} ${JSON.stringify(detail)}`),
      info: () => {},
      debug: () => {},
    },
  }
  const { gateway, saved } = assembleScripts({
    plan,
    log: ports.log,
    journal: { write: (record) => void records.push(record) },
    createUpstream: ({ name }) => createUpstream?.(name) ?? backends[name] ?? handMadeBackend(name, {}),
  })
  const open: { close: () => Promise<void> }[] = [gateway]
  const close = async (): Promise<void> => {
    for (const thing of open.splice(0).toReversed()) await thing.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return {
    folder,
    plan,
    gateway,
    saved,
    backends,
    records,
    warnings,
    write,
    readJson: (path) => JSON.parse(readFileSync(join(folder, path), 'utf8')) as JsonObject,
    call: (tool, args = {}, extra = {}) => {
      const dot = tool.indexOf('.')
      return gateway.handler({
        id: randomUUID(),
        door: 'mcp',
        principal: KEEPER,
        tool: { server: tool.slice(0, dot), name: tool.slice(dot + 1) },
        args,
        signal: new AbortController().signal,
        ...extra,
      })
    },
    listenHttp: async () => {
      const server = await listenHttp(plan, gateway, hashToken(TOKEN), ports)
      open.push(server)
      return server
    },
    listenStdio: () => {
      const door = listenStdio(gateway, ports)
      open.push(door)
      return door
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** The first text of a result. */
export function textIn({ content }: Result): string {
  const text = content[0]?.['text']
  return typeof text === 'string' ? text : ''
}

/** Waits until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries++) {
    if (tries > 600) expect.fail('It did not come about in time.')
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
