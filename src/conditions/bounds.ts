import type { ASTNode } from '@marcbachmann/cel-js'

/** Goes over a list once for each member of another one where they are nested. */
const COMPREHENSIONS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter'])
/** Compare two texts in a time that is more than the sum of their lengths where both are chosen by a stranger. */
const SEARCHES: ReadonlySet<string> = new Set(['contains', 'indexOf', 'lastIndexOf', 'split', 'matches'])
/** A text that is bound to a name can be doubled again and again. */
const REFUSED: ReadonlySet<string> = new Set(['bind'])
/** What the operator knows; all else is named by a stranger. */
const OWN_NAMES: ReadonlySet<string> = new Set(['principal', 'tool', 'door'])

/**
 * Why evaluating the expression could take more time than is linear in the size of the arguments; undefined where it cannot. The size of the
 * expression is bounded by the parser.
 */
export function unboundedBy(node: ASTNode): string | undefined {
  return visit(node, 0)
}

function visit(node: unknown, depth: number): string | undefined {
  if (Array.isArray(node)) return first(node, depth)
  if (!isNode(node)) return undefined
  const { op, args } = node
  if (op !== 'rcall' || !Array.isArray(args)) return visit(args, depth)
  const [name, receiver, given] = args as [string, unknown, unknown]
  if (REFUSED.has(name)) return `\`${name}\` is not there`
  if (SEARCHES.has(name) && !isOwn(given))
    return `what \`${name}\` looks for must not come from the arguments`
  const isInner = COMPREHENSIONS.has(name)
  if (isInner && depth > 0) return `\`${name}\` must not stand inside another one of its kind`
  return visit(receiver, depth) ?? visit(given, isInner ? depth + 1 : depth)
}

function first(nodes: readonly unknown[], depth: number): string | undefined {
  for (const node of nodes) {
    const reason = visit(node, depth)
    if (reason !== undefined) return reason
  }
  return undefined
}

/** True where an expression names nothing but what the operator knows. */
function isOwn(node: unknown): boolean {
  return [...namesIn(node)].every((name) => OWN_NAMES.has(name))
}

/** The variables that an expression names. */
export function namesIn(node: unknown): ReadonlySet<string> {
  const names = new Set<string>()
  const collect = (part: unknown): void => {
    if (Array.isArray(part)) part.forEach(collect)
    else if (isNode(part)) {
      if (part.op === 'id') names.add(String(part.args))
      else collect(part.args)
    }
  }
  collect(node)
  return names
}

function isNode(value: unknown): value is { readonly op: string; readonly args: unknown } {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value
}
