import type { Entry, MapTree, Note, Path, Tree } from '../document/tree.ts'
import type { ClientContext } from './references.ts'
import { nearest } from '../../core/nearest.ts'
import { formatPath } from '../document/tree.ts'
import { isOwnEntry } from './own-entry.ts'
import { translateReferences } from './references.ts'

/** A file of variables (`NAME=value`) that an entry names. */
export interface EnvFile {
  readonly server: string
  /** As written, references unresolved. */
  readonly path: string
  readonly line: number
}

/** An entry in the words of this configuration; no value where it was left out. */
export interface AdaptedEntry {
  readonly value?: Tree
  readonly notes: readonly Note[]
  readonly envFile?: EnvFile
}

/** Keys that mean the same here. */
const SAME_KEYS = [
  'command',
  'args',
  'env',
  'cwd',
  'url',
  'headers',
  'enabled',
  'start',
  'idleStopMs',
  'probeMs',
  'retry',
  'tools',
  'timeouts',
  'limits',
]
const RENAMED_KEYS: Readonly<Record<string, string>> = { httpUrl: 'url', serverUrl: 'url' }
const LIST_KEYS: Readonly<Record<string, 'allow' | 'deny'>> = {
  includeTools: 'allow',
  excludeTools: 'deny',
  disabledTools: 'deny',
}
/** Settings of clients about matters that are the client's own, or decided by policy here. */
const SET_ASIDE: Readonly<Record<string, string>> = {
  autoApprove: 'what runs without asking is decided by the client and by `policy`',
  alwaysAllow: 'what runs without asking is decided by the client and by `policy`',
  trust: 'what runs without asking is decided by the client and by `policy`',
  description: 'it is not used here',
}
const STDIO_TYPES = ['stdio', 'local']
/** By `http` some clients mean Streamable HTTP, and others either of the two; so nothing is settled by it. */
const HTTP_TYPES = ['http', 'remote', 'auto']
const STREAMABLE_TYPES = ['streamable-http', 'streamablehttp', 'streamable_http']
const MAX_TIMEOUT_S = 3600

interface Draft {
  readonly fields: Map<string, Entry>
  readonly note: (entry: Entry, message: string) => void
  transport?: 'stdio' | 'http'
  envFile?: Entry
}

/** Rewrites one server entry of a client. */
export function adaptEntry(entry: Entry, name: string, path: Path, context: ClientContext): AdaptedEntry {
  const notes: Note[] = []
  // What is no mapping stays as it is; the schema says what is wrong with it.
  if (entry.value.kind !== 'map') return { value: entry.value, notes }
  const note: Draft['note'] = ({ key, keyAt }, message) => {
    notes.push({ path: formatPath(key === entry.key ? path : [...path, key]), line: keyAt.line, message })
  }
  const draft: Draft = { fields: new Map(), note }
  // Our own words first: a client's word beside them never widens what they say.
  const ownFirst = entry.value.entries.toSorted((a, b) => rank(a.key) - rank(b.key))
  for (const field of ownFirst) takeField(translateTree(field, note, context), draft)
  if (isOwnEntry(name, draft.fields)) {
    note(entry, 'left out: this is Isogate itself')
    return { notes }
  }
  settleTransport(draft)
  const value: MapTree = { ...entry.value, entries: [...draft.fields.values()] }
  const file = draft.envFile?.value
  if (file?.kind !== 'scalar' || typeof file.value !== 'string') return { value, notes }
  return { value, notes, envFile: { server: name, path: file.value, line: file.at.line } }
}

function rank(key: string): number {
  return SAME_KEYS.includes(key) ? 0 : 1
}

function takeField(field: Entry, draft: Draft): void {
  const { key, value } = field
  const isNull = value.kind === 'scalar' && value.value === null
  if (isNull) return
  if (SAME_KEYS.includes(key))
    draft.fields.set(key, key === 'args' || key === 'env' || key === 'headers' ? withTexts(field) : field)
  else if (Object.hasOwn(RENAMED_KEYS, key)) rename(field, RENAMED_KEYS[key] ?? key, draft)
  else if (Object.hasOwn(LIST_KEYS, key)) setInner(draft, 'tools', LIST_KEYS[key] ?? 'deny', field)
  else if (key === 'type' || key === 'transport') takeTransport(field, draft)
  else if (key === 'disabled') takeDisabled(field, draft)
  else if (key === 'timeout') takeTimeout(field, draft)
  else if (key === 'envFile') draft.envFile = field
  else if (Object.hasOwn(SET_ASIDE, key)) draft.note(field, `set aside: ${SET_ASIDE[key] ?? ''}`)
  else {
    const suggestion = nearest(key, SAME_KEYS, 1)[0]
    const hint = suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`
    draft.note(field, `set aside: the key \`${key.slice(0, 64)}\` is not known here${hint}`)
  }
}

function rename(field: Entry, to: string, draft: Draft): void {
  if (draft.fields.has(to)) draft.note(field, `is used instead of \`${to}\``)
  draft.fields.set(to, { ...field, key: to })
}

