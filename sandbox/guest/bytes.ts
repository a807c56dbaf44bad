import { primordials } from './primordials.ts'

/** Bytes of a text in UTF-8. */
export function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index++) {
    const unit = primordials.charCodeAt(text, index)
    // A surrogate pair is 4 bytes and 2 units: 2 more than its length, one for each half.
    if (unit >= 0x80) bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2
  }
  return bytes
}

/** True where the text is longer than `limit` bytes of UTF-8. Looks at the characters only where it must. */
export function isLongerThan(text: string, limit: number): boolean {
  if (text.length > limit) return true
  return text.length * 3 > limit && utf8Bytes(text) > limit
}
