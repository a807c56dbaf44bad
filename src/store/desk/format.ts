import type { Row } from './rows.ts'

/*
 * A backup is text, a line of JSON each: a head, then for each table a line with its columns and one with the values of each row, and an
 * end that says how many rows there were and the hash of all lines before it. It is the same for every kind of store.
 */

const FORMAT = 1

/** One line of a backup. */
export type Line =
  | { readonly kind: 'head'; readonly version: number }
  | { readonly kind: 'table'; readonly name: string; readonly columns: readonly string[] }
  | { readonly kind: 'row'; readonly values: readonly Row[string][] }
  | { readonly kind: 'end'; readonly rows: number; readonly sha256: string }

/** Writes a line, without its end. */
export function toText(line: Line): string {
  if (line.kind === 'row') return JSON.stringify(line.values)
  const { kind, ...rest } = line
  return JSON.stringify(
    kind === 'head' ? { isogate: kind, format: FORMAT, ...rest } : { isogate: kind, ...rest },
  )
}

/** Reads a line; undefined for what is none of this format. */
export function parseLine(text: string): Line | undefined {
  const found = parseJson(text)
  if (Array.isArray(found)) return found.every(isValue) ? { kind: 'row', values: found } : undefined
  if (typeof found !== 'object' || found === null) return undefined
  const { isogate, format, version, name, columns, rows, sha256 } = found as Readonly<Record<string, unknown>>
  if (isogate === 'head' && format === FORMAT && isCount(version)) return { kind: 'head', version }
  if (isogate === 'table' && typeof name === 'string' && isNames(columns))
    return { kind: 'table', name, columns }
  if (isogate === 'end' && isCount(rows) && typeof sha256 === 'string') return { kind: 'end', rows, sha256 }
  return undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isValue(value: unknown): value is Row[string] {
  return value === null || typeof value === 'string' || Number.isSafeInteger(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string')
}
