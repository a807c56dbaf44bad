import { isJsonObject, type JsonObject } from '../../src/core/json.ts'
import type { RawAnswer } from '../http/raw-request.ts'

/** What one use of a tool gave, in the same words for every line. */
export interface Reply {
  /** Absent where it was refused. */
  readonly result?: JsonObject
  readonly refusal?: { readonly code: string; readonly detail: JsonObject }
  /** All that came, as text. */
  readonly text: string
  readonly status?: number
  readonly retryAfter?: string | null
}

/** A member of the particulars of a refusal. */
export function particular({ refusal }: Reply, name: string): string {
  const value = refusal?.detail[name]
  return typeof value === 'string' ? value : ''
}

export function codeOf({ refusal }: Reply): string | undefined {
  return refusal?.code
}

/** The first text of a result. */
export function mainText({ result }: Pick<Reply, 'result'>): string {
  const [block] = (result?.['content'] ?? []) as readonly { text?: string }[]
  return block?.text ?? ''
}

/** The answer of an HTTP door as a reply; of an error of the door itself too. */
export function toReply({ last, status, headers, text }: RawAnswer): Reply {
  const http = { text, status, retryAfter: headers.get('retry-after') }
  const { result, error } = last
  if (error?.data !== undefined) return { ...http, ...refusalOf(error.data as JsonObject) }
  return { ...http, ...ofResult((result ?? {}) as JsonObject) }
}

/** The refusal in the data of an error. */
export function refusalOf({ code, ...detail }: JsonObject): Pick<Reply, 'refusal'> {
  return { refusal: toRefusal({ code: code ?? null, detail }) }
}

/** A result, or the refusal that stands in it. */
export function ofResult(result: JsonObject): Pick<Reply, 'result' | 'refusal'> {
  const meta = result['_meta']
  const refused = isJsonObject(meta) ? meta['isogate/error'] : undefined
  if (!isJsonObject(refused)) return { result }
  return { refusal: toRefusal(refused) }
}

export function toRefusal({ code, detail }: JsonObject): NonNullable<Reply['refusal']> {
  return { code: typeof code === 'string' ? code : '', detail: isJsonObject(detail) ? detail : {} }
}
