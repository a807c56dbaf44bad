import type { ASTNode } from '@marcbachmann/cel-js'

import { writeExpression } from './write.ts'

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
  let depth = 0
  return writeExpression(ast, (node, to) => {
    if (node.op === 'in') return `(${to(node.args[0])} in ${counter}(${to(node.args[1])}))`
    if (node.op !== 'rcall') return undefined
    const [name, receiver, given] = node.args
    if (!LOOPS.has(name)) return undefined
    if (depth === MAX_DEPTH)
      throw new Error(`\`${name}\` stands inside more than ${String(MAX_DEPTH - 1)} others of its kind`)
    const over = to(receiver)
    depth += 1
    const body = given.map(to).join(', ')
    depth -= 1
    return `${counter}(${over}).${name}(${body})`
  })
}
