import { CALL_TOOL, OWN_TOOLS } from '../../config/own-tools.ts'
import type { Door } from '../../core/call.ts'
import type { JsonObject } from '../../core/json.ts'
import type { ShownMode } from '../../core/mode.ts'
import type { Principal } from '../../core/principal.ts'
import type { ToolRef, ToolSpec } from '../../core/tool.ts'
import type { Gateway } from '../gateway.ts'

/** The tools of Isogate itself as endpoints show them. */
export interface OwnTools {
  /** The definitions that a mode lists. */
  readonly list: (principal: Principal, mode: ShownMode) => readonly JsonObject[]
  /** True for a name that some mode lists. */
  readonly isListed: (name: string) => boolean
  readonly isOwn: (ref: ToolRef) => boolean
  /**
   * The tool that a name means where the mode is at work: that of the mode which is listed under it, else what the catalog
   * found under it, unless that is a tool of another mode.
   */
  readonly resolve: (mode: ShownMode, name: string, found: ToolRef | undefined) => ToolRef | undefined
}

/** Makes the lists of own tools. They never change, and each call by name looks here first. */
export function createOwnTools(gateway: Gateway, door: Door): OwnTools {
  const byMode = new Map(
    Object.entries(OWN_TOOLS).map(([mode, names]) => {
      const specs = names.flatMap((name) => gateway.ownTool(name) ?? [])
      return [mode, new Map(specs.map((spec) => [listedName(spec), spec]))] as const
    }),
  )
  const listed = new Set([...byMode.values()].flatMap((specs) => [...specs.keys()]))
  const isOwn = (ref: ToolRef): boolean => gateway.ownTool(ref.name)?.ref.server === ref.server
  return {
    list: (principal, mode) =>
      [...(byMode.get(mode)?.values() ?? [])]
        .filter(({ ref }) => gateway.isVisible(principal, door, ref))
        .map(({ ref, definition }) =>
          ref.name === CALL_TOOL
            ? { ...definition, annotations: leastPermissive(gateway.visibleTools(principal, door)) }
            : definition,
        ),
    isListed: (name) => listed.has(name),
    isOwn,
    resolve(mode, name, found) {
      const named = byMode.get(mode)?.get(name)?.ref
      if (named !== undefined || found === undefined || !isOwn(found)) return named ?? found
      return OWN_TOOLS[mode].includes(found.name) ? found : undefined
    },
  }
}

/** Not always the name of the tool: two modes list different tools under one name. */
function listedName({ ref, definition }: ToolSpec): string {
  return typeof definition['name'] === 'string' ? definition['name'] : ref.name
}

/**
 * What can be said of a tool that calls any of these: a client that asks its user before it writes must ask here too. Where
 * there is none yet, nothing is promised. Source: MCP 2025-11-25, schema, "ToolAnnotations", with its defaults.
 */
export function leastPermissive(tools: readonly ToolSpec[]): JsonObject {
  const hints = tools.map(({ annotations = {} }) => annotations)
  const writing = hints.filter(({ readOnlyHint }) => readOnlyHint !== true)
  const areAll = (some: readonly JsonObject[], hint: string, value: boolean): boolean =>
    hints.length > 0 && some.every(({ [hint]: said }) => said === value)
  return {
    readOnlyHint: areAll(hints, 'readOnlyHint', true),
    destructiveHint: !areAll(writing, 'destructiveHint', false),
    idempotentHint: areAll(hints, 'idempotentHint', true),
    openWorldHint: !areAll(hints, 'openWorldHint', false),
  }
}
