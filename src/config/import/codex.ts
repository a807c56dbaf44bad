import { parse, TomlError } from 'smol-toml'
import type { Entry, ParsedDocument, Position, Tree } from '../document/tree.ts'
import type { Candidate, ImportSource } from './source.ts'
import { entryOf, forbiddenKey, issueAt } from '../document/tree.ts'
import { joinOn } from './source.ts'

/** The file of Codex, which is TOML. */
export function codexFiles({ home, platform, env }: ImportSource): readonly Candidate[] {
  const folder = env['CODEX_HOME'] || joinOn(platform, home, '.codex')
  const path = joinOn(platform, folder, 'config.toml')
  return [{ client: 'codex', path, parse: parseCodex, sections: [['mcp_servers']] }]
}

/** Reads a file of Codex, with its entries in the words that other clients use. */
function parseCodex(text: string): ParsedDocument {
  const start: Position = { line: 1, column: 1 }
  try {
    const servers = entryOf(toTree(parse(text), start), 'mcp_servers')?.value
    const entries = servers?.kind === 'map' ? servers.entries.map((entry) => toEntry(entry, text)) : []
    const section: Entry = { key: 'mcp_servers', keyAt: start, value: { kind: 'map', entries, at: start } }
    return { root: { kind: 'map', entries: [section], at: start }, issues: [] }
  } catch (thrown) {
    if (!(thrown instanceof TomlError) && !(thrown instanceof RangeError)) throw thrown
    const at = thrown instanceof TomlError ? { line: thrown.line, column: thrown.column } : start
    // The message of the library quotes the source, and with it what secrets stand there.
    return { root: { kind: 'map', entries: [], at: start }, issues: [issueAt([], at, 'not valid TOML')] }
  }
}

function toTree(value: unknown, at: Position): Tree {
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item) => toTree(item, at)), at }
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    const entries = Object.entries(value)
      .filter(([key]) => forbiddenKey(key) === undefined)
      .map(([key, member]) => ({ key, keyAt: at, value: toTree(member, at) }))
    return { kind: 'map', entries, at }
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return scalar(value, at)
  return scalar(String(value), at)
}

function scalar(value: string | number | boolean, at: Position): Tree {
  return { kind: 'scalar', value, at }
}

function toEntry({ key, value }: Entry, text: string): Entry {
  // TOML gives values without places: the line of the table's head is the best there is.
  const line =
    text.split('\n').findIndex((row) => /^\s*\[\s*mcp_servers\s*\./.test(row) && row.includes(key)) + 1
  const at: Position = { line: Math.max(line, 1), column: 1 }
  if (value.kind !== 'map') return { key, keyAt: at, value }
  const fields: Entry[] = []
  const add = (name: string, tree: Tree): void => {
    const known = fields.find((field) => field.key === name)
    if (known?.value.kind === 'map' && tree.kind === 'map') {
      const merged: Tree = { ...tree, entries: [...known.value.entries, ...tree.entries] }
      fields.splice(fields.indexOf(known), 1, { ...known, value: merged })
    } else fields.push({ key: name, keyAt: at, value: tree })
  }
  for (const field of value.entries) addField(field.key, field.value, at, add)
  return { key, keyAt: at, value: { kind: 'map', entries: fields, at } }
}

function addField(key: string, value: Tree, at: Position, add: (name: string, tree: Tree) => void): void {
  const number = value.kind === 'scalar' && typeof value.value === 'number' ? value.value : undefined
  const text = value.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined
  const mapOf = (name: string, member: Tree): Tree => ({
    kind: 'map',
    entries: [{ key: name, keyAt: at, value: member }],
    at,
  })
  if (key === 'bearer_token_env_var' && text !== undefined) {
    add('headers', mapOf('Authorization', scalar(`Bearer \${env:${text}}`, at)))
  } else if (key === 'http_headers') add('headers', value)
  else if (key === 'env_http_headers') add('headers', toVariables(value, at))
  else if (key === 'env_vars') add('env', toVariables(value, at))
  else if (key === 'enabled_tools') add('includeTools', value)
  else if (key === 'disabled_tools') add('excludeTools', value)
  else if (key === 'startup_timeout_sec' && number !== undefined) {
    add('timeouts', mapOf('connectMs', scalar(Math.round(number * 1000), at)))
  } else if (key === 'startup_timeout_ms' && number !== undefined) {
    add('timeouts', mapOf('connectMs', scalar(Math.round(number), at)))
  } else if (key === 'tool_timeout_sec' && number !== undefined) {
    add('timeouts', mapOf('callMs', scalar(Math.round(number * 1000), at)))
  } else add(key, value)
}

/** `["TOKEN"]` and `{ Header = "TOKEN" }` name variables of the environment. */
function toVariables(value: Tree, at: Position): Tree {
  const named: readonly (readonly [string, Tree])[] =
    value.kind === 'map'
      ? value.entries.map((entry) => [entry.key, entry.value] as const)
      : value.kind === 'list'
        ? value.items.map((item) => [item.kind === 'scalar' ? String(item.value) : '', item] as const)
        : []
  const entries = named
    .filter(([key, variable]) => key !== '' && variable.kind === 'scalar')
    .map(([key, variable]) => {
      const name = variable.kind === 'scalar' ? String(variable.value) : ''
      return { key, keyAt: at, value: scalar(`\${env:${name}}`, at) }
    })
  return { kind: 'map', entries, at }
}
