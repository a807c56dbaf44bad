import type { Node } from 'acorn'

/** True for a node of a syntax tree. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

/** Calls `visit` with each child of a node. */
export function visitChildren(node: Node, visit: (child: Node) => void): void {
  for (const name in node) {
    const value = (node as unknown as Record<string, unknown>)[name]
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(item)) visit(item)
  }
}
