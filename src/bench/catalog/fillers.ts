import { spellIdentifier } from '../../catalog/spelling.ts'
import { GatewayError } from '../../core/errors.ts'
import type { ToolSpec } from '../../core/tool.ts'
import { takeName } from './server-names.ts'

/**
 * The first tools of a source, to stand beside the servers of a task. A server of the source that is called like one of those gets another
 * name; its tools stay.
 *
 * @param taken Names of the servers of the task
 * @throws GatewayError `config_invalid` where the source has too few
 */
export function toFillers(
  source: readonly ToolSpec[],
  count: number,
  taken: ReadonlySet<string>,
): readonly ToolSpec[] {
  if (count > source.length) {
    throw new GatewayError(
      'config_invalid',
      `The catalog has ${source.length} tools, and ${count} are needed beside those of the tasks: ask for fewer, or for another catalog.`,
    )
  }
  const names = renameTaken(source, taken)
  return source.slice(0, Math.max(0, count)).map((spec) => {
    const server = names.get(spec.ref.server)
    return server === undefined
      ? spec
      : Object.freeze({ ...spec, ref: Object.freeze({ ...spec.ref, server }) })
  })
}

/** New names for those servers of the source that would take from a server of the task its name, or the path that scripts call it by. */
function renameTaken(source: readonly ToolSpec[], taken: ReadonlySet<string>): ReadonlyMap<string, string> {
  const paths = new Set(Array.from(taken, toPath))
  const servers = new Set(source.map(({ ref }) => ref.server))
  const all = new Set([...servers, ...taken])
  const numbers = new Map<string, number>()
  const clashing = [...servers].filter((name) => paths.has(toPath(name)))
  return new Map(clashing.map((name) => [name, takeName(`${name.slice(0, 26)}-other`, all, numbers)]))
}

function toPath(server: string): string {
  return spellIdentifier(server).plain
}
