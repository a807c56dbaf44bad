import type { Json, JsonObject } from '../../core/json.ts'
import { isJsonObject } from '../../core/json.ts'

/** The blocks of one run that are no text: a script gets a reference in their place, so that no base64 passes through it. */
export interface RunContent {
  /** A content block as a script gets it: text as it is, bytes as a reference with their size. */
  readonly toReference: (block: JsonObject) => JsonObject
  /** The blocks whose references are in a value, in order, each once. */
  readonly inValue: (value: Json | undefined) => readonly JsonObject[]
}

/** Puts a block aside and gives its handle; undefined where it does not fit. */
export type KeepBlock = (block: JsonObject) => string | undefined

/** The most blocks that one result carries. */
const MAX_BLOCKS = 32
const MAX_VISITED = 100_000

/** Begins with no blocks. */
export function createRunContent(keep: KeepBlock): RunContent {
  const blocks = new Map<string, JsonObject>()
  return {
    toReference(block) {
      const bytes = bytesOf(block)
      if (bytes === undefined) return block
      const handle = keep(block)
      const { data: _data, resource, ...rest } = block
      const { blob: _blob, ...about } = isJsonObject(resource) ? resource : {}
      if (handle !== undefined) blocks.set(handle, block)
      return {
        ...rest,
        ...(isJsonObject(resource) ? { resource: about } : {}),
        bytes,
        ...(handle === undefined ? {} : { handle }),
      }
    },
    inValue(value) {
      if (blocks.size === 0 || value === undefined) return []
      const found = new Map<string, JsonObject>()
      // Without recursion: the value is a stranger's.
      const left: Json[] = [value]
      for (let visited = 0; left.length > 0 && visited < MAX_VISITED; visited++) {
        const node = left.pop()
        if (typeof node === 'string') {
          const block = blocks.get(node)
          if (block !== undefined && found.size < MAX_BLOCKS) found.set(node, block)
        } else if (typeof node === 'object' && node !== null) {
          for (const member of Object.values(node).toReversed()) left.push(member as Json)
        }
      }
      return [...found.values()]
    },
  }
}

/** The bytes that a block carries as base64; undefined for one that carries none. Source: MCP, server/tools, "Tool Result". */
function bytesOf({ data, resource }: JsonObject): number | undefined {
  const base64 = typeof data === 'string' ? data : isJsonObject(resource) ? resource['blob'] : undefined
  return typeof base64 === 'string' ? Math.floor((base64.length * 3) / 4) : undefined
}
