import type { ASTNode } from '@marcbachmann/cel-js'

/** Go over a list and give each of its members a name. */
const LOOPS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter'])
/** One inside of another. */
const MAX_DEPTH = 3

/**
 * The expression with everything that is gone over handed to `counter` first, a function that counts and can refuse. How long a loop takes
 * depends on what strangers send; where one stands inside of another, the text alone bounds nothing.
 *
 * @throws Error where loops stand deeper inside of each other than anybody needs
 */
export function countLoops(ast: ASTNode, counter: string): string {
  return write(ast, 0, counter)
}

/**
 * Every operation in parentheses, and literals as they were written: the library's own way back to text loses those of `a - (b - c)` and
 * `a == (b == c)`, and digits of small numbers.
 */
function write(node: ASTNode, depth: number, counter: string): string {
  const to = (part: ASTNode): string => write(part, depth, counter)
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
    case 'rcall': {
      const [name, receiver, given] = node.args
      if (!LOOPS.has(name)) return `${to(receiver)}.${name}(${all(given)})`
      if (depth === MAX_DEPTH)
        throw new Error(`\`${name}\` stands inside more than ${String(MAX_DEPTH - 1)} others of its kind`)
      const body = given.map((part) => write(part, depth + 1, counter)).join(', ')
      return `${counter}(${to(receiver)}).${name}(${body})`
    }
    case 'list':
      return `[${all(node.args)}]`
    case 'map':
      return `{${node.args.map(([key, value]) => `${to(key)}: ${to(value)}`).join(', ')}}`
    case '?:':
      return `(${to(node.args[0])} ? ${to(node.args[1])} : ${to(node.args[2])})`
    case 'in':
      return `(${to(node.args[0])} in ${counter}(${to(node.args[1])}))`
    default:
      return `(${to(node.args[0])} ${node.op} ${to(node.args[1])})`
  }
}
