import type { JsonObject } from '../core/json.ts'

/** Controls, and marks that turn the direction of text or hide: what a person reads has to be what is there. */
const INVISIBLE = /(?! )[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}]/gu

/** Arguments on one line, as JSON that is still the same value: what cannot be seen is written as an escape. Whole. */
export function toArgumentsText(args: JsonObject): string {
  return toVisible(JSON.stringify(args))
}

/** Text of a stranger on one line. */
export function toVisible(text: string): string {
  return text.replaceAll(INVISIBLE, toEscape)
}

/** The same cut to about so many characters; a cut is told, because what matters may stand behind it. */
export function toShort(text: string, maxChars: number): string {
  const visible = toVisible(text)
  if (visible.length <= maxChars) return visible
  const kept = visible.slice(0, maxChars).replace(/[\uD800-\uDBFF]$/, '')
  return `${kept}… (cut: ${visible.length} characters)`
}

/** By code units, as JSON has it. */
function toEscape(char: string): string {
  return Array.from({ length: char.length }, (_, at) => {
    const unit = char.charCodeAt(at).toString(16).padStart(4, '0')
    return `\\u${unit}`
  }).join('')
}
