import { CALL_TOOL, OWN_TOOLS } from '../../config/own-tools.ts'
import type { Mode } from '../../config/schema.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Principal } from '../../core/principal.ts'
import type { ToolRef, ToolSpec } from '../../core/tool.ts'
import type { Gateway } from '../gateway.ts'

/** The tools of Isogate itself as endpoints show them. */
export interface OwnTools {
  /** The definitions that a mode lists. */
  readonly list: (principal: Principal, mode: Mode) => readonly JsonObject[]
  /** The tool that a listed name means where the mode is at work. */
  readonly named: (mode: Mode, name: string) => ToolRef | undefined
  /** True for one that cannot be called where the mode is at work, whatever it is called. */
  readonly isForeign: (mode: Mode, ref: ToolRef) => boolean
}

/** Makes the lists of own tools. They never change, and each call by name looks here first. */
export function createOwnTools(gateway: Gateway): OwnTools {
  const byMode = new Map(
    Object.entries(OWN_TOOLS).map(([mode, names]) => {
      const specs = names.flatMap((name) => gateway.ownTool(name) ?? [])
      return [mode, new Map(specs.map((spec) => [listedName(spec), spec]))] as const
    }),
  )
  return {
    list: (principal, mode) =>
      [...(byMode.get(mode)?.values() ?? [])]
        .filter(({ ref }) => gateway.isVisible(principal, ref))
        .map(({ ref, definition }) =>
          ref.name === CALL_TOOL
            ? { ...definition, annotations: leastPermissive(gateway.visibleTools(principal)) }
            : definition,
        ),
    named: (mode, name) => byMode.get(mode)?.get(name)?.ref,
    isForeign: (mode, ref) =>
      gateway.ownTool(ref.name)?.ref.server === ref.server && !OWN_TOOLS[mode].includes(ref.name),
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
