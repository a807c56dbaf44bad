import { commentText, propertyKey } from './text.ts'
import type { Member, TypeNode } from './type-node.ts'

/** How a type is printed. */
export interface PrintStyle {
  /** Write what is known of a property behind it: `page?: number // 1..100, = 1`. */
  readonly docs: boolean
  /** The text of a reference to a helper type: its name, or undefined where `inlined` is to be written out. */
  readonly nameOf: (helper: string) => string | undefined
  readonly inlined: (helper: string) => TypeNode
}

const DOC_MAX = 2000

/**
 * Prints a type as TypeScript. `indent` is that of the line on which it begins. One space of indentation costs no token,
 * because it is part of the word after it.
 */
export function printType(node: TypeNode, style: PrintStyle, indent = ''): string {
  switch (node.kind) {
    case 'atom':
      return node.text
    case 'ref':
      return style.nameOf(node.name) ?? printType(style.inlined(node.name), style, indent)
    case 'array':
      return `${printOperand(node.item, style, indent)}[]`
    case 'tuple': {
      const items = node.items.map((item, at) =>
        at < node.required ? printType(item, style, indent) : `${printOperand(item, style, indent)}?`,
      )
      if (node.rest !== undefined) items.push(`...${printOperand(node.rest, style, indent)}[]`)
      return `[${items.join(', ')}]`
    }
    case 'union':
      return node.parts.map((part) => printType(part, style, indent)).join(unionSign(node.parts))
    case 'intersection':
      return node.parts.map((part) => printOperand(part, style, indent)).join(' & ')
    default:
      return printObject(node.members, node.index, style, indent)
  }
}

/** Between strings the sign stands without spaces, which saves a token for each: `"open"|"closed"`. */
export function unionSign(parts: readonly TypeNode[]): string {
  return parts.every((part) => part.kind === 'atom' && part.text.startsWith('"')) ? '|' : ' | '
}

/**
 * Puts a comment to the end of the first line of a declaration. That line has none yet: a declaration of several
 * lines opens a brace there, and whatever has a comment inside begins on a line of its own.
 */
export function withComment(code: string, text: string): string {
  const safe = commentText(text, DOC_MAX)
  if (safe === '') return code
  const end = code.indexOf('\n')
  return end < 0 ? `${code} // ${safe}` : `${code.slice(0, end)} // ${safe}${code.slice(end)}`
}

/** In an array or an intersection a union needs parentheses: `(string | number)[]`. */
function printOperand(node: TypeNode, style: PrintStyle, indent: string): string {
  const text = printType(node, style, indent)
  return needsParentheses(node, style) ? `(${text})` : text
}

function needsParentheses(node: TypeNode, style: PrintStyle): boolean {
  if (node.kind === 'ref' && style.nameOf(node.name) === undefined) {
    return needsParentheses(style.inlined(node.name), style)
  }
  return node.kind === 'union' || node.kind === 'intersection'
}

function printObject(
  members: readonly Member[],
  index: TypeNode | undefined,
  style: PrintStyle,
  indent: string,
): string {
  if (members.length === 0 && index === undefined) return '{}'
  if (members.length === 0 && index !== undefined && !refersAtOnce(index))
    return `Record<string, ${printType(index, style, indent)}>`
  const inner = `${indent} `
  let isLong = false
  const parts = members.map((member) => {
    const code = `${propertyKey(member.name)}${member.optional ? '?' : ''}: ${printType(member.type, style, inner)}`
    const text = style.docs ? withComment(code, member.doc) : code
    isLong ||= text !== code || text.includes('\n')
    return text
  })
  if (index !== undefined) parts.push(`[key: string]: ${printType(index, style, inner)}`)
  isLong ||= parts.at(-1)?.includes('\n') === true
  return isLong
    ? `{\n${parts.map((part) => `${inner}${part}\n`).join('')}${indent}}`
    : `{ ${parts.join('; ')} }`
}

/** `type Tree = Record<string, Tree>` does not compile, and `{ [key: string]: Tree }` does. */
function refersAtOnce(node: TypeNode): boolean {
  switch (node.kind) {
    case 'ref':
      return true
    case 'array':
      return refersAtOnce(node.item)
    case 'tuple':
      return [...node.items, ...(node.rest === undefined ? [] : [node.rest])].some(refersAtOnce)
    case 'union':
    case 'intersection':
      return node.parts.some(refersAtOnce)
    case 'object':
      return node.members.length === 0 && node.index !== undefined && refersAtOnce(node.index)
    default:
      return false
  }
}
