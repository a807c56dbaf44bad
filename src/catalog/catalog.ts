import { type QuarantinedTool, type ToolRef, type ToolSpec, toolKey } from '../core/tool.ts'
import { createNames, type Names } from './names.ts'

/** A server of the catalog with the number of its usable tools. */
export interface CatalogServer {
  readonly server: string
  readonly identifier: string
  readonly tools: number
}

/** The immutable directory of all tools of one revision. */
export interface Catalog {
  readonly revision: number
  /** By server, then in the server's own order. */
  readonly tools: readonly ToolSpec[]
  readonly quarantined: readonly QuarantinedTool[]
  readonly servers: readonly CatalogServer[]
  readonly names: Names
  /** By key, `server.tool`. */
  readonly get: (key: string) => ToolSpec | undefined
  /** By any accepted spelling. */
  readonly resolve: (spelling: string) => ToolSpec | undefined
  /** The visible tools whose names look most like an unknown spelling, best first. */
  readonly nearest: (
    spelling: string,
    visible: (spec: ToolSpec) => boolean,
    limit?: number,
  ) => readonly ToolSpec[]
}

/** What a catalog is made of. */
export interface CatalogParts {
  readonly revision: number
  readonly specs: readonly ToolSpec[]
  readonly quarantined?: readonly QuarantinedTool[]
}

/** Makes the catalog of one revision. A name that a server announced twice keeps its first tool. */
export function createCatalog(parts: CatalogParts): Catalog {
  const byKey = new Map<string, ToolSpec>()
  const quarantined = [...(parts.quarantined ?? [])]
  for (const spec of parts.specs) {
    const key = toolKey(spec.ref)
    if (byKey.has(key)) quarantined.push(duplicate(spec.ref))
    else byKey.set(key, spec)
  }
  const grouped = [...Map.groupBy(byKey.values(), (spec) => spec.ref.server)].sort(([a], [b]) => order(a, b))
  const tools = grouped.flatMap(([, specs]) => specs)
  const names = createNames(tools.map((spec) => spec.ref))
  const specOf = (ref: ToolRef | undefined) => (ref === undefined ? undefined : byKey.get(toolKey(ref)))

  return Object.freeze<Catalog>({
    revision: parts.revision,
    tools: Object.freeze(tools),
    quarantined: Object.freeze(quarantined.sort((a, b) => order(a.server, b.server))),
    servers: Object.freeze(
      grouped.map(([server, specs]) =>
        Object.freeze({ server, identifier: names.serverIdentifier(server) ?? server, tools: specs.length }),
      ),
    ),
    names,
    get: (key) => byKey.get(key),
    resolve: (spelling) => specOf(names.resolve(spelling)),
    nearest: (spelling, visible, limit) => {
      const isVisible = (ref: ToolRef) => {
        const spec = specOf(ref)
        return spec !== undefined && visible(spec)
      }
      return names.nearest(spelling, isVisible, limit).flatMap((ref) => specOf(ref) ?? [])
    },
  })
}

function duplicate(ref: ToolRef): QuarantinedTool {
  return Object.freeze({
    server: ref.server,
    name: ref.name,
    reason: 'The server announced this name twice; the first tool of that name is used.',
  })
}

/** Code units, not a locale: the order must be the same on every machine. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
