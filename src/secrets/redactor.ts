import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import { formsOf, jsonByteForms, SHORTEST_FORM } from './forms.ts'
import { createSearch } from './search.ts'
import { secretsOf, type SecretBearer } from './server-secrets.ts'

/** What stands in the place of a secret. */
const REDACTED = '[redacted]'

/** Deeper inside a value nothing is rebuilt: what is there is left out as a whole. */
const MAX_DEPTH = 500

/** `\u0020` to `\u007f`: a character that JSON need not write so. */
const PLAIN_ESCAPES = /\\u00([2-7][0-9a-f])/gi

/** A part of them that can be looked for as fast as bytes can be read, without stopping at each escape of another kind. */
const IN_ESCAPES = 'u00'

/** Takes known secrets out of what leaves the gateway. */
export interface Redactor {
  /** True where no secret is known: everything is given back as it is. */
  readonly isIdle: boolean
  readonly text: (text: string) => string
  /** A value of JSON without the secrets, names of members included; the same object where there are none. */
  readonly json: <Value>(value: Value) => Value
  /** True where a secret stands in the bytes of a JSON text, in whichever way JSON may write it. May be true in rare cases where none does. */
  readonly isInBytes: (bytes: Buffer) => boolean
}

const IDLE: Redactor = Object.freeze({
  isIdle: true,
  text: (text: string) => text,
  json: <Value>(value: Value) => value,
  isInBytes: () => false,
})

/**
 * Makes the redactor for the credentials of servers. A value of less than six characters is left alone: it is too likely to be an
 * ordinary word of a message.
 *
 * The attack it stops: an upstream that repeats the credential it was sent, in a result, an error, on stderr or in a status page, and so
 * carries it to everybody who can call or read.
 */
export function createRedactor(servers: readonly SecretBearer[]): Redactor {
  const secrets = [...new Set(servers.flatMap(secretsOf))].filter(({ length }) => length >= SHORTEST_FORM)
  if (secrets.length === 0) return IDLE
  const { inText } = createSearch([...new Set(secrets.flatMap(formsOf))])
  const { inBytes } = createSearch([...new Set(secrets.flatMap(jsonByteForms))])

  function cleanText(text: string): string {
    let hit = inText(text, 0)
    if (hit === undefined) return text
    let rest = ''
    let from = 0
    for (; hit !== undefined; hit = inText(text, from)) {
      rest += text.slice(from, hit.at) + REDACTED
      from = hit.at + hit.length
    }
    return rest + text.slice(from)
  }

  /** Does not recurse: what a server sends may be nested as deeply as its bytes allow. */
  function isIn(value: Json | undefined): boolean {
    const open: (Json | undefined)[] = [value]
    while (open.length > 0) {
      const next = open.pop()
      if (typeof next === 'string') {
        if (inText(next, 0) !== undefined) return true
      } else if (Array.isArray(next)) {
        for (const item of next as readonly Json[]) open.push(item)
      } else if (isJsonObject(next)) {
        for (const name of Object.keys(next)) {
          if (inText(name, 0) !== undefined) return true
          open.push(next[name])
        }
      }
    }
    return false
  }

  function clean(value: Json | undefined, depth: number): Json | undefined {
    if (typeof value === 'string') return cleanText(value)
    if (typeof value !== 'object' || value === null) return value
    if (depth > MAX_DEPTH) return REDACTED
    if (Array.isArray(value)) return value.map((item: Json) => clean(item, depth + 1) ?? null)
    const members = Object.entries(value as JsonObject)
    return Object.fromEntries(members.map(([name, member]) => [cleanText(name), clean(member, depth + 1)]))
  }

  return {
    isIdle: false,
    text: cleanText,
    json: <Value>(value: Value) =>
      isIn(value as Json | undefined) ? (clean(value as Json | undefined, 0) as Value) : value,
    isInBytes: (bytes) =>
      inBytes(bytes) || (bytes.includes(IN_ESCAPES, 0, 'latin1') && inBytes(unescaped(bytes))),
  }
}

function unescaped(bytes: Buffer): Buffer {
  const text = bytes
    .toString('latin1')
    .replaceAll(PLAIN_ESCAPES, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
  return Buffer.from(text, 'latin1')
}