function takeTransport(field: Entry, draft: Draft): void {
  const word = field.value.kind === 'scalar' ? String(field.value.value).toLowerCase() : ''
  if (STDIO_TYPES.includes(word)) draft.transport = 'stdio'
  else if (HTTP_TYPES.includes(word)) draft.transport = 'http'
  else if (STREAMABLE_TYPES.includes(word)) setTransport(field, 'streamable-http', draft)
  else if (word === 'sse') setTransport(field, 'sse', draft)
  else draft.note(field, 'set aside: this transport is not known here')
}

function setTransport(field: Entry, transport: 'streamable-http' | 'sse', draft: Draft): void {
  draft.transport = 'http'
  const value: Tree = { kind: 'scalar', value: transport, at: field.value.at }
  draft.fields.set('transport', { ...field, key: 'transport', value })
}

function takeDisabled(field: Entry, draft: Draft): void {
  if (field.value.kind !== 'scalar' || typeof field.value.value !== 'boolean') {
    draft.fields.set('enabled', { ...field, key: 'enabled' })
    return
  }
  // What is switched off by either word is off.
  if (!field.value.value) return
  const value: Tree = { ...field.value, value: false }
  draft.fields.set('enabled', { ...field, key: 'enabled', value })
}

/** Cline counts in seconds and offers up to an hour, all others in milliseconds; nobody means 3.6 seconds by 3600. */
function takeTimeout(field: Entry, draft: Draft): void {
  const amount = field.value.kind === 'scalar' ? field.value.value : undefined
  if (typeof amount !== 'number' || !(amount > 0)) {
    draft.note(field, 'set aside: expected a number')
    return
  }
  const milliseconds = Math.round(amount <= MAX_TIMEOUT_S ? amount * 1000 : amount)
  const callMs = Math.min(Math.max(milliseconds, 100), 86_400_000)
  draft.note(field, `read as ${callMs} milliseconds for one call`)
  setInner(draft, 'timeouts', 'callMs', {
    ...field,
    value: { kind: 'scalar', value: callMs, at: field.value.at },
  })
}

/** Sets `section.key`; in lists, what several keys of a client say is put together. */
function setInner(draft: Draft, section: string, key: string, field: Entry): void {
  const known = draft.fields.get(section)
  const inner = known?.value.kind === 'map' ? known.value.entries : []
  const before = inner.find((entry) => entry.key === key)?.value
  if (before !== undefined && key !== 'deny') {
    draft.note(field, `set aside: \`${section}.${key}\` says it already`)
    return
  }
  const value: Tree =
    before?.kind === 'list' && field.value.kind === 'list'
      ? { ...field.value, items: [...before.items, ...field.value.items] }
      : field.value
  const entries = [...inner.filter((entry) => entry.key !== key), { ...field, key, value }]
  draft.fields.set(section, {
    key: section,
    keyAt: field.keyAt,
    value: { kind: 'map', entries, at: field.value.at },
  })
}

/** Drops what does not go with the transport: clients ignore it in silence. */
function settleTransport(draft: Draft): void {
  const { fields, note } = draft
  const isHttp = draft.transport === undefined ? !fields.has('command') : draft.transport === 'http'
  const [needed, unwanted] = isHttp
    ? ['url', ['command', 'args', 'env', 'cwd']]
    : ['command', ['url', 'headers', 'transport']]
  if (!fields.has(needed)) {
    // Only one of the two words was mistaken, and the address or the program is the one that is needed.
    fields.delete('transport')
    return
  }
  for (const key of unwanted) {
    const field = fields.get(key)
    if (field === undefined) continue
    const isEmpty =
      field.value.kind !== 'scalar' &&
      (field.value.kind === 'map' ? field.value.entries : field.value.items).length === 0
    if (!isEmpty) note(field, `set aside: \`${key}\` does not go with \`${needed}\``)
    fields.delete(key)
  }
  if (isHttp) delete draft.envFile
}

/** Numbers and booleans among arguments and variables are meant as text; an absent value is left out. */
function withTexts(field: Entry): Entry {
  const toText = (tree: Tree): Tree =>
    tree.kind === 'scalar' && tree.value !== null ? { ...tree, value: String(tree.value) } : tree
  if (field.value.kind === 'list')
    return { ...field, value: { ...field.value, items: field.value.items.map(toText) } }
  if (field.value.kind !== 'map') return field
  const entries = field.value.entries
    .filter(({ value }) => value.kind !== 'scalar' || value.value !== null)
    .map((entry) => ({ ...entry, value: toText(entry.value) }))
  return { ...field, value: { ...field.value, entries } }
}

function translateTree(field: Entry, note: Draft['note'], context: ClientContext): Entry {
  const walk = (tree: Tree): Tree => {
    if (tree.kind === 'list') return { ...tree, items: tree.items.map(walk) }
    if (tree.kind === 'map')
      return { ...tree, entries: tree.entries.map((entry) => ({ ...entry, value: walk(entry.value) })) }
    if (typeof tree.value !== 'string') return tree
    const { text, notes } = translateReferences(tree.value, context)
    for (const message of notes) note(field, message)
    return text === tree.value ? tree : { ...tree, value: text }
  }
  return { ...field, value: walk(field.value) }
}
