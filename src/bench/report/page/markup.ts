/** Text that is HTML or SVG already. Only `markup` makes it, so that nothing gets into a page unescaped. */
export interface Markup {
  readonly markup: string
}

/** What may stand in a template: texts are escaped, lists are joined, what is absent leaves nothing. */
export type Piece = Markup | string | number | undefined | readonly Piece[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Controls other than tab and line feed; and marks that turn the direction of text or hide. */
const INVISIBLE =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g

/**
 * Template tag for HTML and SVG. Each text that is put in is escaped for use as text and in quoted attributes: names of
 * tasks and catalogs are a stranger's words.
 */
export function markup(texts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return { markup: texts.reduce((all, text, index) => all + toMarkup(pieces[index - 1]) + text) }
}

function toMarkup(piece: Piece): string {
  if (piece === undefined) return ''
  if (typeof piece === 'number') return String(piece)
  if (typeof piece === 'string') return escapeText(piece)
  return isMarkup(piece) ? piece.markup : piece.map((each) => toMarkup(each)).join('')
}

function isMarkup(piece: Markup | readonly Piece[]): piece is Markup {
  return !Array.isArray(piece)
}

function escapeText(text: string): string {
  const plain = text.toWellFormed().replaceAll(INVISIBLE, '')
  return plain.replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? '')
}
