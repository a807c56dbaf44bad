import { GatewayError } from '../../core/errors.ts'
import { isDeeperThan, isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { type ToolSpec, toolKey } from '../../core/tool.ts'
import { nameServers } from './server-names.ts'

const MAX_BYTES = 50 * 1024 * 1024
const MAX_TOOLS = 100_000
/** The same as for a definition that a server sends: what is larger could not be listed. */
const MAX_DEPTH = 64
const MAX_DEFINITION_BYTES = 512 * 1024
const MAX_NAME_LENGTH = 128
/** Of servers: long enough for any registry. */
const MAX_SERVER_LENGTH = 1024
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]+/g

/** What stands in the place of a server that is not named. */
const UNNAMED = 'tools'

interface Entry {
  readonly server: string
  readonly definition: JsonObject & { readonly name: string; readonly inputSchema: JsonObject }
}

/**
 * Reads tools out of a JSON file: a list of `{ server, name, description?, inputSchema, outputSchema? }`, such a list as the member `tools` of
 * an object, or an answer to `tools/list`, alone or in its JSON-RPC envelope. Members that are not of a definition are left out. Names of
 * servers are made to fit; of two tools with the same name in one server the first is kept.
 *
 * @param where is named in errors
 * @param onRepeated is told how many tools were left out because of their names
 * @throws GatewayError `config_invalid`, with the index of the tool and the member
 */
export function readCatalog(
  text: string,
  where: string,
  onRepeated: (count: number) => void = () => {},
): readonly ToolSpec[] {
  const entries = findList(text, where).map((raw, index) => readEntry(raw, `${where}: tool ${index}`))
  const names = nameServers(entries.map(({ server }) => server))
  const specs = new Map<string, ToolSpec>()
  for (const { server, definition } of entries) {
    const spec = toSpec(names.get(server) ?? UNNAMED, definition)
    const key = toolKey(spec.ref)
    if (!specs.has(key)) specs.set(key, spec)
  }
  if (specs.size < entries.length) onRepeated(entries.length - specs.size)
  return [...specs.values()]
}

function invalid(message: string): GatewayError {
  return new GatewayError('config_invalid', message)
}

function findList(text: string, where: string): readonly Json[] {
  // A character has at least one byte: a longer text need not be measured.
  if (text.length > MAX_BYTES || Buffer.byteLength(text) > MAX_BYTES) {
    throw invalid(`${where}: a catalog may have ${MAX_BYTES / 1024 / 1024} MB at the most.`)
  }
  const root = parse(text, where)
  const result = isJsonObject(root) && isJsonObject(root['result']) ? root['result'] : root
  const list = isJsonObject(result) ? result['tools'] : result
  if (!Array.isArray(list)) {
    throw invalid(
      `${where}: expected a list of tools, or an object with a list in \`tools\`; found ${kindOf(list)}.`,
    )
  }
  if (list.length > MAX_TOOLS) {
    throw invalid(`${where}: a catalog may have ${MAX_TOOLS} tools at the most; this one has ${list.length}.`)
  }
  return list
}

function parse(text: string, where: string): Json {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    // The parser quotes the text, which may hold what a terminal obeys.
    const words = error instanceof SyntaxError ? error.message.slice(0, 200) : 'it is nested too deeply'
    const reason = words.replaceAll(CONTROL_CHARACTERS, ' ')
    throw invalid(`${where} is not JSON: ${reason}.`)
  }
}

function readEntry(raw: Json, at: string): Entry {
  if (!isJsonObject(raw)) throw invalid(`${at}: expected an object; found ${kindOf(raw)}.`)
  const { name, description, inputSchema, outputSchema, annotations, title } = raw
  const { server = UNNAMED } = raw
  if (typeof name !== 'string' || name === '') throw wrong(at, 'name', 'text that is not empty', name)
  if (name.length > MAX_NAME_LENGTH) throw wrong(at, 'name', `at most ${MAX_NAME_LENGTH} characters`, name)
  if (name.search(CONTROL_CHARACTERS) >= 0) throw wrong(at, 'name', 'text without control characters', name)
  if (typeof server !== 'string' || server === '') throw wrong(at, 'server', 'text that is not empty', server)
  if (server.length > MAX_SERVER_LENGTH)
    throw wrong(at, 'server', `at most ${MAX_SERVER_LENGTH} characters`, server)
  if (!isJsonObject(inputSchema)) throw wrong(at, 'inputSchema', 'an object', inputSchema)
  const { type } = inputSchema
  if (type !== undefined && type !== 'object') throw wrong(at, 'inputSchema.type', 'the word "object"', type)
  const isAbsent = (value: Json | undefined): boolean => value === undefined || value === null
  if (!isAbsent(description) && typeof description !== 'string')
    throw wrong(at, 'description', 'text', description)
  if (!isAbsent(title) && typeof title !== 'string') throw wrong(at, 'title', 'text', title)
  if (!isAbsent(outputSchema) && !isJsonObject(outputSchema))
    throw wrong(at, 'outputSchema', 'an object', outputSchema)
  if (!isAbsent(annotations) && !isJsonObject(annotations))
    throw wrong(at, 'annotations', 'an object', annotations)
  const definition = {
    name,
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof description === 'string' ? { description } : {}),
    inputSchema,
    ...(isJsonObject(outputSchema) ? { outputSchema } : {}),
    ...(isJsonObject(annotations) ? { annotations } : {}),
  }
  // Depth before size: writing JSON recurses.
  if (isDeeperThan(definition, MAX_DEPTH))
    throw invalid(`${at}: it is nested deeper than ${MAX_DEPTH} levels.`)
  if (Buffer.byteLength(JSON.stringify(definition)) > MAX_DEFINITION_BYTES) {
    throw invalid(`${at}: a definition may have ${MAX_DEFINITION_BYTES / 1024} kB at the most.`)
  }
  return { server, definition }
}

function wrong(at: string, member: string, expected: string, found: Json | undefined): GatewayError {
  const isLong = typeof found === 'string' && found !== ''
  return invalid(`${at}: \`${member}\` must be ${expected}; found ${isLong ? 'other text' : kindOf(found)}.`)
}

/** The kind of a value and never the value: it is a stranger's. */
function kindOf(value: Json | undefined): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (value === '') return 'empty text'
  if (Array.isArray(value)) return 'a list'
  const kinds: Readonly<Record<string, string>> = { string: 'text', number: 'a number', boolean: 'a boolean' }
  return kinds[typeof value] ?? 'an object'
}

function toSpec(server: string, definition: Entry['definition']): ToolSpec {
  const { name, ...known } = definition
  return Object.freeze({ ref: Object.freeze({ server, name }), ...known, definition })
}
