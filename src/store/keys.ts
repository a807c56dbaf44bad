import type { StoreLimits } from './limits.ts'

/** False for a name, id or owner that can be in no row: too long, or with a character that PostgreSQL does not take. */
export function isKey(text: string, { keyChars }: StoreLimits): boolean {
  return text.length <= keyChars && !text.includes('\u0000')
}
