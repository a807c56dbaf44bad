import type { Entry, Issue, ParsedDocument, Path, Position, Tree } from './tree.ts'
import { createLocator, forbiddenKey, issueAt } from './tree.ts'

const MAX_DEPTH = 64
const SPACE_OR_COMMENT = /(?:[ \t\r\n]+|\/\/[^\r\n]*|\/\*[^]*?\*\/)*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y
const WORD = /[A-Za-z_]+/y

/** Thrown inside this file only; parseJson turns it into an issue. */
interface SyntaxFault {
  readonly offset: number
  readonly message: string
}

interface Reader {
  readonly text: string
  readonly locate: (offset: number) => Position
  readonly issues: Issue[]
  offset: number
}

/** Reads JSON with comments and trailing commas, as editors and MCP clients write it. */
export function parseJson(text: string): ParsedDocument {
  const reader: Reader = { text, locate: createLocator(text), issues: [], offset: 0 }
  try {
    const root = readValue(reader, [])
    skip(reader)
    if (reader.offset < text.length) throw fault(reader, 'there is more text after the end of the document')
    return { root, issues: reader.issues }
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    const at = reader.locate(thrown.offset)
    const root: Tree = { kind: 'map', entries: [], at: { line: 1, column: 1 } }
    return { root, issues: [...reader.issues, issueAt([], at, `not valid JSON: ${thrown.message}`)] }
  }
}

function fault(reader: Reader, message: string): SyntaxFault {
  return { offset: reader.offset, message }
}

function isFault(thrown: unknown): thrown is SyntaxFault {
  return typeof thrown === 'object' && thrown !== null && !(thrown instanceof Error) && 'offset' in thrown
}

function match(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.offset
  const found = pattern.exec(reader.text)?.[0]
  if (found !== undefined) reader.offset += found.length
  return found
}

function skip(reader: Reader): void {
  match(reader, SPACE_OR_COMMENT)
  if (reader.text.startsWith('/*', reader.offset)) throw fault(reader, 'the comment is not closed')
}

function readValue(reader: Reader, path: Path): Tree {
  skip(reader)
  const at = reader.locate(reader.offset)
  const first = reader.text[reader.offset]
  if (path.length > MAX_DEPTH) throw fault(reader, `values may be nested ${MAX_DEPTH} deep at most`)
  if (first === '{') return { kind: 'map', entries: readObject(reader, path), at }
  if (first === '[') return { kind: 'list', items: readArray(reader, path), at }
  if (first === '"') return { kind: 'scalar', value: readString(reader), at }
  const number = match(reader, NUMBER)
  if (number !== undefined) return { kind: 'scalar', value: Number(number), at }
  const start = reader.offset
  const word = match(reader, WORD)
  if (word === 'true' || word === 'false') return { kind: 'scalar', value: word === 'true', at }
  if (word === 'null') return { kind: 'scalar', value: null, at }
  reader.offset = start
  if (start >= reader.text.length) throw fault(reader, 'the document ends where a value should stand')
  throw fault(reader, 'a value should stand here')
}

function readObject(reader: Reader, path: Path): readonly Entry[] {
  const entries = new Map<string, Entry>()
  reader.offset += 1
  for (;;) {
    skip(reader)
    if (take(reader, '}')) return [...entries.values()]
    const keyAt = reader.locate(reader.offset)
    if (reader.text[reader.offset] !== '"')
      throw fault(reader, 'a key in double quotes or `}` should stand here')
    const key = readString(reader)
    skip(reader)
    if (!take(reader, ':')) throw fault(reader, 'a colon should stand here')
    const inner = [...path, key]
    const value = readValue(reader, inner)
    const refusal = entries.has(key) ? `the key \`${key.slice(0, 64)}\` stands here twice` : forbiddenKey(key)
    if (refusal === undefined) entries.set(key, { key, keyAt, value })
    else reader.issues.push(issueAt(inner, keyAt, refusal))
    skip(reader)
    if (!take(reader, ',') && reader.text[reader.offset] !== '}') {
      throw fault(reader, 'a comma or `}` should stand here')
    }
  }
}

function readArray(reader: Reader, path: Path): readonly Tree[] {
  const items: Tree[] = []
  reader.offset += 1
  for (;;) {
    skip(reader)
    if (take(reader, ']')) return items
    items.push(readValue(reader, [...path, items.length]))
    skip(reader)
    if (!take(reader, ',') && reader.text[reader.offset] !== ']') {
      throw fault(reader, 'a comma or `]` should stand here')
    }
  }
}

/** By hand: a pattern for this either backtracks exponentially or keeps a state per character. */
function readString(reader: Reader): string {
  const { text, offset: start } = reader
  let end = start + 1
  while (end < text.length && text[end] !== '"' && text.charCodeAt(end) >= 0x20)
    end += text[end] === '\\' ? 2 : 1
  if (text[end] !== '"') throw fault(reader, 'the text that begins here is not closed on its line')
  try {
    const value = JSON.parse(text.slice(start, end + 1)) as string
    reader.offset = end + 1
    return value
  } catch {
    throw fault(reader, 'the text that begins here has an invalid escape')
  }
}

function take(reader: Reader, character: string): boolean {
  if (reader.text[reader.offset] !== character) return false
  reader.offset += 1
  return true
}
