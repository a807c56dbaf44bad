import { isDeeperThan, isJsonObject } from '../../../core/json.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { Offer } from '../../../core/ports.ts'
import type { QuarantinedTool, ToolSpec } from '../../../core/tool.ts'
import type { Redactor } from '../../../secrets/redactor.ts'
import { toToolSpec } from '../../map.ts'
import type { Connection } from '../wire/connection.ts'
import { readPages } from './pages.ts'

/** How deep the definition of a prompt or resource may be nested. */
const DEPTH = 64
/** How large it may be, bytes of JSON. */
const BYTES = 256 * 1_024
/** The longest name or URI, characters. */
const NAME_CHARACTERS = 8_192

/** All that an upstream said of what it has. */
export interface Listing {
  readonly tools: readonly ToolSpec[]
  readonly quarantined: readonly QuarantinedTool[]
  readonly offer: Offer
}

const EMPTY_OFFER: Offer = Object.freeze({ prompts: [], resources: [], templates: [], capabilities: {} })
export const EMPTY_LISTING: Listing = Object.freeze({ tools: [], quarantined: [], offer: EMPTY_OFFER })

/** What a server listed, as it came. */
interface RawListing {
  readonly tools: readonly unknown[]
  /** Why the list of tools was cut, where it was. */
  readonly cut?: string
  readonly prompts: readonly unknown[]
  readonly resources: readonly unknown[]
  readonly templates: readonly unknown[]
  /** The answer to the handshake. */
  readonly greeting: JsonObject
}

/**
 * Lists what an upstream has, all pages of everything. What is wrong with one tool costs only that tool; a list of prompts
 * or resources that fails costs only that list, and what was known of it is kept.
 *
 * Rejects with a TransportFault where the upstream does not list its tools.
 *
 * @param before The last listing of this upstream.
 * @param timeoutMs For each list.
 * @param redact Takes secrets out of it: a server may write its environment into a description.
 */
export async function listAll(
  server: string,
  { exchange, era }: Pick<Connection, 'exchange' | 'era'>,
  before: Listing,
  timeoutMs: number,
  signal: AbortSignal,
  redact: Redactor['json'],
): Promise<Listing> {
  const greeting = exchange.greeting()
  const can = isJsonObject(greeting['capabilities']) ? greeting['capabilities'] : {}
  const others = async (
    isThere: boolean,
    method: string,
    member: string,
    known: readonly JsonObject[],
  ): Promise<readonly unknown[]> => {
    if (!isThere) return []
    return readPages(exchange, method, member, timeoutMs, signal).then(
      ({ items }) => items,
      () => known,
    )
  }
  const hasResources = can['resources'] !== undefined
  const { offer } = before
  const [{ items: tools, cut }, prompts, resources, templates] = await Promise.all([
    readPages(exchange, 'tools/list', 'tools', timeoutMs, signal),
    others(can['prompts'] !== undefined, 'prompts/list', 'prompts', offer.prompts),
    others(hasResources, 'resources/list', 'resources', offer.resources),
    others(hasResources, 'resources/templates/list', 'resourceTemplates', offer.templates),
  ])
  const raw = { tools, prompts, resources, templates, greeting, ...(cut === undefined ? {} : { cut }) }
  return readListing(server, redact(raw), era === 'modern' && exchange.shape === 'http')
}

/**
 * Reads what a server listed.
 *
 * @param repeatsArguments True where arguments are repeated in HTTP headers if a definition asks for it.
 */
export function readListing(server: string, raw: RawListing, repeatsArguments = false): Listing {
  const { capabilities, instructions } = raw.greeting
  const definitions = (items: readonly unknown[], id: string): readonly JsonObject[] =>
    items.filter((item): item is JsonObject => isDefinition(item, id))
  return {
    ...readTools(server, raw.tools, raw.cut, repeatsArguments),
    offer: {
      prompts: definitions(raw.prompts, 'name'),
      resources: definitions(raw.resources, 'uri'),
      templates: definitions(raw.templates, 'uriTemplate'),
      capabilities: isJsonObject(capabilities) ? capabilities : {},
      ...(typeof instructions === 'string' ? { instructions } : {}),
    },
  }
}

function readTools(
  server: string,
  items: readonly unknown[],
  cut: string | undefined,
  repeatsArguments: boolean,
): Pick<Listing, 'tools' | 'quarantined'> {
  const tools = new Map<string, ToolSpec>()
  const quarantined: QuarantinedTool[] = []
  for (const [index, raw] of items.entries()) {
    const read = toToolSpec(server, raw, index + 1, repeatsArguments)
    if ('reason' in read) quarantined.push(read)
    else if (tools.has(read.ref.name)) {
      const reason = 'Another tool of this server has the same name.'
      quarantined.push({ server, name: read.ref.name, reason })
    } else tools.set(read.ref.name, read)
  }
  if (cut !== undefined) quarantined.push({ server, name: `#${items.length + 1}`, reason: cut })
  return { tools: [...tools.values()], quarantined }
}

/** What cannot be named cannot be used; what is monstrous is not relayed. */
function isDefinition(item: unknown, id: string): boolean {
  if (!isJsonObject(item) || isDeeperThan(item, DEPTH)) return false
  const name = item[id]
  if (typeof name !== 'string' || name === '' || name.length > NAME_CHARACTERS) return false
  return Buffer.byteLength(JSON.stringify(item)) <= BYTES
}
