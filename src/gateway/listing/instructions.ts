import type { Door } from '../../core/call.ts'
import type { Principal } from '../../core/principal.ts'
import type { Gateway } from '../gateway.ts'

/** What one server may say, and all of them together, characters: each client reads it at every start. */
const SERVER_CHARACTERS = 600
const ALL_CHARACTERS = 4_000

/** What a client is told where it sees the tools themselves. */
export function classicInstructions(gateway: Gateway, principal: Principal, door: Door): string {
  return [
    'Tools of several servers; a name is server__tool.',
    ...serverInstructions(gateway, principal, door),
  ].join('\n')
}

/** What a client is told where it sees the tools of Code Mode: how they are used, and the compact index. */
export function codeInstructions(gateway: Gateway, principal: Principal, door: Door): string {
  const index = gateway.snapshot().index()
  // What a script cannot call is not told of, whatever the client may call itself.
  const visible = new Set(gateway.visibleTools(principal, 'script'))
  const { catalogTokens, pinned } = gateway.configuration().plan.codeMode
  return [
    'How run_script is used: guide://isogate/scripts.',
    index.renderCatalog({
      visible: (spec) => visible.has(spec),
      pinned,
      ...(catalogTokens === undefined ? {} : { budgetTokens: catalogTokens }),
    }),
    // Whoever asks for nothing beforehand gets nothing of the servers' own words either.
    ...(catalogTokens === 0 ? [] : serverInstructions(gateway, principal, door)),
  ].join('\n')
}

/** What a client is told where it finds tools and calls them one by one: how, and which servers there are. */
export function searchInstructions(gateway: Gateway, principal: Principal, door: Door): string {
  const visible = new Set(gateway.visibleTools(principal, door))
  return [
    'search_tools finds tools, describe_tools gives their JSON Schemas, call_tool calls one by its name (server__tool).',
    gateway
      .snapshot()
      .index()
      .renderServers((spec) => visible.has(spec)),
    ...serverInstructions(gateway, principal, door),
  ].join('\n')
}

/** What the servers say for themselves, each of them under its name and cut: they are strangers' words. */
function serverInstructions(gateway: Gateway, principal: Principal, door: Door): readonly string[] {
  const offers = gateway.snapshot().offers()
  const servers = new Set(gateway.visibleTools(principal, door).map(({ ref }) => ref.server))
  const lines: string[] = []
  let left = ALL_CHARACTERS
  for (const server of servers) {
    const said = offers.of(server)?.instructions?.trim().replaceAll(/\s+/g, ' ') ?? ''
    if (said === '' || left <= 0) continue
    const most = Math.min(SERVER_CHARACTERS, left)
    const text = said.length > most ? `${said.slice(0, most)}…` : said
    left -= text.length
    lines.push(`${server} says: ${text}`)
  }
  return lines
}
