import { isJsonObject, type Json } from '../../../core/json.ts'

/** A value that has been made small enough to be shown. Still JSON: what is missing is said where it is missing. */
export interface CutValue {
  readonly value: Json
  /** Where something is missing and how much, as `$.items: 10 of 200`. The first few. */
  readonly places: readonly string[]
}

/** Deeper than this nothing is shown. It also bounds the recursion. */
const MAX_DEPTH = 32
const MAX_PLACES = 5
/** What a cut array still shows, if it can be: a reader needs a few items to see what they are like. */
const MIN_ITEMS = 3
/** Room for the words that say what is missing. */
const MARK_CHARS = 32
/** Less is of no use to anybody. */
const MIN_CHARS = 24

/**
 * Cuts a value so that its JSON has at most about `maxChars` characters: small members stay whole, large ones share what is
 * left, arrays keep their first items. Linear in the size of the value.
 */
export function cutValue(value: Json, maxChars: number): CutValue {
  const sizes = new Map<Json, number>()
  const places: string[] = []
  const note = (path: string, text: string): void => {
    if (places.length < MAX_PLACES) places.push(`${path}: ${text}`)
  }

  const sizeOf = (node: Json, depth = 0): number => {
    if (typeof node === 'string') return jsonLength(node)
    if (typeof node !== 'object' || node === null) return String(node).length
    if (depth > MAX_DEPTH) return Infinity
    let size = 2
    if (Array.isArray(node)) for (const item of node) size += sizeOf(item, depth + 1) + 1
    else
      for (const [key, member] of Object.entries(node))
        size += jsonLength(key) + 2 + sizeOf(member as Json, depth + 1)
    sizes.set(node, size)
    return size
  }
  const known = (node: Json): number =>
    typeof node === 'object' && node !== null ? (sizes.get(node) ?? Infinity) : sizeOf(node)

  const cutText = (text: string, room: number, path: string): string => {
    const kept = text.slice(0, Math.max(0, room - MARK_CHARS)).replace(/[\uD800-\uDBFF]$/, '')
    note(path, `${kept.length} of ${text.length} characters`)
    return `${kept}… (${text.length - kept.length} more characters)`
  }

  const cutList = (list: readonly Json[], room: number, path: string): Json => {
    const left = room - MARK_CHARS
    const most = Math.min(list.length, Math.max(1, left))
    let whole = 0
    for (let used = 0; whole < most; whole++) {
      used += known(list[whole] as Json) + 1
      if (used > left) break
    }
    const count = Math.max(whole, Math.min(MIN_ITEMS, list.length, Math.floor(left / MIN_CHARS)))
    const shares = share(list.slice(0, count).map(known), left)
    const kept = list.slice(0, count).map((item, at) => cut(item, shares[at] ?? 0, `${path}[${at}]`))
    if (count === list.length) return kept
    note(path, `${count} of ${list.length} items`)
    return [...kept, `… ${list.length - count} more of ${list.length} items`]
  }

  const cutObject = (object: Readonly<Record<string, Json>>, room: number, path: string): Json => {
    const entries = Object.entries(object)
    const count = Math.min(entries.length, Math.max(1, Math.floor((room - MARK_CHARS) / MIN_CHARS)))
    const kept = entries.slice(0, count)
    const keys = kept.reduce((sum, [key]) => sum + jsonLength(key) + 2, 0)
    const shares = share(
      kept.map(([, member]) => known(member)),
      room - MARK_CHARS - keys,
    )
    const members = kept.map(([key, member], at) => [
      // A key of a stranger may be as long as a text.
      key.length > 200 ? `${key.slice(0, 200)}…` : key,
      cut(member, shares[at] ?? 0, `${path}.${key.slice(0, 40)}`),
    ])
    if (count < entries.length) {
      note(path, `${count} of ${entries.length} members`)
      members.push(['…', `${entries.length - count} more of ${entries.length} members`])
    }
    return Object.fromEntries(members) as Json
  }

  const cut = (node: Json, room: number, path: string): Json => {
    if (known(node) <= room) return node
    if (typeof node === 'string') return cutText(node, room, path)
    if (typeof node !== 'object' || node === null) return node
    if (room < MIN_CHARS + MARK_CHARS || path.split(/[.[]/).length > MAX_DEPTH) {
      const [count, what] = Array.isArray(node)
        ? [node.length, 'items']
        : [Object.keys(node).length, 'members']
      note(path, `0 of ${count} ${what}`)
      return `… ${count} ${what}`
    }
    if (Array.isArray(node)) return cutList(node, room, path)
    return isJsonObject(node) ? cutObject(node as Readonly<Record<string, Json>>, room, path) : node
  }

  sizeOf(value)
  return { value: cut(value, maxChars, '$'), places }
}

/** Shares room among parts: those that need less than an equal part get what they need, the others share the rest. */
function share(needs: readonly number[], room: number): number[] {
  const order = needs.map((need, at) => ({ need, at })).sort((a, b) => a.need - b.need)
  const shares: number[] = []
  let left = Math.max(0, room)
  order.forEach(({ need, at }, index) => {
    const given = Math.min(need, Math.floor(left / (order.length - index)))
    shares[at] = given
    left -= given
  })
  return shares
}

/** Characters of a text as JSON, near enough: quotes, and escapes of the common kind. */
function jsonLength(text: string): number {
  let length = text.length + 2
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 34 || code === 92 || code === 10 || code === 9 || code === 13) length += 1
    else if (code < 32) length += 5
  }
  return length
}
