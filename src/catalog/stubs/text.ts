/**
 * Text of a stranger, made safe for a comment. Whitespace is collapsed and what nobody sees is removed: bidi and
 * zero-width characters can hide an instruction from the person who reviews it.
 */
export function commentText(text: string, maxChars: number): string {
  const plain = text
    .trimStart()
    .slice(0, maxChars * 2)
    .replace(/[\s\u2028\u2029\u0085]+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{DI}]/gu, '')
    .replaceAll('*/', '* /')
    .replaceAll('${', '$ {')
    // A fence would end the Markdown block that a door may put around the stubs.
    .replaceAll('```', "'''")
    // `@ts-expect-error` and its kin are orders to the compiler, in any comment.
    .replace(/@+(?=ts-)/g, '')
    .trim()
  return plain.length > maxChars ? `${sliceWhole(plain, maxChars - 1)}…` : plain
}

/** The first sentence of a description, safe for a comment. */
export function firstSentence(text: string, maxChars: number): string {
  // What is far behind the place of the cut need not be read.
  const plain = commentText(text, maxChars * 3 + 100)
  const end = /^.*?(?:[.!?](?=\s|$)|[。！？]|:(?= [-*\d]))/u.exec(plain)?.[0]
  const sentence = (end !== undefined && end.length >= 3 ? end : plain).replace(/[.:。]$/u, '')
  if (sentence.length <= maxChars) return sentence
  const cut = sliceWhole(sentence, maxChars)
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), maxChars >> 1)).trimEnd()}…`
}

/**
 * The first sentences of a description in at most `maxChars` characters, safe for a comment, with an ellipsis where it is
 * cut. A sentence is split only where the first ones would leave less than half.
 */
export function cutText(text: string, maxChars: number): string {
  const plain = commentText(text, maxChars * 2)
  if (plain.length <= maxChars) return plain
  const head = sliceWhole(plain, maxChars - 1)
  const ends = [...head.matchAll(/[.!?](?=\s)|[。！？]/gu)]
  const end = ends.at(-1)?.index ?? 0
  if (end >= maxChars / 2) return `${head.slice(0, end + 1)}…`
  const space = head.lastIndexOf(' ')
  return `${head.slice(0, space >= maxChars / 2 ? space : head.length)}…`
}

/** Whether a description says no more than the name: `userId`, `The user ID.` */
export function isRepeat(text: string, name: string): boolean {
  if (text.length > name.length * 2 + 20) return false
  const words = lettersOf(text.trim().replace(/^(?:the|an?)\s+/i, ''))
  return words !== '' && words === lettersOf(name)
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

/** A string as a TypeScript literal. Hidden characters are escaped, so that they can be seen and still be sent. */
export function stringLiteral(text: string): string {
  return JSON.stringify(text)
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{DI}\p{Zl}\p{Zp}]/gu, escapeChar)
    .replaceAll('${', '\\${')
    .replaceAll('```', '\\`\\`\\`')
}

/** The key of a property: bare where it is a plain identifier, otherwise a literal. */
export function propertyKey(name: string): string {
  // `new(...)` in a type would be a construct signature.
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'new' ? name : stringLiteral(name)
}

function escapeChar(char: string): string {
  return [...Array(char.length).keys()]
    .map((at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('')
}

/** Cuts without splitting a surrogate pair. */
function sliceWhole(text: string, maxChars: number): string {
  const cut = text.slice(0, maxChars)
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut
}
