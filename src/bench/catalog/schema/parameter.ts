import type { Json, JsonObject } from '../../../core/json.ts'
import { type Style, spellParameter, toTitle } from '../made/style.ts'

/** A parameter before it is written into a schema. */
export interface Parameter {
  /** In words joined by `_`. */
  readonly name: string
  readonly schema: JsonObject
  /** Members, where it is an object or a list of objects. */
  readonly members?: readonly Parameter[]
  readonly says: string
  readonly isRequired: boolean
  readonly fallback?: Json
}

/** Writes a parameter as the server does. */
export function printParameter(parameter: Parameter, style: Style, isDescribed: boolean): JsonObject {
  const { schema, members, says, name, isRequired, fallback } = parameter
  const inner = members === undefined ? undefined : printObject(members, style, () => isDescribed)
  const type: JsonObject =
    inner === undefined ? schema : schema['type'] === 'array' ? { type: 'array', items: inner } : inner
  const description = isDescribed ? { description: says } : {}
  if (style.schema !== 'python') {
    return { ...type, ...description, ...(fallback === undefined ? {} : { default: fallback }) }
  }
  // What may be left out has a default there, if only null.
  const isNullable = !isRequired && fallback === undefined
  return {
    ...(isNullable ? { anyOf: [type, { type: 'null' }], default: null } : type),
    ...description,
    ...(fallback === undefined ? {} : { default: fallback }),
    title: toTitle(name),
  }
}

/** Writes parameters as the schema of an object. */
export function printObject(
  parameters: readonly Parameter[],
  style: Style,
  isDescribed: (parameter: Parameter) => boolean,
): JsonObject {
  const properties = Object.fromEntries(
    parameters.map((parameter) => [
      spellParameter(parameter.name, style),
      printParameter(parameter, style, isDescribed(parameter)),
    ]),
  )
  const required = parameters
    .filter(({ isRequired }) => isRequired)
    .map(({ name }) => spellParameter(name, style))
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) }
}
