import type { ASTNode } from '@marcbachmann/cel-js'

/** Writes a node otherwise than it was; undefined: as it was. `to` writes its parts. */
export type Rewrite = (node: ASTNode, to: (part: ASTNode) => string) => string | undefined

/**
 * An expression as text again, with every operation in parentheses and literals as they were written. The library's own way back to text loses the
 * parentheses of `a - (b - c)` and of `a == (b == c)`, and digits of small numbers: a rule would say something else than its author.
 */
export function writeExpression(ast: ASTNode, rewrite: Rewrite): string {
  const to = (node: ASTNode): string => rewrite(node, to) ?? plain(node, to)
  return to(ast)
}

function plain(node: ASTNode, to: (part: ASTNode) => string): string {
  const all = (parts: readonly ASTNode[]): string => parts.map(to).join(', ')
  switch (node.op) {
    case 'value':
      return node.input.slice(node.range.start, node.range.end)
    case 'id':
      return node.args
    case '!_':
      return `(!${to(node.args)})`
    case '-_':
      return `(-${to(node.args)})`
    case '.':
    case '.?':
      return `${to(node.args[0])}${node.op}${node.args[1]}`
    case '[]':
      return `${to(node.args[0])}[${to(node.args[1])}]`
    case '[?]':
      return `${to(node.args[0])}[?${to(node.args[1])}]`
    case 'call':
      return `${node.args[0]}(${all(node.args[1])})`
    case 'rcall':
      return `${to(node.args[1])}.${node.args[0]}(${all(node.args[2])})`
    case 'list':
      return `[${all(node.args)}]`
    case 'map':
      return `{${node.args.map(([key, value]) => `${to(key)}: ${to(value)}`).join(', ')}}`
    case '?:':
      return `(${to(node.args[0])} ? ${to(node.args[1])} : ${to(node.args[2])})`
    default:
      return `(${to(node.args[0])} ${node.op} ${to(node.args[1])})`
  }
}
