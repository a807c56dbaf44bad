import { isAlias, isMap, isNode, isScalar, parseDocument, stringify, visit } from 'yaml'
import type { Document, YAMLMap } from 'yaml'
import type { Json, JsonObject } from '../../core/json.ts'
import type { ClientName, FoundConfig, ImportedServer } from './source.ts'
import { GatewayError } from '../../core/errors.ts'
import { isJsonObject } from '../../core/json.ts'
import { entryOf, toPlain } from '../document/tree.ts'
import { parseYaml } from '../document/yaml.ts'
import { SCHEMA_URL } from '../json-schema.ts'
import { toConfigError } from '../load.ts'

/** What an import does with one server of a client. */
export interface ImportChange {
  /** `unchanged`: the document has it already. `conflict`: it has another of that name, which is kept. */
  readonly action: 'added' | 'unchanged' | 'conflict'
  readonly server: string
  readonly client: ClientName
  /** The client's file. */
  readonly path: string
  readonly message: string
}

/**
 * Adds the servers of clients to a YAML configuration. Comments and order of the existing document stay;
 * a server that is there is never overwritten. Throws `config_invalid` where the document cannot be parsed.
 *
 * The text may hold secrets that stood in the clients' files; changes never do.
 */
export function renderImport(
  found: readonly FoundConfig[],
  existingDocumentText?: string,
): { readonly text: string; readonly changes: readonly ImportChange[] } {
  const before = existingDocumentText ?? `# yaml-language-server: $schema=${SCHEMA_URL}\nservers: {}\n`
  const { document, section, known } = openDocument(before)
  const changes: ImportChange[] = []
  const added: Addition[] = []
  for (const { servers, client, path } of found) {
    for (const server of servers) {
      const change = decide(server, known)
      changes.push({ server: server.name, client, path, ...change })
      if (change.action !== 'added') continue
      known.set(server.name, server.entry)
      added.push({ client, name: server.name, entry: server.entry })
    }
  }
  if (added.length === 0) return { text: before, changes }
  const inserted = insertText(before, document, section, added)
  // What was written must read back as what was meant, also where the document is laid out strangely.
  if (inserted !== undefined && holds(inserted, section, known)) return { text: inserted, changes }
  for (const addition of added) addNode(document, section, addition)
  return { text: document.toString({ lineWidth: 0 }), changes }
}

interface Addition {
  readonly client: ClientName
  readonly name: string
  readonly entry: JsonObject
}

/** Writes the servers behind the last one and leaves every other character as it is. Only for a block mapping. */
function insertText(
  text: string,
  document: Document,
  section: string,
  added: readonly Addition[],
): string | undefined {
  const servers = isMap(document.contents) ? document.contents.get(section, true) : undefined
  if (!isMap(servers) || servers.flow === true || !servers.range) return undefined
  const last = servers.items.at(-1)
  const end = isNode(last?.value) ? last.value.range?.[1] : undefined
  if (end === undefined) return undefined
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  // The range of a block scalar ends behind its line break, that of any other value before it.
  const at = text[end - 1] === '\n' ? end : text.indexOf('\n', end) + 1 || text.length
  const indent = ' '.repeat(servers.range[0] - (text.lastIndexOf('\n', servers.range[0] - 1) + 1))
  const lines = added.flatMap(({ client, name, entry }) => [
    `# from ${client}`,
    ...stringify({ [name]: entry }, { lineWidth: 0, blockQuote: false })
      .trimEnd()
      .split('\n'),
  ])
  const block = lines.map((line) => (line === '' ? newline : `${indent}${line}${newline}`)).join('')
  const head = text.slice(0, at)
  return `${head}${head.endsWith('\n') ? '' : newline}${block}${text.slice(at)}`
}

