import { isJsonObject, type JsonObject } from '../core/json.ts'

/** Finds, among arguments, one that only looks like a parameter; undefined where there is none. */
export type FindLookalike = (
  args: JsonObject,
) => { readonly given: string; readonly meant: string } | undefined

/**
 * Makes the search for a schema. The attack: `Path` beside `path`. Rules and people look at `path`; a server whose parser does not look at the case, such
 * as those of Go and .NET, uses the other one (test/attack/advisories/parser-differential.test.ts). Only the parameters of the tool itself
 * are looked at: inside of them the names may be data.
 */
export function compileLookalikes({ properties }: JsonObject): FindLookalike {
  if (!isJsonObject(properties)) return () => undefined
  const names = new Map(Object.keys(properties).map((name) => [foldName(name), name]))
  return (args) => {
    for (const given of Object.keys(args)) {
      if (Object.hasOwn(properties, given)) continue
      const meant = names.get(foldName(given))
      if (meant !== undefined) return { given, meant }
    }
    return undefined
  }
}

/** A name as the most generous parsers compare it: without the case, and with letters that only look different. */
export function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}
