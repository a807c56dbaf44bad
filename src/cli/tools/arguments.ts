import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { UsageError } from '../failure.ts'

/** Arguments of a tool as they were typed. */
export type TypedArguments =
  | { readonly kind: 'json'; readonly value: JsonObject }
  | { readonly kind: 'pairs'; readonly pairs: ReadonlyMap<string, string> }

/**
 * Reads the words behind the name of a tool: nothing, one JSON object, `-` for JSON on the standard input, or
 * `key=value` pairs.
 *
 * @throws UsageError where they are none of these
 */
export async function readArguments(
  words: readonly string[],
  readStdin: () => Promise<string>,
): Promise<TypedArguments> {
  const [first] = words
  if (words.length === 1 && first === '-') return parseObject(await readStdin())
  if (words.length === 1 && first !== undefined && /^\s*[{[]/.test(first)) return parseObject(first)
  const pairs = new Map<string, string>()
  for (const word of words) {
    const at = word.indexOf('=')
    if (at <= 0)
      throw new UsageError(
        `"${word}" is neither a JSON object nor key=value. Quote JSON as one word: '{"key": 1}'.`,
      )
    const key = word.slice(0, at)
    if (pairs.has(key)) throw new UsageError(`${key} is given twice. Write a list as JSON: ${key}='[1, 2]'.`)
    pairs.set(key, word.slice(at + 1))
  }
  return { kind: 'pairs', pairs }
}

/** The arguments as the tool is called with them. A value is text where the tool wants text, else JSON where it is that. */
export function toArguments(typed: TypedArguments, inputSchema: JsonObject | undefined): JsonObject {
  if (typed.kind === 'json') return typed.value
  const properties = inputSchema?.['properties']
  const schemas = isJsonObject(properties) ? properties : {}
  return Object.fromEntries(
    [...typed.pairs].map(([key, text]) => {
      const schema = Object.hasOwn(schemas, key) ? schemas[key] : undefined
      return [key, wantsText(schema) ? text : toValue(text)]
    }),
  )
}

function wantsText(schema: Json | undefined): boolean {
  if (!isJsonObject(schema)) return false
  const { type, enum: options } = schema
  if (Array.isArray(options)) return options.every((option) => typeof option === 'string')
  return Array.isArray(type) ? type.includes('string') : type === 'string'
}

function toValue(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

function parseObject(text: string): TypedArguments {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new UsageError(`The arguments are not valid JSON: ${(cause as Error).message}.`)
  }
  if (!isJsonObject(value)) throw new UsageError('The arguments must be one JSON object: { "name": value }.')
  return { kind: 'json', value }
}