function holds(text: string, section: string, expected: ReadonlyMap<string, Json>): boolean {
  const { root, issues } = parseYaml(text.replace(/^\uFEFF/, ''))
  const servers = entryOf(root, section)?.value
  if (issues.length > 0 || servers === undefined) return false
  return canonical(toPlain(servers) as Json) === canonical(Object.fromEntries(expected))
}

function decide(
  server: ImportedServer,
  known: ReadonlyMap<string, Json>,
): Pick<ImportChange, 'action' | 'message'> {
  const same = known.get(server.name)
  const entry = canonical(server.entry)
  if (same !== undefined && canonical(same) !== entry) {
    return {
      action: 'conflict',
      message: 'another server of that name is there and is kept; rename one to have both',
    }
  }
  const twin = [...known].find(([, other]) => canonical(other) === entry)?.[0]
  if (twin === undefined) return { action: 'added', message: 'added' }
  return {
    action: 'unchanged',
    message: twin === server.name ? 'is there already' : `is there already, as \`${twin}\``,
  }
}

function openDocument(text: string) {
  if (/^\uFEFF?\s*\{/.test(text)) {
    throw new GatewayError(
      'config_invalid',
      'Servers are only imported into a YAML file, and this one is JSON.',
    )
  }
  const parsed = parseYaml(text.replace(/^\uFEFF/, ''))
  const rootIssues =
    parsed.root.kind === 'map'
      ? parsed.issues
      : [{ path: '', line: 1, column: 1, message: 'expected a mapping' }]
  if (rootIssues.length > 0) throw toConfigError('isogate.yaml', rootIssues)
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: false,
    logLevel: 'error',
  })
  const section = entryOf(parsed.root, 'mcpServers') === undefined ? 'servers' : 'mcpServers'
  const servers = entryOf(parsed.root, section)?.value
  if (isMap(document.contents) && isAlias(document.contents.get(section, true))) {
    // Written through, the servers would end up wherever the anchor is.
    const message = 'servers cannot be added to an alias; write the mapping out'
    throw toConfigError('isogate.yaml', [{ path: section, line: 1, column: 1, message }])
  }
  if (
    servers !== undefined &&
    servers.kind !== 'map' &&
    !(servers.kind === 'scalar' && servers.value === null)
  ) {
    const issue = {
      path: section,
      line: servers.at.line,
      column: servers.at.column,
      message: 'expected a mapping',
    }
    throw toConfigError('isogate.yaml', [issue])
  }
  const known = new Map<string, Json>()
  if (servers?.kind === 'map')
    for (const { key, value } of servers.entries) known.set(key, toPlain(value) as Json)
  return { document, section, known }
}

function addNode(document: Document, section: string, { client, name, entry }: Addition): void {
  const key = document.createNode(name)
  key.commentBefore = ` from ${client}`
  const value = document.createNode(entry)
  visit(value, {
    // As a block, the library loses spaces of a line that has nothing else.
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && scalar.value.includes('\n')) scalar.type = 'QUOTE_DOUBLE'
    },
  })
  sectionOf(document, section).add(document.createPair(key, value))
}

function sectionOf(document: Document, section: string): YAMLMap {
  if (!isMap(document.contents)) document.contents = document.createNode({})
  const root = document.contents as YAMLMap
  const known = root.get(section, true)
  if (isMap(known)) {
    // `{}` was written only because there was nothing to write.
    if (known.items.length === 0) known.flow = false
    return known
  }
  const map = document.createNode({}) as unknown as YAMLMap
  if (isScalar(known)) {
    // `servers:` with nothing but comments under it: the comments belong to the empty value.
    map.commentBefore = [known.commentBefore, known.comment].filter(Boolean).join('\n') || null
  }
  root.set(section, map)
  return map
}

/** JSON with sorted keys and without empty mappings, so that two spellings of one server are the same. */
function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isJsonObject(value)) return JSON.stringify(value)
  const members = Object.entries(value)
    .filter(([, member]) => !isJsonObject(member) || Object.keys(member).length > 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`
}
