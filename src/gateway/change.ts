import type { CatalogChange } from '../core/listing.ts'
import type { BackendView } from '../core/ports.ts'

/** What a backend has, by references: a list that is the same object is the same list. */
export interface Listed {
  readonly server: string
  readonly tools: unknown
  readonly prompts: unknown
  readonly resources: unknown
  readonly templates: unknown
  readonly instructions: unknown
  /** True where what is listed is marked: its server is not there now. */
  readonly isMarked: boolean
}

/** What a backend has at the moment. */
export function listOf(backend: BackendView): Listed {
  const { prompts, resources, templates, instructions } = backend.offer?.() ?? {}
  const tools = backend.tools()
  const isMarked = tools.length > 0 && backend.status().state !== 'ready'
  return { server: backend.server, tools, prompts, resources, templates, instructions, isMarked }
}

/** Which lists differ between two looks at the same backends; undefined where none does. */
export function changeOf(before: readonly Listed[], now: readonly Listed[]): CatalogChange | undefined {
  const differing = now.map((listed, index) => differences(before[index], listed))
  if (differing.every(({ length }) => length === 0)) return undefined
  const any = (...lists: readonly (keyof Listed)[]): boolean =>
    differing.some((found) => lists.some((list) => found.includes(list)))
  return {
    tools: any('tools', 'isMarked'),
    prompts: any('prompts'),
    resources: any('resources', 'templates'),
    servers: now.filter((_, index) => differing[index]?.length !== 0).map(({ server }) => server),
  }
}

/** True where the same things are there: a server that has gone, or is back, changes how they are listed and not which. */
export function isSameCatalog(before: readonly Listed[], now: readonly Listed[]): boolean {
  return now.every((listed, index) => differences(before[index], listed).every((list) => list === 'isMarked'))
}

function differences(before: Listed | undefined, now: Listed): readonly (keyof Listed)[] {
  return (Object.keys(now) as (keyof Listed)[]).filter((list) => now[list] !== before?.[list])
}
