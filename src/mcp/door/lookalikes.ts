import { isJsonObject, type JsonObject } from '../../core/json.ts'
import { foldName } from '../../policy/lookalikes.ts'

/** Members that say where a request goes and what it carries. */
const DECISIVE: readonly string[] = ['name', 'arguments', '_meta', 'uri', 'ref', 'type', 'taskId']
const FOLDED: ReadonlySet<string> = new Set(DECISIVE.map(foldName))

/**
 * True for a member that is none of those, and that a parser which does not look at the case would take for one: of two, `name` and `Name`, such
 * a server uses the one that nobody has allowed (GHSA-4gph-2hhr-5mwg, test/attack/advisories/parser-differential.test.ts).
 */
function isLookalike(member: string): boolean {
  return !DECISIVE.includes(member) && FOLDED.has(foldName(member))
}

/** Parameters without members that look like decisive ones; the same object where there are none. */
export function withoutLookalikes(params: JsonObject): JsonObject {
  const { ref } = params
  const clean = filtered(params)
  if (!isJsonObject(ref)) return clean
  const cleanRef = filtered(ref)
  return cleanRef === ref ? clean : { ...clean, ref: cleanRef }
}

function filtered(object: JsonObject): JsonObject {
  if (!Object.keys(object).some(isLookalike)) return object
  return Object.fromEntries(Object.entries(object).filter(([member]) => !isLookalike(member)))
}
