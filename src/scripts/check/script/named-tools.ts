import type { Catalog } from '../../../catalog/catalog.ts'
import type { ToolSpec } from '../../../core/tool.ts'
import type { Tokens } from './tokens.ts'
import { readUses, type Use } from './uses.ts'

/** A call of a tool that stands in the script: the offsets of its last name and of its parentheses. */
export interface ToolCall {
  readonly spec: ToolSpec
  readonly nameStart: number
  readonly start: number
  readonly end: number
}

/** `tools.a['b']` where there is no such thing: an index by text is `any` to the compiler. */
export interface UnknownIndex {
  readonly server: string
  /** Absent where the server itself is unknown. */
  readonly tool?: string
  readonly offset: number
}

/** What a script names, among what its caller sees. */
export interface NamedTools {
  /** By the spelling of the server, then by that of the tool. */
  readonly servers: ReadonlyMap<string, ReadonlyMap<string, ToolSpec>>
  readonly calls: readonly ToolCall[]
  readonly unknown: readonly UnknownIndex[]
  /** Promises in template literals: where the text would be `[object Promise]`. */
  readonly promises: readonly { readonly name: string; readonly offset: number }[]
  readonly count: number
}

/** The tools of which types are loaded for one script. */
const MAX_TOOLS = 60

/** Finds the tools that a script names. What it uses in a way that cannot be followed is loaded as a whole, up to a bound. */
export function findNamedTools(
  tokens: Tokens,
  catalog: Catalog,
  isVisible: (spec: ToolSpec) => boolean,
  toolsNames: readonly string[] = ['tools'],
): NamedTools {
  const { uses, isLoose, promises } = readUses(tokens, toolsNames)
  const servers = new Map<string, Map<string, ToolSpec>>()
  const calls: ToolCall[] = []
  const unknown: UnknownIndex[] = []
  let count = 0

  const find = (server: string, tool: string): ToolSpec | undefined => {
    const ref = catalog.names.resolvePair(server, tool)
    const spec = ref === undefined ? undefined : catalog.get(`${ref.server}.${ref.name}`)
    return spec !== undefined && isVisible(spec) ? spec : undefined
  }
  const add = (server: string, tool: string, spec: ToolSpec): void => {
    const own = servers.get(server) ?? new Map<string, ToolSpec>()
    if (count >= MAX_TOOLS || own.has(tool)) return
    servers.set(server, own.set(tool, spec))
    count += 1
  }
  const ownTools = memoize((server: string) => {
    const native = catalog.names.resolveServer(server)
    return native === undefined
      ? []
      : catalog.tools.filter((spec) => spec.ref.server === native && isVisible(spec))
  })

  const take = (use: Use): void => {
    const { server, tool, serverPlace, toolPlace } = use
    if (server === undefined) return
    const spec = tool === undefined ? undefined : find(server, tool)
    if (tool !== undefined && spec !== undefined) {
      add(server, tool, spec)
      if (use.call !== undefined) calls.push({ spec, nameStart: use.offset, ...use.call })
    } else if (ownTools(server).length === 0) {
      if (serverPlace?.isIndex === true) unknown.push({ server, offset: serverPlace.offset })
    } else {
      // A server that is used as a whole, or of which only unknown tools are named, has to be there.
      if (!servers.has(server)) servers.set(server, new Map())
      if (tool !== undefined && toolPlace?.isIndex === true)
        unknown.push({ server, tool, offset: toolPlace.offset })
    }
  }
  for (const use of uses) take(use)
  for (const { server, tool } of uses) {
    if (server === undefined || tool !== undefined) continue
    for (const spec of ownTools(server))
      add(server, catalog.names.of(spec.ref)?.toolIdentifier ?? spec.ref.name, spec)
  }
  if (isLoose) addByWords(tokens, catalog, isVisible, add)
  return {
    servers,
    calls,
    // Where `tools` is handed on, it may be another object that has the name.
    unknown: isLoose ? [] : unknown,
    promises,
    count,
  }
}

/** Where `tools` itself is handed on: each tool whose name the script holds, of a server whose name it holds. */
function addByWords(
  { list }: Tokens,
  catalog: Catalog,
  isVisible: (spec: ToolSpec) => boolean,
  add: (server: string, tool: string, spec: ToolSpec) => void,
): void {
  const words = new Set(
    list.filter(({ kind }) => kind === 'name' || kind === 'string').map(({ text }) => text),
  )
  for (const spec of catalog.tools) {
    const names = catalog.names.of(spec.ref)
    if (names === undefined) continue
    const server = [names.serverIdentifier, spec.ref.server].find((name) => words.has(name))
    const tool = [names.toolIdentifier, spec.ref.name].find((name) => words.has(name))
    if (server !== undefined && tool !== undefined && isVisible(spec)) add(server, tool, spec)
  }
}

function memoize<Value>(make: (key: string) => Value): (key: string) => Value {
  const made = new Map<string, Value>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const value = make(key)
    made.set(key, value)
    return value
  }
}
