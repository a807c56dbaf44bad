import type { ASTNode } from '@marcbachmann/cel-js'

/** Go over a list and give each of its members a name. */
const COMPREHENSIONS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter'])
/** Take a time, or give a text, that is more than the sum of their two texts where both are chosen by a stranger. */
const SEARCHES: ReadonlySet<string> = new Set([
  'contains',
  'indexOf',
  'lastIndexOf',
  'split',
  'matches',
  'join',
])
/** A text that is bound to a name can be doubled again and again. */
const REFUSED: ReadonlySet<string> = new Set(['bind'])
/** Of a function: tries each digit of a long number as the begin of a duration. */
const QUADRATIC_CALL = 'duration'
/** What the operator knows; all else is named by a stranger. */
const OWN_NAMES: ReadonlySet<string> = new Set(['principal', 'tool', 'door'])
const ARGUMENTS = 'args'

/**
 * Why evaluating the expression could take more time than is linear in the size of the arguments; undefined where it cannot. The size of the
 * expression, of its lists included, is bounded by the parser.
 */
export function unboundedBy(node: ASTNode): string | undefined {
  return visit(node, 0)
}

function visit(node: unknown, depth: number): string | undefined {
  if (Array.isArray(node)) return first(node, depth)
  if (!isNode(node)) return undefined
  const { op, args } = node
  if (op === 'in' && Array.isArray(args) && !isBoundedMembership(args))
    return 'one side of `in` must not come from the arguments'
  if (op === 'call' && Array.isArray(args) && args[0] === QUADRATIC_CALL && !isOwn(args[1]))
    return `what \`${QUADRATIC_CALL}\` is given must not come from the arguments`
  if (op !== 'rcall' || !Array.isArray(args)) return visit(args, depth)
  const [name, receiver, given] = args as [string, unknown, unknown]
  if (REFUSED.has(name)) return `\`${name}\` is not there`
  if (SEARCHES.has(name) && !isOwn(given)) return `what \`${name}\` is given must not come from the arguments`
  if (!COMPREHENSIONS.has(name) || !Array.isArray(given)) return first([receiver, given], depth)
  if (depth > 0) return `\`${name}\` must not stand inside another one of its kind`
  return visit(receiver, depth) ?? unboundedComprehension(name, receiver, given) ?? visit(given, depth + 1)
}

/**
 * The members that are gone over are parts of the arguments, and together no larger than they: a body that looks at its own one alone takes a time that
 * is linear. With `args` in it the whole is looked at once for each member.
 */
function unboundedComprehension(
  name: string,
  receiver: unknown,
  [variable, ...body]: readonly unknown[],
): string | undefined {
  const [called = ''] = namesIn(variable)
  // Under such a name a part of the arguments would pass for what the operator knows.
  if (OWN_NAMES.has(called) || called === ARGUMENTS)
    return `the variable of \`${name}\` must not be called \`${called}\``
  if (namesIn(body).has(ARGUMENTS))
    return `\`${name}\` must not look at \`${ARGUMENTS}\` for each member, only at \`${called}\` and at what does not come from the arguments`
  // Each could double what the one before it made.
  return name === 'map' && holdsMap(receiver) ? '`map` must not go over what another `map` made' : undefined
}

/** Of two values that a stranger chooses, one can be an object that is compared as a whole with each member of the other. */
function isBoundedMembership([member, list]: readonly unknown[]): boolean {
  return isOwn(member) || isOwn(list) || (isNode(list) && list.op === 'list')
}

function holdsMap(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(holdsMap)
  if (!isNode(node)) return false
  return (node.op === 'rcall' && Array.isArray(node.args) && node.args[0] === 'map') || holdsMap(node.args)
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
