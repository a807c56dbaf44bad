import { isDeeperThan, isJsonObject } from '../../../core/json.ts'
import type { Listing } from './listing.ts'
import { readListing } from './listing.ts'
import type { KnownLists, UpstreamPlan } from '../../plan.ts'

/** Deeper than what is kept can be: a definition has at most 64 levels. */
const MAX_LEVELS = 80

/** The last listing of a server; undefined where none is known. What was kept is read as if the server had said it now. */
export function recallListing(plan: UpstreamPlan, known: KnownLists | undefined): Listing | undefined {
  const kept = plan.fingerprint === undefined ? undefined : known?.read(plan.fingerprint)
  if (!isJsonObject(kept) || isDeeperThan(kept, MAX_LEVELS)) return undefined
  const { tools, offer } = kept
  if (!Array.isArray(tools) || !isJsonObject(offer)) return undefined
  const { prompts, resources, templates, capabilities, instructions } = offer
  const listing = readListing(plan.name, {
    tools,
    prompts: listOf(prompts),
    resources: listOf(resources),
    templates: listOf(templates),
    greeting: { capabilities, instructions },
  })
  return listing.tools.length === 0 && listing.offer.prompts.length === 0 ? undefined : listing
}

/** Keeps a listing for the next start. */
export function rememberListing(plan: UpstreamPlan, known: KnownLists | undefined, listing: Listing): void {
  if (plan.fingerprint === undefined) return
  const { tools, offer } = listing
  known?.write(plan.fingerprint, {
    tools: tools.map(({ definition }) => definition),
    offer: { ...offer },
  })
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
