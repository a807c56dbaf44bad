import type { ExpressionStatement, Node, Program } from 'acorn'

import { isNode } from './children.ts'
import type { Insertion } from './insertions.ts'
import { createPlaces } from './places.ts'
import { ScriptSyntaxError } from './syntax-error.ts'

/** What makes the statements of a program the body of a function that gives its value. */
export interface Body {
  /** The program, with words blanked that cannot stand in a function. As long as before, line by line. */
  readonly text: string
  readonly opening?: Insertion
  readonly closing?: Insertion
  /** What follows on the last line. */
  readonly suffix: string
}

/** Names of functions that are meant to be called when a script only declares functions. */
const ENTRY_NAMES = ['main', 'run', 'script', 'execute', 'handler', 'default']

/**
 * The body of the async function, made by inserting into `code` and blanking in it, never by moving lines.
 *
 * @param wait what opens the call of the function that is told of a wait; empty where nobody is told
 * @throws ScriptSyntaxError
 */
export function toBody(code: string, program: Program, hasInput: boolean, wait: string): Body {
  const wrapRange = (text: string, { start, end }: Node, call: string): Body => ({
    text,
    opening: { at: start, text: `;return await ${wait}(` },
    closing: { at: end, text: `)${call}${wait === '' ? '' : ')'};` },
    suffix: '',
  })
  const toSuffix = (call: string): string => `;return await ${wait === '' ? call : `${wait}${call})`}`
  const body = program.body.filter((node) => !isEnum(node))
  const imported = body.find((node) => node.type === 'ImportDeclaration')
  if (imported !== undefined) {
    throw at(
      code,
      imported,
      'A script cannot import anything; tools are called as tools.<server>.<tool>(args).',
    )
  }
  let text = code
  for (const node of body) text = blankExport(text, node)
  const exported = body.find((node) => node.type === 'ExportDefaultDeclaration')
  if (exported?.type === 'ExportDefaultDeclaration') {
    const declaration = unwrap(exported.declaration)
    if (declaration.type === 'ClassDeclaration')
      throw at(code, exported, 'A script exports a function or a value.')
    const named = 'id' in declaration && declaration.id ? declaration.id.name : undefined
    if (named !== undefined)
      return { text, suffix: toSuffix(`${named}${argumentsFor(declaration, hasInput)}`) }
    return wrapRange(
      text,
      exported.declaration,
      isFunction(declaration) ? argumentsFor(declaration, hasInput) : '',
    )
  }
  const last = body.at(-1)
  if (last?.type === 'ExpressionStatement') {
    const { expression } = last
    const inner = unwrap(expression)
    if (isFunction(inner) && body.every((node) => node === last || isDeclaration(node))) {
      return wrapRange(text, expression, argumentsFor(inner, hasInput))
    }
    if (!hasTopLevelReturn(body)) return wrapRange(text, expression, '')
  }
  const entry = body.every(isDeclaration) ? entryFunction(body, hasInput) : undefined
  return { text, suffix: entry === undefined ? '' : toSuffix(entry) }
}

function blankExport(text: string, node: Node): string {
  const keyword =
    node.type === 'ExportDefaultDeclaration'
      ? /^export\s+default/
      : node.type === 'ExportNamedDeclaration' && 'declaration' in node && node.declaration !== null
        ? /^export/
        : undefined
  if (keyword === undefined) {
    if (node.type.startsWith('Export'))
      throw at(text, node, 'A script cannot export names; return the value instead.')
    return text
  }
  const found = keyword.exec(text.slice(node.start, node.end))?.[0] ?? ''
  return text.slice(0, node.start) + found.replace(/[^\n]/g, ' ') + text.slice(node.start + found.length)
}

/**
 * What a function that a script consists of is called with: models write `({ tools }) =>` and `(tools) =>` too, and `(input) =>`
 * where there is an input.
 */
function argumentsFor(node: Node, hasInput: boolean): string {
  const [first] = 'params' in node ? (node.params as Node[]) : []
  if (first === undefined) return '()'
  const name = first.type === 'AssignmentPattern' && 'left' in first ? (first.left as Node) : first
  if (name.type === 'ObjectPattern') return '({ ...input, tools, console, input })'
  const takesInput = hasInput && 'name' in name && name.name !== 'tools'
  return takesInput ? '(input, tools)' : '(tools, input)'
}

/** What stands in parentheses; their range is kept by the outer node. */
function unwrap<Inner extends Node>(node: Inner): Inner {
  return node.type === 'ParenthesizedExpression' && 'expression' in node
    ? unwrap(node.expression as Inner)
    : node
}

/** What the transform makes of an enum: a call of a function on `X || (X = {})`. It is a declaration to the writer. */
function isEnum(node: Node): boolean {
  if (node.type !== 'ExpressionStatement') return false
  const call = (node as ExpressionStatement).expression
  if (call.type !== 'CallExpression' || unwrap(call.callee).type !== 'FunctionExpression') return false
  const [first] = call.arguments
  return first?.type === 'LogicalExpression' && unwrap(first.right).type === 'AssignmentExpression'
}

function isFunction(node: Node): boolean {
  return ['ArrowFunctionExpression', 'FunctionExpression', 'FunctionDeclaration'].includes(node.type)
}

function isDeclaration(node: Node): boolean {
  return (
    ['FunctionDeclaration', 'VariableDeclaration', 'ClassDeclaration', 'EmptyStatement'].includes(
      node.type,
    ) ||
    (node.type === 'ExportNamedDeclaration' && 'declaration' in node && node.declaration !== null)
  )
}

/** The call of the one function, or of the one named like an entry, in a script that only declares. */
function entryFunction(body: readonly Node[], hasInput: boolean): string | undefined {
  const functions = body.flatMap((outer) => {
    const node = 'declaration' in outer && outer.declaration ? (outer.declaration as Node) : outer
    if (node.type === 'FunctionDeclaration') return [{ name: nameOf(node), node }]
    if (node.type !== 'VariableDeclaration' || !('declarations' in node)) return []
    const declarators = node.declarations as (Node & { init: Node | null })[]
    return declarators.flatMap((declarator) =>
      declarator.init !== null && isFunction(unwrap(declarator.init))
        ? [{ name: nameOf(declarator), node: unwrap(declarator.init) }]
        : [],
    )
  })
  const entry =
    functions.find(({ name }) => ENTRY_NAMES.includes(name)) ??
    (functions.length === 1 ? functions[0] : undefined)
  return entry === undefined || entry.name === ''
    ? undefined
    : entry.name + argumentsFor(entry.node, hasInput)
}

function nameOf(node: Node): string {
  const id = 'id' in node ? (node.id as { name?: string } | null) : null
  return id?.name ?? ''
}

/** A `return` that belongs to the script itself and not to a function in it. */
function hasTopLevelReturn(nodes: readonly Node[]): boolean {
  return nodes.some((node) => {
    if (node.type === 'ReturnStatement') return true
    if (isFunction(node) || node.type === 'ClassDeclaration' || node.type.endsWith('Expression')) return false
    return hasTopLevelReturn(Object.values(node).flat().filter(isNode))
  })
}

function at(code: string, node: Node, message: string): ScriptSyntaxError {
  const { line, column } = createPlaces(code)(node.start)
  return new ScriptSyntaxError(message, line, column)
}
