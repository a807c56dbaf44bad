import { parse, type ExpressionStatement, type Node, type Program } from 'acorn'
import { transform } from 'sucrase'

/** A script made ready for the isolate: the source of one async function that takes nothing. */
export interface PreparedScript {
  readonly source: string
  /** Columns that were put before the first line. */
  readonly columnOffset: number
}

/** Why a script cannot be run, at a place of the text that was submitted. */
export class ScriptSyntaxError extends Error {
  override readonly name = 'ScriptSyntaxError'
  readonly line: number | undefined
  readonly column: number | undefined

  constructor(message: string, line?: number, column?: number) {
    super(message)
    this.line = line
    this.column = column
  }
}

const PREFIX = '(async () => {'

/** Names of functions that are meant to be called when a script only declares functions. */
const ENTRY_NAMES = ['main', 'run', 'script', 'execute', 'handler', 'default']

/**
 * Turns what a model wrote into one async function. Accepted: bare statements with top-level `await` and `return`
 * (without a `return` the last expression is the value), an async arrow or function expression, a named function, a
 * default export, in a Markdown fence or not, TypeScript or JavaScript. Lines stay where they are, so that an error
 * carries the line that the model wrote.
 *
 * This runs in the cell, not in the gateway: parsing is work that a stranger controls
 * (test/attack/deep-nesting.test.ts).
 *
 * @throws ScriptSyntaxError
 */
export function prepareScript(submitted: string): PreparedScript {
  const { text, lineOffset } = unfence(submitted)
  // Blank lines in place of the fence's own keep the line numbers of the submitted text.
  const code = '\n'.repeat(lineOffset) + stripTypes(text, lineOffset)
  const program = parseProgram(code)
  try {
    return { source: `${PREFIX}${toBody(code, program)}\n})`, columnOffset: -PREFIX.length }
  } catch (error) {
    // The walk over the program needs more stack than the parser did.
    throw error instanceof ScriptSyntaxError ? error : toSyntaxError(error, 0)
  }
}

function unfence(submitted: string): { text: string; lineOffset: number } {
  const fence = /^\s*(`{3,}|~{3,})[^\n`]*\n/.exec(submitted)
  if (fence === null) return { text: submitted, lineOffset: 0 }
  const marker = fence[1] as string
  const rest = submitted.slice(fence[0].length)
  const end = rest.lastIndexOf(`\n${marker}`)
  const lineOffset = fence[0].split('\n').length - 1
  return { text: end < 0 ? rest.replace(new RegExp(`^${marker}\\s*$`), '') : rest.slice(0, end), lineOffset }
}

function stripTypes(text: string, lineOffset: number): string {
  try {
    return transform(text.replace(/^#!.*/, ''), {
      transforms: ['typescript'],
      disableESTransforms: true,
      keepUnusedImports: true,
    }).code
  } catch (error) {
    throw toSyntaxError(error, lineOffset)
  }
}

function parseProgram(code: string): Program {
  const options = {
    ecmaVersion: 'latest',
    allowReturnOutsideFunction: true,
    locations: true,
    preserveParens: true,
  } as const
  try {
    // As a script first: the isolate compiles it as one, and what both read must be the same.
    return parse(code, { ...options, sourceType: 'script', allowAwaitOutsideFunction: true })
  } catch (error) {
    if (!/^[ \t]*(import|export)\b/m.test(code)) throw toSyntaxError(error, 0)
  }
  try {
    return parse(code, { ...options, sourceType: 'module' })
  } catch (error) {
    throw toSyntaxError(error, 0)
  }
}

/** The body of the async function, made by inserting into `code` and blanking in it, never by moving lines. */
function toBody(code: string, program: Program): string {
  const body = program.body.filter((node) => !isEnum(node))
  const imported = body.find((node) => node.type === 'ImportDeclaration')
  if (imported !== undefined) {
    throw at(imported, 'A script cannot import anything; tools are called as tools.<server>.<tool>(args).')
  }
  let text = code
  for (const node of body) text = blankExport(text, node)
  const exported = body.find((node) => node.type === 'ExportDefaultDeclaration')
  if (exported?.type === 'ExportDefaultDeclaration') {
    const declaration = unwrap(exported.declaration)
    if (declaration.type === 'ClassDeclaration') throw at(exported, 'A script exports a function or a value.')
    const named = 'id' in declaration && declaration.id ? declaration.id.name : undefined
    if (named !== undefined) return `${text}\n;return await ${named}${argumentsFor(declaration)}`
    return wrapRange(text, exported.declaration, isFunction(declaration) ? argumentsFor(declaration) : '')
  }
  const last = body.at(-1)
  if (last?.type === 'ExpressionStatement') {
    const { expression } = last
    const inner = unwrap(expression)
    if (isFunction(inner) && body.every((node) => node === last || isDeclaration(node))) {
      return wrapRange(text, expression, argumentsFor(inner))
    }
    if (!hasTopLevelReturn(body)) return wrapRange(text, expression, '')
  }
  const entry = body.every(isDeclaration) ? entryFunction(body) : undefined
  return entry === undefined ? text : `${text}\n;return await ${entry}`
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
      throw at(node, 'A script cannot export names; return the value instead.')
    return text
  }
  const found = keyword.exec(text.slice(node.start, node.end))?.[0] ?? ''
  return text.slice(0, node.start) + found.replace(/[^\n]/g, ' ') + text.slice(node.start + found.length)
}

/** `return (<range>)<call>;` in place of the range. */
function wrapRange(text: string, { start, end }: Node, call: string): string {
  return `${text.slice(0, start)};return await (${text.slice(start, end)})${call};${text.slice(end)}`
}

/** What a function that a script consists of is called with: models write `({ tools }) =>` and `(tools) =>` too. */
function argumentsFor(node: Node): string {
  const [first] = 'params' in node ? (node.params as Node[]) : []
  if (first === undefined) return '()'
  return first.type === 'ObjectPattern' ? '({ tools, console })' : '(tools)'
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
function entryFunction(body: readonly Node[]): string | undefined {
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
  return entry === undefined || entry.name === '' ? undefined : entry.name + argumentsFor(entry.node)
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

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

function at(node: Node, message: string): ScriptSyntaxError {
  return new ScriptSyntaxError(message, node.loc?.start.line, (node.loc?.start.column ?? 0) + 1)
}

/** Both parsers put the place into `loc` and at the end of the message as `(line:column)`. */
function toSyntaxError(error: unknown, lineOffset: number): ScriptSyntaxError {
  if (error instanceof RangeError) return new ScriptSyntaxError('The script is nested too deeply.')
  if (!(error instanceof Error)) return new ScriptSyntaxError('The script cannot be read.')
  const message = error.message.replace(/\s*\(\d+:\d+\)$/, '').replace(/^Error transforming .*?: /, '')
  const loc = 'loc' in error ? (error.loc as { line?: unknown; column?: unknown }) : {}
  if (typeof loc.line !== 'number' || typeof loc.column !== 'number') return new ScriptSyntaxError(message)
  // Acorn counts columns from 0, sucrase from 1.
  const column = error instanceof SyntaxError && 'raisedAt' in error ? loc.column + 1 : loc.column
  return new ScriptSyntaxError(message, loc.line + lineOffset, column)
}
