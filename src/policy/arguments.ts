import { setFlagsFromString } from 'node:v8'

import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'

import type { JsonObject } from '../core/json.ts'
import type { ToolSpec } from '../core/tool.ts'
import { compileLookalikes, type FindLookalike } from './lookalikes.ts'

/** Checks arguments against input schemas. */
export interface ArgumentValidator {
  /** What is wrong with the arguments, in words; empty where they fit or where the schema cannot be compiled. */
  readonly problems: (spec: ToolSpec, args: JsonObject) => readonly string[]
}

/** What is known of a schema. */
interface Compiled {
  /** Null where it cannot be compiled. */
  readonly validate: ValidateFunction | null
  readonly find: FindLookalike
}

/** A larger schema is left to its server: compiling it would hold up everybody. */
const MAX_SCHEMA_CHARS = 131_072

const MAX_PROBLEMS = 5

/** The flag of V8's linear engine. */
const LINEAR = 'l'

/**
 * Makes the validator. Schemas are compiled when a tool is first called and kept with the schema object.
 *
 * Schemas are strangers' texts: references are never fetched, and patterns run on an engine that is linear in the
 * text, so that `(a+)+$` cannot hold up the process (test/attack/regexp-in-schema.test.ts). A pattern that this engine
 * cannot run is not checked here.
 */
export function createArgumentValidator(): ArgumentValidator {
  // Idempotent, and off by default in V8: allows the flag `l` below.
  setFlagsFromString('--enable-experimental-regexp-engine')
  const options: Options = {
    strict: false,
    allErrors: true,
    validateFormats: false,
    // Otherwise every object would have a `constructor` and a `toString`.
    ownProperties: true,
    validateSchema: false,
    logger: false,
    addUsedSchema: false,
    code: { regExp: Object.assign(linearRegExp, { code: 'linearRegExp' }) },
  }
  const compiled = new WeakMap<JsonObject, Compiled>()
  const compile = (schema: JsonObject): ValidateFunction | null => {
    if (JSON.stringify(schema).length > MAX_SCHEMA_CHARS) return null
    const draft7First = typeof schema['$schema'] === 'string' && schema['$schema'].includes('draft-07')
    // 2020-12 is the default dialect. Source: MCP 2025-11-25, basic, "JSON Schema usage".
    for (const Dialect of draft7First ? [Ajv, Ajv2020] : [Ajv2020, Ajv]) {
      try {
        // A new instance each time: an instance keeps every schema and `$id` that it has seen.
        return new Dialect(options).compile(withoutId(schema))
      } catch {
        // The next dialect may know what this one does not.
      }
    }
    return null
  }
  return {
    problems(spec, args) {
      let known = compiled.get(spec.inputSchema)
      if (known === undefined) {
        known = { validate: compile(spec.inputSchema), find: compileLookalikes(spec.inputSchema) }
        compiled.set(spec.inputSchema, known)
      }
      const { validate, find } = known
      const found = find(args)
      if (found !== undefined) return [`has no parameter \`${found.given}\`; it is \`${found.meant}\``]
      if (validate === null || validate(args)) return []
      const texts = new Set((validate.errors ?? []).map(describeProblem))
      return [...texts].slice(0, MAX_PROBLEMS)
    },
  }
}

function linearRegExp(pattern: string): { test: (text: string) => boolean } {
  try {
    return new RegExp(pattern, LINEAR)
  } catch {
    return { test: () => true }
  }
}

/** `$schema` and `$id` are of no use here and make some dialects look for a schema that is not there. */
function withoutId(schema: JsonObject): JsonObject {
  const { $schema: _schema, $id: _id, ...rest } = schema
  return rest
}

function describeProblem({ instancePath, keyword, params, message }: ErrorObject): string {
  const at = instancePath === '' ? '' : `\`${instancePath.slice(1).replaceAll('/', '.')}\` `
  const { missingProperty, additionalProperty, allowedValues } = params as Record<string, unknown>
  if (keyword === 'required') return `${at}lacks \`${String(missingProperty)}\``.trim()
  if (keyword === 'additionalProperties')
    return `${at}has no parameter \`${String(additionalProperty)}\``.trim()
  if (keyword === 'enum') return `${at}must be one of ${JSON.stringify(allowedValues).slice(0, 300)}`
  return `${at}${message ?? 'does not fit the schema'}`.trim()
}
