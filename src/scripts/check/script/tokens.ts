/** A token of JavaScript or TypeScript, with its place in the text. */
export interface Token {
  readonly kind: 'name' | 'string' | 'number' | 'template' | 'regexp' | 'punctuation'
  /** As written; of a string what stands between its quotes. */
  readonly text: string
  readonly start: number
  readonly end: number
}

/** The tokens of a text and, for each bracket among them, the place of its partner. */
export interface Tokens {
  readonly list: readonly Token[]
  /** By index of a bracket; absent where it has no partner. */
  readonly partner: ReadonlyMap<number, number>
}

const SPACE = /\s+/y
const WORD = /[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*/uy
const NUMBER = /(?:\d|\.\d)[\w.]*/y
const STRING = /"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?/y
const TEMPLATE = /(?:[^`\\$]|\\[^]|\$(?!\{))*/y
/** Bounded: a line of opening brackets would be read to its end from each of them. */
const REGEXP = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.){0,400}\]){1,400}\/\w*/y
const PUNCTUATION = /=>|\?\.(?!\d)|\.\.\.|(?:\*\*|<<|>>>?|&&|\|\||\?\?|[-+*/%&|^])=|[=!]==?|\+\+|--|[^]/y

/** Words after which a slash begins a regular expression. */
const BEFORE_EXPRESSION = new Set(
  'return typeof case in of delete void throw new do else yield await instanceof default'.split(' '),
)
const OPEN = new Set(['(', '[', '{', '${'])
const CLOSE: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

/**
 * Splits a script into tokens, in time linear in its length and whatever it holds: this runs in the gateway, so it
 * keeps no stack of calls and backtracks nowhere. It is for finding names, not for judging syntax.
 */
export function readTokens(text: string): Tokens {
  const list: Token[] = []
  const partner = new Map<number, number>()
  const open: number[] = []
  let at = 0

  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(text)?.[0]
  }
  const push = (kind: Token['kind'], length: number, inner?: string): void => {
    list.push({ kind, text: inner ?? text.slice(at, at + length), start: at, end: at + length })
    at += length
  }
  const template = (): void => {
    push('template', (take(TEMPLATE) ?? '').length)
    if (text.startsWith('${', at)) {
      open.push(list.length)
      push('punctuation', 2)
    } else at += 1
  }

  while (at < text.length) {
    const char = text[at] as string
    const space = take(SPACE)
    if (space !== undefined) at += space.length
    else if (text.startsWith('//', at)) at = endOf(text, '\n', at)
    else if (text.startsWith('/*', at)) at = endOf(text, '*/', at + 2)
    else if (char === '`') {
      at += 1
      template()
    } else if (char === '"' || char === "'") {
      const whole = take(STRING) ?? char
      push('string', whole.length, whole.slice(1, whole.length > 1 && whole.endsWith(char) ? -1 : undefined))
    } else if (/[\d.]/.test(char) && take(NUMBER) !== undefined) push('number', (take(NUMBER) ?? char).length)
    else if (char === '/' && beginsExpression(list.at(-1)) && take(REGEXP) !== undefined)
      push('regexp', (take(REGEXP) ?? char).length)
    else {
      const word = take(WORD)
      if (word !== undefined) {
        push('name', word.length)
        continue
      }
      const mark = take(PUNCTUATION) ?? char
      const index = list.length
      if (OPEN.has(mark)) open.push(index)
      const opened = CLOSE[mark]
      const last = open.at(-1)
      const lastText = last === undefined ? undefined : list[last]?.text
      const isMatch = opened !== undefined && (lastText === opened || (mark === '}' && lastText === '${'))
      push('punctuation', mark.length)
      if (!isMatch || last === undefined) continue
      open.pop()
      partner.set(last, index).set(index, last)
      if (lastText === '${') template()
    }
  }
  return { list, partner }
}

function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from)
  return found < 0 ? text.length : found + mark.length
}

function beginsExpression(before: Token | undefined): boolean {
  if (before === undefined) return true
  if (before.kind === 'name') return BEFORE_EXPRESSION.has(before.text)
  return before.kind === 'punctuation' && ![')', ']', '}'].includes(before.text)
}
