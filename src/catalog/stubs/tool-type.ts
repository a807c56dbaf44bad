import { isJsonObject, type JsonObject } from '../../core/json.ts'
import type { ToolSpec } from '../../core/tool.ts'
import { SCHEMA_LIMITS, type SchemaLimits, type SchemaType, schemaToType } from './schema-type.ts'
import type { TypeNode } from './type-node.ts'

/** The types of a tool, as a script meets it. */
export interface ToolType {
  /** Absent where the tool has no parameters. */
  readonly args?: SchemaType
  /** The call may be made without arguments. */
  readonly isArgsOptional: boolean
  /** Absent where the tool declares no output. What it declares is what a call resolves to (`structuredContent`). */
  readonly result?: SchemaType
}

const WITHOUT_DOCS: SchemaLimits = Object.freeze({ ...SCHEMA_LIMITS, docChars: 0 })

/** Converts the schemas of a tool. Without descriptions it is faster. */
export function toolType(spec: ToolSpec, docs = true): ToolType {
  const limits = docs ? SCHEMA_LIMITS : WITHOUT_DOCS
  const result = spec.outputSchema === undefined ? {} : { result: schemaToType(spec.outputSchema, limits) }
  if (!hasParameters(spec.inputSchema)) return { isArgsOptional: true, ...result }
  const args = schemaToType(spec.inputSchema, limits)
  return { args, isArgsOptional: isOptional(args.type), ...result }
}

/** A schema that names no parameter means a tool without any, unless it says that others are welcome. */
function hasParameters(schema: JsonObject): boolean {
  const extra = schema['additionalProperties']
  if (extra === true || isJsonObject(extra)) return true
  const named = [schema['properties'], schema['patternProperties'], schema['required']]
  if (named.some((part) => typeof part === 'object' && part !== null && Object.keys(part).length > 0))
    return true
  return ['$ref', 'allOf', 'anyOf', 'oneOf'].some((keyword) => schema[keyword] !== undefined)
}

function isOptional(type: TypeNode): boolean {
  return type.kind === 'object' && type.members.every((member) => member.optional)
}
