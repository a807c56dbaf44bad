import type { ToolSpec } from '../../core/tool.ts'
import { type Planned, planServers } from './made/plan.ts'
import { sizesFor } from './made/sizes.ts'
import { makeTool } from './made/tool.ts'

/** The most tools that can be made. */
export const MAX_GENERATED = 10_000

/** All catalogs are beginnings of the one that this seed makes. */
const SEED = 20_261
/** Sizes are dealt out in groups, so that a catalog of any length has its share of small and large definitions. */
const GROUP = 50
/** Its multiples fill the space between 0 and 1 evenly, wherever one stops. */
const GOLDEN = 0.618_033_988_75

/**
 * Makes a catalog of made-up servers: names, schemas and descriptions are our own, the sizes of the definitions follow those of real
 * tools (median 97 tokens, mean 149, 95 of 100 below 380). Deterministic, and the smaller catalog is the beginning of the larger.
 *
 * @throws RangeError where there are not so many
 */
export function generateCatalog(count: number): readonly ToolSpec[] {
  if (!Number.isInteger(count) || count < 0 || count > MAX_GENERATED) {
    throw new RangeError(`A catalog has 0 to ${MAX_GENERATED} tools, and not ${count}.`)
  }
  const planned = planTools(Math.ceil(count / GROUP) * GROUP)
  const specs: ToolSpec[] = []
  for (let start = 0; start < count; start += GROUP) {
    const group = planned.slice(start, start + GROUP)
    const sizes = sizesFor(
      group.map(({ score }) => score),
      (0.5 + (start / GROUP) * GOLDEN) % 1,
    )
    for (const [index, { plan }] of group.entries()) specs.push(makeTool(plan, sizes[index] ?? 0))
  }
  return specs.slice(0, count)
}

function planTools(count: number): readonly Planned[] {
  const planned: Planned[] = []
  for (const server of planServers(SEED)) {
    if (planned.length >= count) break
    planned.push(...server)
  }
  return planned
}
