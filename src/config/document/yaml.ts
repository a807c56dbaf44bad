import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { Issue, ParsedDocument, Path, Position, Tree } from './tree.ts'
import { createLocator, forbiddenKey, issueAt } from './tree.ts'

/** More values than any configuration has; an alias counts as often as it is used, against alias bombs. */
const MAX_VALUES = 50_000
const MAX_DEPTH = 64
const MAX_SYNTAX_ISSUES = 50
const CORE_TAG = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/

interface Converted {
  readonly tree: Tree
  readonly size: number
}

interface Reading {
  readonly locate: (offset: number) => Position
  readonly issues: Issue[]
  /** Values by anchor; an anchor whose value is still being read is `open`. */
  readonly anchors: Map<string, Converted | 'open'>
  size: number
  full: boolean
}

/** Reads a YAML 1.2 document. Refuses what surprises: merge keys, custom tags, keys that are not text, several documents. */
export function parseYaml(text: string): ParsedDocument {
  const locate = createLocator(text)
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    // The check of the library is quadratic: a megabyte of keys would take minutes. Done here instead.
    uniqueKeys: false,
    // Pretty errors quote the source, and with it literal secrets.
    prettyErrors: false,
    resolveKnownTags: false,
    logLevel: 'error',
  })
  if (document.errors.length > 0) {
    const byLine = new Map<number, Issue>()
    for (const error of document.errors) {
      const at = locate(error.pos[0])
      if (!byLine.has(at.line))
        byLine.set(at.line, issueAt([], at, toSyntaxMessage(error.code, error.message)))
      if (byLine.size >= MAX_SYNTAX_ISSUES) break
    }
    return { root: emptyMap(locate(0)), issues: [...byLine.values()] }
  }
  const reading: Reading = { locate, issues: [], anchors: new Map(), size: 0, full: false }
  if (document.directives?.yaml.explicit === true && document.directives.yaml.version !== '1.2') {
    // YAML 1.1 reads `no` and `on` as booleans and has merge keys.
    reading.issues.push(issueAt([], locate(0), 'only YAML 1.2 is read; remove the `%YAML` line'))
  }
  if (document.contents === null) return { root: emptyMap(locate(0)), issues: reading.issues }
  const { tree } = convert(document.contents, [], reading, locate(0))
  const isEmpty = tree.kind === 'scalar' && tree.value === null
  return { root: isEmpty ? emptyMap(tree.at) : tree, issues: reading.issues }
}

function toSyntaxMessage(code: string, message: string): string {
  if (code === 'RESOURCE_EXHAUSTION') return 'the document is nested too deeply'
  if (code === 'MULTIPLE_DOCS') return 'the file holds several documents; only one is read'
  // Some messages end with a piece of the source, which may be a secret.
  return `not valid YAML: ${message.replace(/: "[^]*$/, '').slice(0, 200)}`
}

function emptyMap(at: Position): Tree {
  return { kind: 'map', entries: [], at }
}

function convert(node: unknown, path: Path, reading: Reading, parent: Position): Converted {
  const range = (node as { range?: readonly [number, number, number] | null } | null)?.range
  const at = range ? reading.locate(range[0]) : parent
  if (isAlias(node)) return convertAlias(node.source, path, reading, at)
  const { anchor, tag } = (node ?? {}) as { anchor?: string; tag?: string }
  if (tag !== undefined && !CORE_TAG.test(tag)) {
    reading.issues.push(issueAt(path, at, `the tag \`${tag.slice(0, 64)}\` is not supported; remove it`))
  }
  if (anchor !== undefined) reading.anchors.set(anchor, 'open')
  const converted = convertValue(node, path, reading, at)
  if (anchor !== undefined) reading.anchors.set(anchor, converted)
  return converted
}

function convertAlias(anchor: string, path: Path, reading: Reading, at: Position): Converted {
  const target = reading.anchors.get(anchor)
  if (target === undefined || target === 'open') {
    const reason = target === 'open' ? 'refers to a value that contains it' : 'has no anchor before it'
    reading.issues.push(issueAt(path, at, `the alias \`*${anchor.slice(0, 64)}\` ${reason}`))
    return count(nullAt(at), 1, path, reading)
  }
  return count(target.tree, target.size, path, reading)
}

function convertValue(node: unknown, path: Path, reading: Reading, at: Position): Converted {
  if (isScalar(node)) return count(toScalar(node.value, path, reading, at), 1, path, reading)
  if (path.length > MAX_DEPTH) {
    reading.issues.push(issueAt(path, at, `values may be nested ${MAX_DEPTH} deep at most`))
    return count(nullAt(at), 1, path, reading)
  }
  if (isSeq(node)) {
    const items = node.items.map((item, index) => convert(item, [...path, index], reading, at))
    const size = items.reduce((sum, item) => sum + item.size, 1)
    reading.size += 1
    return { tree: { kind: 'list', items: items.map((item) => item.tree), at }, size }
  }
  if (isMap(node)) return convertMap(node.items, path, reading, at)
  // A key without a value, as `enabled:` or `{ enabled }`.
  return count(nullAt(at), 1, path, reading)
}

function convertMap(
  pairs: readonly { key: unknown; value: unknown }[],
  path: Path,
  reading: Reading,
  at: Position,
): Converted {
  const entries = new Map<string, { key: string; keyAt: Position; value: Tree }>()
  let size = 1
  for (const { key, value } of pairs) {
    const keyRange = (key as { range?: readonly [number, number, number] | null } | null)?.range
    const keyAt = keyRange ? reading.locate(keyRange[0]) : at
    const name = isScalar(key) && typeof key.value === 'string' ? key.value : undefined
    const refusal = name === undefined ? refuseKey(key) : refuseName(name, entries)
    // Grows for a refused key as well: the depth of the walk is bounded by the length of the path.
    const inner = [...path, name ?? '?']
    if (refusal !== undefined) reading.issues.push(issueAt(inner, keyAt, refusal))
    const converted = convert(value, inner, reading, keyAt)
    size += converted.size
    if (name !== undefined && refusal === undefined)
      entries.set(name, { key: name, keyAt, value: converted.tree })
  }
  reading.size += 1
  return { tree: { kind: 'map', entries: [...entries.values()], at }, size }
}

function refuseKey(key: unknown): string {
  if (isScalar(key) && (typeof key.value === 'number' || typeof key.value === 'boolean')) {
    return `the key \`${String(key.value)}\` is not text; put it in quotes`
  }
  return 'a key must be text'
}

function refuseName(name: string, entries: ReadonlyMap<string, unknown>): string | undefined {
  if (name === '<<') return 'merge keys (`<<`) are not supported; write the keys out'
  if (entries.has(name)) return `the key \`${name.slice(0, 64)}\` stands here twice`
  return forbiddenKey(name)
}

function toScalar(value: unknown, path: Path, reading: Reading, at: Position): Tree {
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return { kind: 'scalar', value, at }
  }
  reading.issues.push(issueAt(path, at, 'this kind of value is not supported'))
  return nullAt(at)
}

function nullAt(at: Position): Tree {
  return { kind: 'scalar', value: null, at }
}

/** Counts values against MAX_VALUES; beyond it everything is empty and one issue says why. */
function count(tree: Tree, size: number, path: Path, reading: Reading): Converted {
  if (reading.size + size <= MAX_VALUES) {
    reading.size += size
    return { tree, size }
  }
  if (!reading.full) {
    reading.full = true
    reading.issues.push(
      issueAt(path, tree.at, `the document has more than ${MAX_VALUES} values, aliases counted each time`),
    )
  }
  return { tree: nullAt(tree.at), size: 1 }
}
