import type { EndpointPlan, Plan } from '../../config/compile.ts'
import type { CliPorts, DoorToken } from '../ports.ts'
import { createStyle } from './style.ts'

/** What a person who has just started the gateway wants to know. */
export interface DoorFacts {
  readonly plan: Plan
  /** The file of the configuration. */
  readonly path: string
  readonly url: string
  readonly token: DoorToken
  /** Absent: there is no admin API. */
  readonly admin?: { readonly url: string; readonly token: DoorToken }
}

const MODES: Readonly<Record<EndpointPlan['mode'], string>> = {
  auto: 'the classic tool list while it is small or the client searches it by itself, else Code Mode',
  code: 'Code Mode: a compact index and scripts',
  classic: 'the classic tool list',
  search: 'search, and calls of single tools',
}

const LOOPBACK = ['localhost', '127.0.0.1', '::1']

/** Tells where the gateway listens, what is there, the token if it is fresh, and how to connect a client. */
export function describeDoor(
  { version, stdout }: CliPorts,
  { plan, path, url, token, admin }: DoorFacts,
): string {
  const { bold, dim, warn } = createStyle(stdout)
  const places: readonly (readonly [path: string, what: string])[] = [
    ...plan.endpoints.map((endpoint) => [endpoint.path, MODES[endpoint.mode]] as const),
    ['/mcp/s/NAME', 'one server as it is'],
    ...plan.virtualServers.map(({ slug, mode }) => [`/mcp/v/${slug}`, MODES[mode]] as const),
  ]
  const width = Math.max(...places.map(([at]) => at.length))
  const endpoints = places.map(([at, what]) => `  ${at.padEnd(width)}  ${dim(what)}`)
  const shown = token.fresh ?? '<token>'
  const entry = {
    mcpServers: {
      isogate: { type: 'http', url: `${url}/mcp`, headers: { Authorization: `Bearer ${shown}` } },
    },
  }
  return [
    `${bold(`Isogate ${version}`)} listens on ${bold(url)}`,
    ...endpoints,
    ...(LOOPBACK.includes(plan.http.host)
      ? []
      : [warn('Other machines can reach this address. The token is all that keeps them out.')]),
    '',
    ...(token.fresh === undefined ? [] : [`Token, shown only this once: ${bold(token.fresh)}`, '']),
    ...(admin === undefined
      ? []
      : [
          `Admin API: ${bold(`${admin.url}/api/v1`)} ${dim('keys, approvals, audit; openapi.json tells more')}`,
          ...(admin.token.fresh === undefined
            ? []
            : [`Token of administrators, shown only this once: ${bold(admin.token.fresh)}`]),
          '',
        ]),
    'Connect Claude Code:',
    `  claude mcp add --transport http isogate ${url}/mcp --header "Authorization: Bearer ${shown}"`,
    'Clients that keep their servers in JSON (Cursor, Gemini CLI and others):',
    `  ${JSON.stringify(entry)}`,
    'Clients that only start processes:',
    `  isogate stdio --config ${/^[\w./-]+$/.test(path) ? path : JSON.stringify(path)}`,
    '',
    '',
  ].join('\n')
}
