import { GatewayError } from '../core/errors.ts'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** A name or an address, perhaps with a port. A URL would also take `evil.example@localhost` for localhost. */
const HOST = /^(?:\[[0-9a-f:.]+\]|[^\s:/?#@\\[\]]+)(?::\d+)?$/i

/** Accepted Host headers that are remembered: of each name there may be many spellings and ports. */
const MAX_KNOWN = 64

/** Names that the outside may use for this gateway. An allowed host with a port is allowed with this port only. */
export interface GuardOptions {
  readonly host: string
  readonly allowedHosts: readonly string[]
  readonly allowedOrigins: readonly string[]
}

/**
 * Refuses requests that a web page may have been tricked into sending: a Host header that is not ours (DNS rebinding) or
 * an Origin that is not allowed. Requests without an Origin come from programs and pass.
 * Source: MCP 2025-11-25 and 2026-07-28, basic/transports, "Security Warning".
 *
 * @throws GatewayError from the returned function
 */
export function createGuard({
  host,
  allowedHosts,
  allowedOrigins,
}: GuardOptions): (headers: {
  readonly host?: string | undefined
  readonly origin?: string | undefined
}) => void {
  const hosts = new Set([...LOOPBACK, bracketed(host), ...allowedHosts].map((name) => name.toLowerCase()))
  const origins = new Set(allowedOrigins.map((origin) => origin.toLowerCase()))
  const known = new Set<string>()
  return (headers) => {
    const { host: given = '', origin } = headers
    // Nearly all requests: a program with a host that was looked at before.
    if (origin === undefined && known.has(given)) return
    const name = HOST.test(given) ? hostnameOf(`http://${given}`) : undefined
    if (name === undefined || !(hosts.has(name) || hosts.has(given.toLowerCase()))) {
      throw new GatewayError('forbidden_host', `The Host header is ${quote(given)}.`)
    }
    if (known.size < MAX_KNOWN) known.add(given)
    if (origin === undefined || origins.has(origin.toLowerCase())) return
    const from = hostnameOf(origin)
    if (from === undefined || !LOOPBACK.includes(from)) {
      throw new GatewayError('forbidden_origin', `The Origin header is ${quote(origin)}.`)
    }
  }
}

function hostnameOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : undefined
}

function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 100))
}
