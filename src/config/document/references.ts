import type { Issue, Path, Position, ScalarTree, Tree } from './tree.ts'
import type { ReadFile } from '../files.ts'
import { resolve } from 'node:path'
import { nearest } from '../../core/nearest.ts'
import { issueAt } from './tree.ts'

/** A piece of a string value. `body` is what stands between `${` and `}`. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reference'; readonly body: string }
  | { readonly kind: 'open'; readonly text: string }

/** Where references get their values from. */
export interface ReferenceSource {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly readFile: ReadFile
  /** Relative paths of `${file:…}` begin here. */
  readonly baseDir: string
}

const MAX_FILE_BYTES = 64 * 1024
/** References may repeat a long value as often as they like; all of them together stay within this. */
const MAX_TOTAL_CHARACTERS = 16 * 1024 * 1024
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Splits a value into text and references. `$${` is a literal `${`. One pass: what a reference yields is never scanned. */
export function splitReferences(value: string): readonly Part[] {
  const parts: Part[] = []
  let text = ''
  let at = 0
  while (at < value.length) {
    const dollar = value.indexOf('$', at)
    if (dollar === -1) break
    text += value.slice(at, dollar)
    at = dollar
    if (value.startsWith('$${', at)) {
      text += '${'
      at += 3
    } else if (value.startsWith('${', at)) {
      const end = value.indexOf('}', at)
      if (text !== '') parts.push({ kind: 'text', text })
      text = ''
      if (end === -1) return [...parts, { kind: 'open', text: value.slice(at) }]
      parts.push({ kind: 'reference', body: value.slice(at + 2, end) })
      at = end + 1
    } else {
      text += '$'
      at += 1
    }
  }
  text += value.slice(at)
  if (text !== '') parts.push({ kind: 'text', text })
  return parts
}

/** Writes literal text so that splitReferences reads it back as text. */
export function escapeReferences(text: string): string {
  // A function: in a replacement string, `$$` would stand for one `$`.
  return text.replaceAll('${', () => '$${')
}

/**
 * Replaces the references in all string values of a document. Keys are left alone. Values below a path
 * for which `skip` says true keep their references: nobody needs the secrets of a disabled server.
 */
export async function resolveReferences(
  root: Tree,
  source: ReferenceSource,
  skip: (path: Path) => boolean,
): Promise<{ readonly root: Tree; readonly issues: readonly Issue[] }> {
  const issues: Issue[] = []
  const files = new Map<string, ReturnType<ReadFile>>()
  let total = 0

  const readOnce = (path: string): ReturnType<ReadFile> => {
    const known = files.get(path) ?? source.readFile(path, MAX_FILE_BYTES)
    files.set(path, known)
    return known
  }

  const expand = async (tree: ScalarTree, text: string, path: Path): Promise<ScalarTree> => {
    const parts = splitReferences(text)
    let value = ''
    let resolved = false
    for (const part of parts) {
      if (part.kind === 'text') value += part.text
      else {
        resolved = true
        const outcome =
          part.kind === 'open'
            ? { fault: 'the reference is not closed; write `$${` for a literal `${`' }
            : await resolveBody(part.body, source, readOnce)
        if ('fault' in outcome) issues.push(toIssue(outcome, path, tree.at))
        else value += outcome.value
      }
      if (total + value.length > MAX_TOTAL_CHARACTERS) break
    }
    if (!resolved) return value === text ? tree : { ...tree, value }
    total += value.length
    if (total > MAX_TOTAL_CHARACTERS) {
      issues.push(issueAt(path, tree.at, 'the values of all references together are too large'))
      return { ...tree, value: '', resolved: true }
    }
    return { ...tree, value, resolved: true }
  }

  const walk = async (tree: Tree, path: Path): Promise<Tree> => {
    if (skip(path)) return tree
    if (tree.kind === 'scalar') return typeof tree.value === 'string' ? expand(tree, tree.value, path) : tree
    if (tree.kind === 'list') {
      const items: Tree[] = []
      for (const [index, item] of tree.items.entries()) items.push(await walk(item, [...path, index]))
      return { ...tree, items }
    }
    const entries = []
    for (const entry of tree.entries) {
      entries.push({ ...entry, value: await walk(entry.value, [...path, entry.key]) })
    }
    return { ...tree, entries }
  }

  return { root: await walk(root, []), issues }
}

interface Fault {
  readonly fault: string
  readonly suggestion?: string
}

function toIssue(fault: Fault, path: Path, at: Position): Issue {
  return issueAt(path, at, fault.fault, fault.suggestion)
}

async function resolveBody(
  body: string,
  source: ReferenceSource,
  readFile: (path: string) => ReturnType<ReadFile>,
): Promise<{ readonly value: string } | Fault> {
  if (body.includes('${')) return { fault: 'a reference cannot hold another reference' }
  if (body.startsWith('env:')) return resolveVariable(body.slice(4), source.env)
  if (body.startsWith('file:')) return resolveFile(body.slice(5), source, readFile)
  // Only a plain word is repeated in the message: anything else may be a password that holds `${`.
  const word = body.split(':', 1)[0] ?? ''
  if (!VARIABLE_NAME.test(word)) return { fault: 'not a reference; write `$${` for a literal `${`' }
  return {
    fault: `\`\${${word}}\` is not a reference; write \`\${env:${word}}\` for a variable and \`$\${\` for a literal \`\${\``,
    suggestion: `\${env:${word}}`,
  }
}

function resolveVariable(body: string, env: ReferenceSource['env']): { readonly value: string } | Fault {
  const cut = body.indexOf(':-')
  const name = cut === -1 ? body : body.slice(0, cut)
  if (!VARIABLE_NAME.test(name))
    return { fault: 'a reference to a variable is `${env:NAME}` or `${env:NAME:-default}`' }
  const value = Object.hasOwn(env, name) ? env[name] : undefined
  // As in a shell, `:-` also stands in for an empty variable.
  if (cut !== -1) return { value: value === undefined || value === '' ? body.slice(cut + 2) : value }
  if (value !== undefined) return { value }
  const suggestion = nearest(name, Object.keys(env), 1).find((other) => isCloseTo(name, other))
  const hint = suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`
  return {
    fault: `the environment variable \`${name}\` is not set${hint}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  }
}

/** Names of other variables are only offered where they are plainly the same word. */
function isCloseTo(name: string, other: string): boolean {
  return Math.abs(name.length - other.length) <= 2 && name[0]?.toLowerCase() === other[0]?.toLowerCase()
}

async function resolveFile(
  path: string,
  source: ReferenceSource,
  readFile: (path: string) => ReturnType<ReadFile>,
): Promise<{ readonly value: string } | Fault> {
  if (path === '' || path.includes('\0')) return { fault: 'a reference to a file is `${file:path}`' }
  const read = await readFile(resolve(source.baseDir, path))
  if (read.kind === 'missing') return { fault: `the file \`${path}\` does not exist` }
  if (read.kind === 'failed') return { fault: `the file \`${path}\` cannot be read: ${read.reason}` }
  return { value: read.text.replace(/\r?\n$/, '') }
}
