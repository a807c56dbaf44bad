import type { z } from 'zod'
import type { JsonObject } from '../core/json.ts'
import type { Issue, Path, Tree } from './document/tree.ts'
import { isJsonObject } from '../core/json.ts'
import { nearest } from '../core/nearest.ts'
import { entryOf, issueAt, positionOf, treeAt } from './document/tree.ts'

type ZodIssue = z.core.$ZodIssue

/** What keys of clients are called here. */
const FOREIGN_KEYS: Readonly<Record<string, string>> = {
  disabled: 'enabled',
  httpUrl: 'url',
  serverUrl: 'url',
  timeout: 'timeouts.callMs',
  includeTools: 'tools.allow',
  excludeTools: 'tools.deny',
  disabledTools: 'tools.deny',
  autoApprove: 'tools.allow',
}

/** Turns what zod found into issues with a place and, for a mistyped word, the nearest known one. */
export function toIssues(error: z.ZodError, root: Tree, schema: JsonObject): readonly Issue[] {
  return error.issues.flatMap((issue) => toIssue(issue, root, schema))
}

function toIssue(issue: ZodIssue, root: Tree, schema: JsonObject): readonly Issue[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol')
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, path)
    return issue.keys.map((key) => toUnknownKey(key, path, known, root))
  }
  const found = treeAt(root, path)
  const at = positionOf(root, path)
  if (issue.code === 'invalid_value') return [toInvalidValue(issue.values, path, root)]
  return [issueAt(path, at, toMessage(issue, found))]
}

function toUnknownKey(key: string, path: Path, known: readonly string[], root: Tree): Issue {
  const at = entryOf(treeAt(root, path), key)?.keyAt ?? positionOf(root, path)
  const shown = key.length > 64 ? `${key.slice(0, 64)}…` : key
  const foreign = Object.hasOwn(FOREIGN_KEYS, key) ? FOREIGN_KEYS[key] : undefined
  const isServerKey = foreign !== undefined && known.includes(foreign.split('.')[0] ?? '')
  const suggestion = isServerKey ? foreign : nearest(key, known, 1)[0]
  const hint = suggestion === undefined ? listKnown(known) : `; did you mean \`${suggestion}\`?`
  return issueAt([...path, key], at, `unknown key \`${shown}\`${hint}`, suggestion)
}

function listKnown(known: readonly string[]): string {
  return known.length === 0 ? '; nothing can be set here' : `; known here: ${known.join(', ')}`
}

function toInvalidValue(values: readonly unknown[], path: Path, root: Tree): Issue {
  const found = treeAt(root, path)
  const choices = values.map(String)
  const expected = `expected ${choices.map((choice) => `\`${choice}\``).join(', ')}`
  const at = positionOf(root, path)
  // The word itself may be printed only where it stands in the file: a resolved value may be a secret.
  if (found?.kind !== 'scalar' || typeof found.value !== 'string' || found.resolved) {
    return issueAt(path, at, `${expected}; found ${describe(found)}`)
  }
  const suggestion = nearest(found.value, choices, 1)[0]
  const hint = suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`
  return issueAt(path, at, `${expected}; found \`${found.value.slice(0, 64)}\`${hint}`, suggestion)
}

function toMessage(issue: ZodIssue, found: Tree | undefined): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${typeName(issue.expected)}; found ${describe(found)}${quoteHint(issue.expected, found)}`
    case 'too_small':
      return issue.origin === 'string' && Number(issue.minimum) === 1
        ? 'must not be empty'
        : `must be at least ${String(issue.minimum)}${unitOf(issue.origin)}`
    case 'too_big':
      return `must be at most ${String(issue.maximum)}${unitOf(issue.origin)}`
    default:
      return 'not a valid value'
  }
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long'
  return origin === 'array' ? ' items long' : ''
}

function typeName(expected: string): string {
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    object: 'a mapping',
    record: 'a mapping',
    array: 'a list',
  }
  return Object.hasOwn(names, expected) ? (names[expected] ?? expected) : expected
}

/** Names the kind of a value and never the value. */
function describe(tree: Tree | undefined): string {
  if (tree === undefined) return 'nothing'
  if (tree.kind === 'list') return 'a list'
  if (tree.kind === 'map') return 'a mapping'
  if (tree.resolved) return 'text from a reference'
  if (tree.value === null) return 'nothing (null); remove the key or give it a value'
  if (typeof tree.value === 'boolean') return 'a boolean'
  if (typeof tree.value === 'string') return 'text'
  return Number.isInteger(tree.value) ? 'a whole number' : 'a number with a fraction'
}

/** Quotes are what is wrong most often. */
function quoteHint(expected: string, tree: Tree | undefined): string {
  if (tree?.kind !== 'scalar' || tree.value === null || tree.resolved) return ''
  if (expected === 'string') return typeof tree.value === 'string' ? '' : '; put it in quotes'
  const looksPlain = typeof tree.value === 'string' && /^(?:\d{1,15}|true|false)$/.test(tree.value)
  return looksPlain ? '; remove the quotes' : ''
}

function knownKeys(schema: JsonObject, path: Path): readonly string[] {
  let at: unknown = schema
  for (const part of path) {
    if (!isJsonObject(at)) return []
    const { properties, additionalProperties, items } = at
    const own = isJsonObject(properties) && Object.hasOwn(properties, part) ? properties[part] : undefined
    at = typeof part === 'number' ? items : (own ?? additionalProperties)
  }
  return isJsonObject(at) && isJsonObject(at['properties']) ? Object.keys(at['properties']) : []
}

/** The order in which a person reads the file. One place gets one message only once. */
export function sortIssues(issues: readonly Issue[]): readonly Issue[] {
  const seen = new Set<string>()
  return issues
    .filter((issue) => {
      const key = JSON.stringify([issue.path, issue.line, issue.column, issue.message])
      return !seen.has(key) && seen.add(key)
    })
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
}

/** `isogate.yaml:3:5 servers.github.comand unknown key …`, for people and for editors that follow such links. */
export function formatIssue(file: string, issue: Issue): string {
  const path = issue.path === '' ? '' : `${issue.path} `
  return `${file}:${issue.line}:${issue.column} ${path}${issue.message}`
}
