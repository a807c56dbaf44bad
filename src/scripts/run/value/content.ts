import type { Json, JsonObject } from '../../../core/json.ts'
import { isJsonObject } from '../../../core/json.ts'

/** The blocks of results that are no text: a script gets a reference in their place, so that no base64 passes through it. */
export interface RunContent {
  /** A content block as a script gets it: text as it is, bytes as a reference with their size. */
  readonly toReference: (block: JsonObject) => Promise<JsonObject>
  /**
   * The blocks whose references are in a value, in order, each once; also those of an earlier leg of the run, and of earlier runs of
   * the same caller. Beside them the number of those that were too many or too large together.
   */
  readonly inValue: (value: Json | undefined) => Promise<{
    readonly blocks: readonly JsonObject[]
    readonly omitted: number
  }>
}

/** Where blocks are put aside: a run that held them itself would hold as much as a server cares to send. */
export interface KeptBlocks {
  /** Puts a block aside and gives its handle; undefined where it does not fit. */
  readonly keep: (block: JsonObject) => Promise<string | undefined>
  /** Undefined where the caller has no block under this text. */
  readonly open: (handle: string) => Promise<JsonObject | undefined>
}

/** The most blocks that one result carries, and the most characters of base64 in all of them. */
const MAX_BLOCKS = 32
const MAX_CHARS = 33_554_432
const MAX_VISITED = 100_000
/** Texts that are looked up; a value may be full of texts that only look like handles. */
const MAX_LOOKUPS = 256
const MAX_HANDLE_CHARS = 32

/** Begins with no blocks. */
export function createRunContent({ keep, open }: KeptBlocks): RunContent {
  return {
    async toReference(block) {
      const chars = charsOf(block)
      if (chars === undefined) return block
      const handle = await keep(block)
      const { data: _data, resource, ...rest } = block
      const { blob: _blob, ...about } = isJsonObject(resource) ? resource : {}
      return {
        ...rest,
        ...(isJsonObject(resource) ? { resource: about } : {}),
        bytes: Math.floor((chars * 3) / 4),
        ...(handle === undefined ? {} : { handle }),
      }
    },
    async inValue(value) {
      const blocks: JsonObject[] = []
      let omitted = 0
      let leftChars = MAX_CHARS
      for (const handle of handlesIn(value)) {
        const block = await open(handle)
        if (block === undefined) continue
        const chars = charsOf(block) ?? 0
        if (blocks.length >= MAX_BLOCKS || chars > leftChars) {
          omitted += 1
          continue
        }
        leftChars -= chars
        blocks.push(block)
      }
      return { blocks, omitted }
    },
  }
}

/** The texts in a value that may be handles, in order. Without recursion: the value is a stranger's. */
function handlesIn(value: Json | undefined): ReadonlySet<string> {
  const found = new Set<string>()
  const left: (Json | undefined)[] = [value]
  for (let visited = 0; left.length > 0 && visited < MAX_VISITED && found.size < MAX_LOOKUPS; visited++) {
    const node = left.pop()
    if (typeof node === 'string') {
      if (node.startsWith('h_') && node.length <= MAX_HANDLE_CHARS) found.add(node)
    } else if (typeof node === 'object' && node !== null) {
      for (const member of Object.values(node).toReversed()) left.push(member)
    }
  }
  return found
}

/** The characters of base64 that a block carries; undefined for one that carries none. Source: MCP, server/tools, "Tool Result". */
function charsOf({ data, resource }: JsonObject): number | undefined {
  const base64 = typeof data === 'string' ? data : isJsonObject(resource) ? resource['blob'] : undefined
  return typeof base64 === 'string' ? base64.length : undefined
}
