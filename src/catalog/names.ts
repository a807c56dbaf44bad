import { nearest as nearestWords } from '../core/nearest.ts'
import { type ToolRef, toolKey } from '../core/tool.ts'
import { type Spelling, spellExposed, spellIdentifier } from './spelling.ts'

/** Longer spellings are nobody's: a bound for hostile input. */
const SPELLING_MAX = 1024

/** The derived names of a tool. Its identity is `ref`, and nothing here replaces it. */
export interface ToolNames {
  readonly ref: ToolRef
  /** `server__tool`, for classic MCP clients. */
  readonly exposed: string
  /** `tools.<server>.<tool>`, as a script writes it. */
  readonly path: string
  readonly serverIdentifier: string
  readonly toolIdentifier: string
}

/** All names of one catalog. */
export interface Names {
  readonly of: (ref: ToolRef) => ToolNames | undefined
  readonly serverIdentifier: (server: string) => string | undefined
  /** The native name of a server, from that name or from its identifier. */
  readonly resolveServer: (spelling: string) => string | undefined
  /** The tool that a spelling means; what is native wins over what is derived. */
  readonly resolve: (spelling: string) => ToolRef | undefined
  /** The same for the pair that a script gives: each half native or derived. */
  readonly resolvePair: (server: string, tool: string) => ToolRef | undefined
  /** The visible tools whose names look most like an unknown spelling, best first. */
  readonly nearest: (
    spelling: string,
    visible: (ref: ToolRef) => boolean,
    limit?: number,
  ) => readonly ToolRef[]
}

/**
 * Derives the names of a set of tools. The result does not depend on the order of the refs, and a tool's name depends on the
 * others only where they collide. Refs with the same key count once.
 */
export function createNames(refs: readonly ToolRef[]): Names {
  const byKey = new Map(refs.map((ref) => [toolKey(ref), ref]))
  const all = [...byKey.values()]
  const servers = Map.groupBy(all, (ref) => ref.server)
  const serverIds = unique([...servers.keys()], spellIdentifier)
  const exposed = unique(all, spellExposed)
  const tools = new Map(
    [...servers].map(([server, own]) => [server, unique(own, (ref) => spellIdentifier(ref.name))]),
  )

  const named = new Map<string, ToolNames>()
  for (const ref of all) {
    const serverIdentifier = serverIds.get(ref.server) ?? ''
    const toolIdentifier = tools.get(ref.server)?.get(ref) ?? ''
    const path = `tools.${serverIdentifier}.${toolIdentifier}`
    named.set(
      toolKey(ref),
      Object.freeze({ ref, exposed: exposed.get(ref) ?? '', path, serverIdentifier, toolIdentifier }),
    )
  }

  const byExposed = invert(exposed)
  const serverBySpelling = spellings(serverIds, (server) => server)
  const toolBySpelling = new Map(
    [...tools].map(([server, own]) => [server, spellings(own, (ref) => ref.name)]),
  )

  const resolvePair = (server: string, tool: string): ToolRef | undefined => {
    const native = serverBySpelling.get(server)
    return native === undefined ? undefined : toolBySpelling.get(native)?.get(tool)
  }
  const resolveDotted = (spelling: string): ToolRef | undefined => {
    const dot = spelling.indexOf('.')
    return dot < 0 ? undefined : resolvePair(spelling.slice(0, dot), spelling.slice(dot + 1))
  }

  return Object.freeze<Names>({
    of: (ref) => named.get(toolKey(ref)),
    serverIdentifier: (server) => serverIds.get(server),
    resolveServer: (spelling) => serverBySpelling.get(spelling),
    resolvePair,
    resolve: (spelling) => {
      if (spelling.length > SPELLING_MAX) return undefined
      return (
        byKey.get(spelling) ??
        byExposed.get(spelling) ??
        resolveDotted(spelling) ??
        (spelling.startsWith('tools.') ? resolveDotted(spelling.slice(6)) : undefined)
      )
    },
    nearest: (spelling, visible, limit = 3) => nearestRefs(spelling, all.filter(visible), limit),
  })
}

/** Both spellings of each thing; the native one wins. */
function spellings<T>(identifiers: ReadonlyMap<T, string>, nativeName: (thing: T) => string): Map<string, T> {
  const found = invert(identifiers)
  for (const thing of identifiers.keys()) found.set(nativeName(thing), thing)
  return found
}

function invert<T>(map: ReadonlyMap<T, string>): Map<string, T> {
  return new Map([...map].map(([thing, name]) => [name, thing]))
}

/**
 * Gives each thing a name that no other has. In each round all that share a name move on to a suffix, except
 * the one whose own name it is, so that the order of the input cannot matter.
 */
function unique<T>(things: readonly T[], spell: (thing: T) => Spelling): Map<T, string> {
  const entries = things.map((thing) => ({ thing, spelling: spell(thing), level: 0, name: '' }))
  for (const entry of entries) entry.name = entry.spelling.plain
  for (;;) {
    const shared = [...Map.groupBy(entries, (entry) => entry.name).values()].filter(
      (group) => group.length > 1,
    )
    if (shared.length === 0) break
    for (const group of shared) {
      const owners = group.filter((entry) => entry.level === 0 && entry.spelling.native)
      for (const entry of group) {
        if (owners.length === 1 && owners[0] === entry) continue
        entry.level++
        entry.name = entry.spelling.suffixed(entry.level)
      }
    }
  }
  return new Map(entries.map((entry) => [entry.thing, entry.name]))
}

/** The nearest among the given refs, compared by the key, or by the bare name where the spelling has no server. */
function nearestRefs(spelling: string, refs: readonly ToolRef[], limit: number): readonly ToolRef[] {
  const word = spelling
    .slice(0, 128)
    .replace(/^tools\./, '')
    .replace('__', '.')
    .toLowerCase()
  const reach = Math.max(2, word.length / 2)
  const candidates = new Map<string, ToolRef[]>()
  for (const ref of refs) {
    const text = (word.includes('.') ? toolKey(ref) : ref.name).slice(0, 128)
    // The distance is at least the difference in length: most candidates need not be measured.
    if (Math.abs(text.length - word.length) > reach && !text.toLowerCase().includes(word)) continue
    const same = candidates.get(text)
    if (same === undefined) candidates.set(text, [ref])
    else same.push(ref)
  }
  return nearestWords(word, candidates.keys(), limit)
    .flatMap((text) => candidates.get(text) ?? [])
    .slice(0, limit)
}
