/** Where something stands in its file, from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** A parsed document in which every value knows where it stands, whatever format it was written in. */
export type Tree = ScalarTree | ListTree | MapTree

export interface ScalarTree {
  readonly kind: 'scalar'
  readonly value: string | number | boolean | null
  readonly at: Position
  /** True where the value came out of a reference: it may be a secret and is never printed. */
  readonly resolved?: true
}

interface ListTree {
  readonly kind: 'list'
  readonly items: readonly Tree[]
  readonly at: Position
}

export interface MapTree {
  readonly kind: 'map'
  readonly entries: readonly Entry[]
  readonly at: Position
}

export interface Entry {
  readonly key: string
  readonly keyAt: Position
  readonly value: Tree
}

export type Path = readonly (string | number)[]

/** One error of a configuration. */
export interface Issue {
  /** `servers.github.args[0]`; empty where the whole file is meant. */
  readonly path: string
  readonly line: number
  readonly column: number
  readonly message: string
  /** What was probably meant. */
  readonly suggestion?: string
}

/** Something about a configuration that its reader should know. Never fatal. */
export interface Note {
  readonly path: string
  readonly line: number
  readonly message: string
}

/** A document as parsed: where there are issues, the tree holds what could be understood. */
export interface ParsedDocument {
  readonly root: Tree
  readonly issues: readonly Issue[]
}

/** Writes a path for a person: dots where they are unambiguous, brackets otherwise. */
export function formatPath(path: Path): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else if (/^[A-Za-z0-9_$-]+$/.test(part)) text += text === '' ? part : `.${part}`
    else text += `[${JSON.stringify(part)}]`
  }
  return text
}

/** Makes an issue at a place of the document. */
export function issueAt(path: Path, at: Position, message: string, suggestion?: string): Issue {
  return {
    path: formatPath(path),
    line: at.line,
    column: at.column,
    message,
    ...(suggestion === undefined ? {} : { suggestion }),
  }
}

/** The entry of a map with this key; nothing for any other kind of tree. */
export function entryOf(tree: Tree | undefined, key: string): Entry | undefined {
  return tree?.kind === 'map' ? tree.entries.find((entry) => entry.key === key) : undefined
}

/** The value below a tree at a path, as far as there is one. */
export function treeAt(root: Tree, path: Path): Tree | undefined {
  let tree: Tree | undefined = root
  for (const part of path) {
    if (typeof part === 'number') tree = tree?.kind === 'list' ? tree.items[part] : undefined
    else tree = entryOf(tree, part)?.value
  }
  return tree
}

/** The position of the deepest ancestor of a path that exists: its key for a map, itself for a list. */
export function positionOf(root: Tree, path: Path): Position {
  for (let length = path.length; length > 0; length--) {
    const found = treeAt(root, path.slice(0, length))
    if (found === undefined) continue
    // What is missing has no place of its own: its parent's key is where the reader should look.
    if (length < path.length) {
      const entry = entryOf(treeAt(root, path.slice(0, length - 1)), String(path[length - 1]))
      return entry?.keyAt ?? found.at
    }
    return found.at
  }
  return root.at
}

/**
 * The plain value of a tree. Objects have no prototype, so that no key of a document can reach one;
 * `__proto__` was refused when the document was parsed.
 */
export function toPlain(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value
  if (tree.kind === 'list') return tree.items.map(toPlain)
  const object = Object.create(null) as Record<string, unknown>
  for (const entry of tree.entries) object[entry.key] = toPlain(entry.value)
  return object
}

/** The way from an offset of a text to its line and column. */
export function createLocator(text: string): (offset: number) => Position {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
  }
}

/** Why a key is refused whatever the schema says, or nothing. */
export function forbiddenKey(key: string): string | undefined {
  // `object['__proto__'] = …` replaces a prototype instead of setting a member: a way to pollute.
  if (key === '__proto__') return 'the key `__proto__` is not allowed'
  return key.length > 1024 ? 'a key may have at most 1024 characters' : undefined
}
