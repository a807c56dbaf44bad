import type { JsonObject } from '../core/json.ts'
import type { Offer } from '../core/ports.ts'
import { toolKey, type ToolRef } from '../core/tool.ts'
import { createNames } from './names.ts'
import { addressOf, createAddressReader } from './addresses.ts'

/** Something that a server offers, with the name under which it is exposed beside those of other servers. */
export interface Offered {
  readonly ref: ToolRef
  /** A prompt: `server__prompt`. A resource or template: its URI, or an address of Isogate where another server has the same. */
  readonly exposed: string
  /** As the server gave it. */
  readonly definition: JsonObject
}

/** The immutable directory of the prompts and resources of one revision, in the order of the servers. */
export interface Offers {
  readonly prompts: readonly Offered[]
  readonly resources: readonly Offered[]
  readonly templates: readonly Offered[]
  /** The prompt that a name means. */
  readonly prompt: (name: string) => ToolRef | undefined
  /** True where the server listed a prompt of this name. */
  readonly hasPrompt: (ref: ToolRef) => boolean
  /** What a server said that it has; undefined for one that has said nothing yet. */
  readonly of: (server: string) => Offer | undefined
  /** The resource that a URI means: of the servers that may have it, the first that is visible. */
  readonly resource: (uri: string, visible: (ref: ToolRef) => boolean) => ToolRef | undefined
  /** The URI under which a resource is exposed. */
  readonly exposedUri: (ref: ToolRef) => string
}

/** Makes the directory of what servers offer. */
export function createOffers(servers: readonly (readonly [server: string, offer: Offer])[]): Offers {
  const byServer = new Map(servers)
  const prompts = offered(servers, 'prompts', 'prompt', 'name')
  const names = createNames(prompts.map(({ ref }) => ref))
  const resources = offered(servers, 'resources', 'resource', 'uri')
  const templates = offered(servers, 'templates', 'resource', 'uriTemplate')
  const owners = new Map<string, string>()
  for (const { ref } of [...resources, ...templates]) {
    if (!owners.has(ref.name)) owners.set(ref.name, ref.server)
  }
  const known = new Set(prompts.map(({ ref }) => toolKey(ref)))
  const listed = Map.groupBy(resources, ({ ref }) => ref.name)
  const readAddress = createAddressReader(templates.map(({ ref }) => ref))
  /** The servers that may have a resource, the likeliest first. */
  const candidates = (uri: string): readonly string[] => [
    ...(listed.get(uri) ?? []).map(({ ref }) => ref.server),
    ...templates
      .map(({ ref }) => ({ server: ref.server, fit: fitOf(ref.name, uri) }))
      .filter(({ fit }) => fit > 0)
      .sort((a, b) => b.fit - a.fit)
      .map(({ server }) => server),
    ...likelyServers(servers, uri),
  ]
  // What nobody lists, as the page of a tool may be, has its plain URI only where that leads to its server.
  const ownerOf = (uri: string): string | undefined => owners.get(uri) ?? candidates(uri)[0]
  const isPlain = ({ server, name }: ToolRef): boolean =>
    byServer.get(server)?.capabilities['resources'] === undefined || ownerOf(name) === server
  const exposedUri = (ref: ToolRef): string => (isPlain(ref) ? ref.name : addressOf(ref, false))

  return Object.freeze<Offers>({
    prompts: prompts.map((prompt) => ({
      ...prompt,
      exposed: names.of(prompt.ref)?.exposed ?? prompt.ref.name,
    })),
    resources: resources.map((resource) => ({ ...resource, exposed: exposedUri(resource.ref) })),
    templates: templates.map((template) => ({
      ...template,
      exposed: isPlain(template.ref) ? template.ref.name : addressOf(template.ref, true),
    })),
    prompt: (name) => names.resolve(name),
    hasPrompt: (ref) => known.has(toolKey(ref)),
    of: (server) => byServer.get(server),
    resource(uri, visible) {
      const refOf = (server: string): ToolRef => ({ server, name: uri, kind: 'resource' })
      const addressed = readAddress(uri)
      if (addressed !== undefined && byServer.has(addressed.server)) {
        return visible(addressed) ? addressed : undefined
      }
      return candidates(uri).map(refOf).find(visible)
    },
    exposedUri,
  })
}

function offered(
  servers: readonly (readonly [string, Offer])[],
  list: 'prompts' | 'resources' | 'templates',
  kind: 'prompt' | 'resource',
  id: string,
): readonly Offered[] {
  return servers.flatMap(([server, offer]) =>
    offer[list].map((definition) => {
      // A string: what has none is not offered (core/ports.ts).
      const name = definition[id] as string
      return { ref: Object.freeze({ server, name, kind }), exposed: name, definition }
    }),
  )
}

/**
 * How well a URI fits a template: the characters that are fixed in it, 0 where it does not fit. Only what stands before the
 * first and behind the last variable is looked at: which server is asked is all that depends on it.
 */
function fitOf(template: string, uri: string): number {
  const from = template.indexOf('{')
  if (from < 0) return template === uri ? template.length : 0
  const prefix = template.slice(0, from)
  const suffix = template.slice(template.lastIndexOf('}') + 1)
  const fits = uri.length >= prefix.length + suffix.length && uri.startsWith(prefix) && uri.endsWith(suffix)
  return fits ? prefix.length + suffix.length : 0
}

/** Servers that may have a resource which they did not list: those that list others of the scheme, or the only one with resources. */
function likelyServers(servers: readonly (readonly [string, Offer])[], uri: string): readonly string[] {
  const withResources = servers.filter(([, { capabilities }]) => capabilities['resources'] !== undefined)
  const scheme = `${uri.split(':', 1)[0] ?? ''}:`
  const sameScheme = withResources.filter(([, { resources, templates }]) =>
    [...resources.map(({ uri: own }) => own), ...templates.map(({ uriTemplate }) => uriTemplate)].some(
      (own) => typeof own === 'string' && own.startsWith(scheme),
    ),
  )
  const likely = sameScheme.length > 0 ? sameScheme : withResources.length === 1 ? withResources : []
  return likely.map(([server]) => server)
}
