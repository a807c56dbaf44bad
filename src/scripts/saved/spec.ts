import { SCRIPTS_SERVER } from '../../config/schema/scripts.ts'
import type { JsonObject } from '../../core/json.ts'
import { isJsonObject } from '../../core/json.ts'
import type { ToolSpec } from '../../core/tool.ts'
import type { SavedScript } from './folder/files.ts'

/** What is known of a script when it is listed. */
export interface ListedState {
  readonly isBroken: boolean
  /** All the tools that it uses are there and only read. */
  readonly isReadOnly: boolean
}

/** What the description of a broken script begins with. Why it is broken is for its operator: it names tools. */
export const BROKEN_MARK = '[broken: it no longer fits its tools, and a call is refused]'

/** A saved script as a tool. */
export function toSpec({ name, manifest }: SavedScript, { isBroken, isReadOnly }: ListedState): ToolSpec {
  const { title, input, output } = manifest
  const description = isBroken ? `${BROKEN_MARK} ${manifest.description}` : manifest.description
  const shown = {
    ...(title === undefined ? {} : { title }),
    description,
    inputSchema: input,
    ...(output === undefined ? {} : { outputSchema: toOutputSchema(output) }),
    ...(isReadOnly ? { annotations: { readOnlyHint: true } } : {}),
  }
  return Object.freeze({ ref: { server: SCRIPTS_SERVER, name }, ...shown, definition: { name, ...shown } })
}

/** True where what a script returns is no object: then the tool gives it as the member `result` of one. */
export function isWrapped(output: JsonObject): boolean {
  return output['type'] !== 'object'
}

/** The output schema of the tool. Source: MCP 2025-11-25, schema, "Tool": its root has the type "object". */
function toOutputSchema(output: JsonObject): JsonObject {
  if (!isWrapped(output)) return output
  const { $defs, definitions, $schema, ...result } = output
  return {
    ...(typeof $schema === 'string' ? { $schema } : {}),
    type: 'object',
    properties: { result },
    required: ['result'],
    // A reference of the inner schema begins at the root.
    ...(isJsonObject($defs) ? { $defs } : {}),
    ...(isJsonObject(definitions) ? { definitions } : {}),
  }
}
