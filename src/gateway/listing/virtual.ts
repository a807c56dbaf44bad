import type { VirtualServerPlan } from '../../config/virtual-servers.ts'
import type { Door } from '../../core/call.ts'
import type { Principal } from '../../core/principal.ts'
import type { Rule } from '../../core/rule.ts'
import type { Gateway } from '../gateway.ts'
import { createListing, type OnChoice } from './aggregate.ts'
import type { Listing } from '../../core/listing.ts'

/** What an endpoint with a part of what there is needs of the gateway. */
export interface VirtualServer {
  readonly listing: Listing
  /** The principal as it is at the endpoint: nothing outside of the scope is there for it. */
  readonly principalOf: (principal: Principal) => Principal
}

const NOTHING: readonly Rule[] = Object.freeze([])

/** The virtual server of a name in the configuration of the moment. */
export function findVirtualServer(gateway: Gateway, slug: string): VirtualServerPlan | undefined {
  return gateway.configuration().plan.virtualServers.find((server) => server.slug === slug)
}

/** Makes what is shown at `/mcp/v/<slug>`. It follows the configuration; one that is taken away shows nothing any more. */
export function createVirtualServer(
  gateway: Gateway,
  door: Door,
  slug: string,
  onChoice?: OnChoice,
): VirtualServer {
  const now = (): VirtualServerPlan | undefined => findVirtualServer(gateway, slug)
  const display = () => {
    const { mode, autoThresholdTokens, auto } = gateway.configuration().plan
    return { mode: now()?.mode ?? mode, autoThresholdTokens, auto }
  }
  const listing = createListing(gateway, door, display, onChoice)
  const known = new WeakMap<Principal, Principal>()
  return {
    listing: {
      ...listing,
      instructions(principal, client) {
        const { title, instructions } = now() ?? {}
        const made = listing.instructions(principal, client)
        if (instructions !== undefined) return instructions
        return title === undefined || made === undefined ? made : `${title}.\n${made}`
      },
    },
    principalOf(principal) {
      let scoped = known.get(principal)
      if (scoped === undefined) {
        const { scope: _all, ...same } = principal
        // Looked up each time: sessions and running scripts keep their principal, and another scope is for them too.
        scoped = Object.freeze({
          ...same,
          get scope() {
            return now()?.scope ?? NOTHING
          },
        })
        known.set(principal, scoped)
      }
      return scoped
    },
  }
}
