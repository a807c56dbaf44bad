import { readTokens, type Token } from '../../check/script/tokens.ts'

/** Names that no author writes: they stand in the same scope as the script. */
const TYPE = '__Input'
const FUNCTION = '__script'

/**
 * Makes a script of a saved one. Statements that use `input` are that already; a function of one parameter called `input` gets
 * it. Lines stay where they are.
 */
export function toRunnable(code: string): string {
  const { list, partner } = readTokens(code)
  const textAt = (index: number): string => list[index]?.text ?? ''
  let at = 0
  if (textAt(at) === 'export' && textAt(at + 1) === 'default') at += 2
  const first = list[at]
  if (first === undefined) return code
  if (textAt(at) === 'async') at += 1
  const isFunction = textAt(at) === 'function'
  if (isFunction) at += list[at + 1]?.kind === 'name' ? 2 : 1

  const isBare = !isFunction && isInput(list[at]) && textAt(at + 1) === '=>'
  const parameter = list[isBare ? at : at + 1]
  if (!isInput(parameter)) return code
  if (!isBare) {
    const close = textAt(at) === '(' ? partner.get(at) : undefined
    if (close === undefined || !(isFunction || isArrow(list, close))) return code
  }
  // A type that the author wrote stays: then it is checked against the schema.
  const typed = `${parameter.text}: ${TYPE}`
  const isTyped = textAt(at + 2) === ':'
  const annotated = isBare ? `(${typed})` : isTyped ? parameter.text : typed
  return [
    blank(code.slice(0, first.start)),
    `type ${TYPE} = typeof input; const ${FUNCTION} = `,
    code.slice(first.start, parameter.start),
    annotated,
    code.slice(parameter.end),
    `\n;return await ${FUNCTION}(input)\n`,
  ].join('')
}

function isInput(token: Token | undefined): token is Token {
  return token?.kind === 'name' && token.text === 'input'
}

/** `=>` follows the parameters, after a type of the result or at once. */
function isArrow(list: readonly Token[], close: number): boolean {
  if (list[close + 1]?.text === '=>') return true
  return list[close + 1]?.text === ':' && list.slice(close + 2, close + 20).some(({ text }) => text === '=>')
}

/** What stands before the function is comments and `export default`. */
function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ')
}
