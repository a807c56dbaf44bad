import { GatewayError } from '../../core/errors.ts'

/** Shorter ones are placeholders of endpoints that want none: `none`, `ollama`. */
const MIN_SECRET = 12
/** Endpoints that quote a key they do not know often quote only its beginning or end. */
const MIN_PIECE = 8
const MARK = '[key]'

/** Takes a key out of what an endpoint answers. */
export interface KeyFilter {
  /** Without the key. */
  readonly clean: (text: string) => string
  /** Without any piece of the key that is long enough to be of use, in one line of bounded length: for messages of errors. */
  readonly quote: (text: string, maxLength: number) => string
}

/** @throws GatewayError `config_invalid` where the key cannot stand in a header; it is not quoted */
export function createKeyFilter(key: string | undefined): KeyFilter {
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key))
    throw new GatewayError(
      'config_invalid',
      'The API key of the model has characters that a header cannot carry, or is empty.',
    )
  const secret = key !== undefined && key.length >= MIN_SECRET ? key : undefined
  const clean = (text: string): string => (secret === undefined ? text : text.replaceAll(secret, MARK))
  return {
    clean,
    quote: (text, maxLength) => {
      // Bounded before it is searched: it is as long as a stranger likes.
      const cleaned = withoutPieces(clean(text.slice(0, 20 * maxLength)), secret)
      const line = cleaned.replaceAll(/[\p{C}\s]+/gu, ' ').trim()
      return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line
    },
  }
}

function withoutPieces(text: string, secret: string | undefined): string {
  if (secret === undefined) return text
  let kept = ''
  for (let at = 0; at < text.length;) {
    let length = 0
    while (at + length < text.length && secret.includes(text.slice(at, at + length + 1))) length++
    kept += length < MIN_PIECE ? text.charAt(at) : MARK
    at += length < MIN_PIECE ? 1 : length
  }
  return kept
}
