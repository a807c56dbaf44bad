import { toolKey, type ToolSpec } from '../core/tool.ts'
import { matchesGlob } from '../core/glob.ts'

/** What the operator says of tools: globs over `server.tool`. */
export interface Classification {
  readonly readOnly: readonly string[]
  readonly writes: readonly string[]
}

/**
 * True for a tool that only reads: the operator's word counts before the server's, and of the operator's words the stricter.
 * Source for the hint: MCP 2025-11-25, schema, "ToolAnnotations".
 */
export function isReadOnly({ ref, annotations }: ToolSpec, { readOnly, writes }: Classification): boolean {
  const key = toolKey(ref)
  if (writes.some((glob) => matchesGlob(glob, key))) return false
  return readOnly.some((glob) => matchesGlob(glob, key)) || annotations?.['readOnlyHint'] === true
}
