import { markup, type Markup } from './markup.ts'

/** A ratio as a change, coloured by its side of 1; the sign in the text says the same. */
export function toSigned(ratio: number | undefined, toText: (ratio: number) => string): Markup {
  if (ratio === undefined || Number.isNaN(ratio)) return markup`–`
  const text = toText(ratio)
  if (text.startsWith('−')) return markup`<span class="l">${text}</span>`
  return text.startsWith('+') ? markup`<span class="m">${text}</span>` : markup`${text}`
}
