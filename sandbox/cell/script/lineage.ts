import type { Node, Program } from 'acorn'

import { isNode, visitChildren } from './children.ts'
import type { Insertion, Wraps } from './insertions.ts'
import { createPlaces } from './places.ts'

/** The names of what is inserted into a script: none of them occurs in it. */
export interface LineageNames {
  /** The activation of the async function at hand. */
  readonly self: string
  readonly enter: string
  readonly resume: string
  readonly leave: string
  readonly restore: string
  readonly exit: string
  readonly place: string
}

/** Whatever lets a function wait or makes a call. A script without these has nothing to instrument but itself. */
const MARKS = /\b(?:async|await|yield|tools)\b|\\u/

/**
 * Finds what to insert into a script so that the guest knows, at each call, which execution of which async function makes it
 * (sandbox/guest/lineage.ts): at the begin and the end of each async function, around each wait, and where a function goes on
 * after a wait that threw; and at each call of a binding its place. Undefined where that cannot be done: the calls of such a script have no lineage but their place, and
 * are in the order in which they were made.
 */
export function findLineage(code: string, program: Program, names: LineageNames): Wraps | undefined {
  const wraps: Wraps = { openings: [], closings: [] }
  if (!MARKS.test(code)) return wraps
  try {
    return visitAll(program, createPlaces(code), names, wraps) ? wraps : undefined
  } catch (error) {
    // The walk needs more stack than the parser did.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** The names for a script: its text does not have them, so that it can neither use them nor stand in their way. */
export function lineageNames(code: string): LineageNames {
  let prefix = 'i$'
  for (let n = 1; code.includes(prefix); n++) prefix = `i$${n}`
  return {
    self: prefix,
    enter: `${prefix}e`,
    resume: `${prefix}r`,
    leave: `${prefix}l`,
    restore: `${prefix}s`,
    exit: `${prefix}x`,
    place: `${prefix}p`,
  }
}

/** Visits the whole program; false where it must be left alone. */
function visitAll(
  program: Program,
  placeOf: ReturnType<typeof createPlaces>,
  names: LineageNames,
  { openings, closings }: Wraps,
): boolean {
  const { self, enter, resume, leave, restore, exit, place } = names
  const open = (at: number, text: string): void => void openings.push({ at, text })
  const close = (at: number, text: string): void => void closings.push({ at, text })
  const again = `${restore}(${self});`
  let isSafe = true

  /** Walks a node in a function that is async, and a generator, or not. */
  const visit = (node: Node, isAsync: boolean, isGenerator: boolean): void => {
    const { type } = node
    const visitInside = (): void => visitChildren(node, (child) => visit(child, isAsync, isGenerator))
    if (
      type === 'FunctionDeclaration' ||
      type === 'FunctionExpression' ||
      type === 'ArrowFunctionExpression'
    ) {
      return visitFunction(node as FunctionNode)
    }
    // A scope object could stand in for the names.
    if (type === 'WithStatement') isSafe = false
    // Names can be written with escapes, which the text does not show.
    if (type === 'Identifier' && (node as NamedNode).name.startsWith(self)) isSafe = false
    if (type === 'CallExpression') {
      const isOpen = openCall(node as CallNode)
      visitInside()
      if (isOpen) close((node as CallNode).arguments[0]?.end ?? node.end, ')')
      return
    }
    if (!isAsync) return visitInside()
    if (type === 'AwaitExpression') {
      const { argument } = node as ArgumentNode & { argument: Node }
      open(node.start, `${resume}(${self},`)
      open(argument.start, ` ${leave}(${self},`)
      visitInside()
      close(node.end, '))')
    } else if (type === 'YieldExpression' && isGenerator) {
      const { argument, delegate } = node as ArgumentNode & { delegate?: boolean }
      open(node.start, `${resume}(${self},`)
      if (delegate !== true && isNode(argument)) open(argument.start, ` ${leave}(${self},`)
      visitInside()
      close(node.end, delegate === true ? ')' : isNode(argument) ? '))' : ` ${leave}(${self}))`)
    } else if (type === 'TryStatement') {
      const { handler, finalizer } = node as TryNode
      if (isNode(handler)) open(handler.body.start + 1, again)
      if (isNode(finalizer)) open(finalizer.start + 1, again)
      visitInside()
    } else if (type === 'LabeledStatement' || type === 'ForOfStatement') {
      const loop = withoutLabels(node)
      const isWaiting = loop.type === 'ForOfStatement' && (loop as LoopNode).await
      if (!isWaiting) return visitInside()
      open(node.start, '{')
      visitLoop(loop as LoopNode, isGenerator)
      close(node.end, `${again}}`)
    } else visitInside()
  }

  /**
   * A call that names its binding says where it stands, right before it is made: a stack costs more than the call. True where that
   * is to be closed behind the argument.
   */
  const openCall = ({ callee, arguments: given, end }: CallNode): boolean => {
    const [first] = given
    if (!isBinding(callee) || given.length > 1 || first?.type === 'SpreadElement') return false
    const { line, column } = placeOf(callee.property.start)
    open(first?.start ?? end - 1, `${place}(${line},${column}${first === undefined ? ')' : ','}`)
    return first !== undefined
  }

  /** The body of `for await` is reached after a wait. */
  const visitLoop = (loop: LoopNode, isGenerator: boolean): void => {
    visit(loop.left, true, isGenerator)
    visit(loop.right, true, isGenerator)
    const { body } = loop
    const isBlock = body.type === 'BlockStatement'
    open(isBlock ? body.start + 1 : body.start, isBlock ? again : `{${again}`)
    visit(body, true, isGenerator)
    if (!isBlock) close(body.end, '}')
  }

  const visitFunction = (node: FunctionNode): void => {
    const { body, generator: isGenerator } = node
    const isAsync = node.async
    const begin = `;const ${self}=${enter}(${node.start + 1});try{`
    const end = `}finally{${exit}(${self})}`
    for (const parameter of node.params) visit(parameter, false, false)
    if (isNode(node.id)) visit(node.id, false, false)
    if (!isAsync) return visit(body, false, false)
    if (body.type !== 'BlockStatement') {
      open(body.start, `{${begin}return(`)
      visit(body, true, isGenerator)
      return close(body.end, `)${end}}`)
    }
    const from = afterDirectives(body as BlockNode)
    const to = body.end - 1
    if (from >= to) return open(from, begin + end)
    open(from, begin)
    visitChildren(body, (child) => visit(child, true, isGenerator))
    close(to, end)
  }

  visitChildren(program, (child) => visit(child, true, false))
  return isSafe
}

/** Where a body begins: after 'use strict' and the like, which mean something only at the front. */
export function afterDirectives({ start, body, type }: BlockNode | Program, unless?: Insertion): number {
  let from = type === 'Program' ? 0 : start + 1
  for (const statement of body) {
    if (!('directive' in statement) || statement.start === unless?.at) break
    from = statement.end
  }
  return from
}

/** `tools.<server>.<tool>` or `tools.$search`. */
function isBinding(callee: Node): callee is MemberNode {
  if (callee.type !== 'MemberExpression') return false
  const { object } = callee as MemberNode
  const holder = object.type === 'MemberExpression' ? (object as MemberNode).object : object
  return holder.type === 'Identifier' && (holder as NamedNode).name === 'tools'
}

function withoutLabels(node: Node): Node {
  let inner = node
  while (inner.type === 'LabeledStatement') inner = (inner as LabelNode).body
  return inner
}

interface NamedNode extends Node {
  readonly name: string
}

interface FunctionNode extends Node {
  readonly async: boolean
  readonly generator: boolean
  readonly id?: Node | null
  readonly params: readonly Node[]
  readonly body: Node
}

interface CallNode extends Node {
  readonly callee: Node
  readonly arguments: readonly Node[]
}

interface MemberNode extends Node {
  readonly object: Node
  readonly property: Node
}

interface BlockNode extends Node {
  readonly body: readonly Node[]
}

interface ArgumentNode extends Node {
  readonly argument: Node | null
}

interface TryNode extends Node {
  readonly handler: (Node & { readonly body: Node }) | null
  readonly finalizer: Node | null
}

interface LoopNode extends Node {
  readonly await: boolean
  readonly left: Node
  readonly right: Node
  readonly body: Node
}

interface LabelNode extends Node {
  readonly body: Node
}
