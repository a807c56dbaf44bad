import { findVirtualServer, createVirtualServer } from './gateway/listing/virtual.ts'
import { createServerListing, scopeOf } from './gateway/listing/single.ts'
import { createListing, type OnChoice } from './gateway/listing/aggregate.ts'
import { displayAt } from './gateway/listing/display-at.ts'
import type { Plan } from './config/compile.ts'
import type { Listing } from './core/listing.ts'
import type { Principal } from './core/principal.ts'
import type { Gateway } from './gateway/gateway.ts'
import { mountEndpoint, mountFamily, type Endpoint, type MountedEndpoint } from './http/endpoints.ts'

/** Makes what answers at an address, for what is shown there: over Streamable HTTP, and over the older HTTP+SSE. */
export interface EndpointMakers {
  readonly streamable: (listing: Listing) => Endpoint
  readonly sse: (path: string, listing: Listing) => Endpoint
}

/** All endpoints of a gateway, and the way to stop following its configuration. */
export interface Mounted {
  readonly endpoints: readonly MountedEndpoint[]
  readonly close: () => Promise<void>
}

/** What is shown at an address, and to whom. */
interface Shown {
  readonly listing: Listing
  /** The principal as it is there: nothing outside of its scope exists for it. */
  readonly principalOf: (principal: Principal) => Principal
}

/** Mounts the fixed endpoints, one for each server, and one for each virtual server; the last two follow the configuration. */
export function mountEndpoints(
  plan: Plan,
  gateway: Gateway,
  make: EndpointMakers,
  onChoice?: OnChoice,
): Mounted {
  const fixed = plan.endpoints.flatMap(({ path }) => {
    const listing = createListing(
      gateway,
      'mcp',
      () => displayAt(gateway.configuration().plan, path),
      onChoice,
    )
    const older = make.sse(path, listing)
    return [
      mountEndpoint(path, make.streamable(listing)),
      mountEndpoint(`${path}/sse`, older),
      mountEndpoint(`${path}/messages`, older),
    ]
  })
  const family = (path: string, has: (name: string) => boolean, shownAt: (name: string) => Shown) => [
    mountFamily(`${path}/:name`, has, (name) => {
      const shown = shownAt(name)
      return within(shown, make.streamable(shown.listing))
    }),
    mountFamily(`${path}/:name/:leg`, has, (name) => {
      const shown = shownAt(name)
      return within(shown, make.sse(`${path}/${name}`, shown.listing))
    }),
  ]
  const families = [
    ...family(
      '/mcp/s',
      (name) => gateway.stateOf(name) !== undefined,
      (name) => ({ listing: createServerListing(gateway, 'mcp', name), principalOf: scoped(name) }),
    ),
    ...family(
      '/mcp/v',
      (slug) => findVirtualServer(gateway, slug) !== undefined,
      (slug) => createVirtualServer(gateway, 'mcp', slug, onChoice),
    ),
  ]
  const stopPruning = gateway.onCatalogChange(() => {
    for (const each of families) each.prune()
  })
  const endpoints = [...fixed, ...families]
  return {
    endpoints,
    close: async () => {
      stopPruning()
      await Promise.all(endpoints.map((endpoint) => endpoint.close()))
    },
  }
}

function within({ principalOf }: Shown, { handle, close }: Endpoint): Endpoint {
  return {
    handle: (request, response, principal) => handle(request, response, principalOf(principal)),
    close,
  }
}

/** One object for each principal: sessions and verdicts are kept by it. */
function scoped(server: string): (principal: Principal) => Principal {
  const known = new WeakMap<Principal, Principal>()
  const scope = scopeOf(server)
  return (principal) => {
    let made = known.get(principal)
    if (made === undefined) known.set(principal, (made = Object.freeze({ ...principal, scope })))
    return made
  }
}
