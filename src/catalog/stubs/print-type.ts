import { commentText, propertyKey } from './text.ts'
import type { Member, TypeNode } from './type-node.ts'

/** How a type is printed. */
export interface PrintStyle {
  /** Write descriptions as JSDoc. */
  readonly docs: boolean
  /** The text of a reference to a helper type: its name, or undefined where `inlined` is to be written out. */
  readonly nameOf: (helper: string) => string | undefined
  readonly inlined: (helper: string) => TypeNode
}

const DOC_MAX = 2000

/** Prints a type as TypeScript. `indent` is that of the line on which it begins. */
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
      return node.parts.map((part) => printType(part, style, indent)).join(' | ')
    case 'intersection':
      return node.parts.map((part) => printOperand(part, style, indent)).join(' & ')
    default:
      return printObject(node.members, node.index, style, indent)
  }
}

/** As JSDoc, or nothing where there is nothing to say. */
export function jsDoc(text: string): string {
  const safe = commentText(text, DOC_MAX)
  return safe === '' ? '' : `/** ${safe} */ `
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
  if (members.length === 0)
    return index === undefined ? '{}' : `Record<string, ${printType(index, style, indent)}>`
  const inner = `${indent}  `
  const parts = members.map((member) => {
    const doc = style.docs ? jsDoc(member.doc) : ''
    return `${doc}${propertyKey(member.name)}${member.optional ? '?' : ''}: ${printType(member.type, style, inner)}`
  })
  if (index !== undefined) parts.push(`[key: string]: ${printType(index, style, inner)}`)
  const isLong = parts.some((part) => part.includes('\n') || part.includes('/**'))
  return isLong
    ? `{\n${parts.map((part) => `${inner}${part}\n`).join('')}${indent}}`
    : `{ ${parts.join('; ')} }`
}
