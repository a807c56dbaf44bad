import { readTokens, type Token, type Tokens } from './tokens.ts'

/** A script as a file that a compiler can read, with the way back to the text that was submitted. */
export interface CheckSource {
  readonly text: string
  /** The submitted text with the marks of a fence blanked; offsets are those of the submitted text. */
  readonly code: string
  readonly tokens: Tokens
  /** Names under which the script finds its tools: `tools`, and the parameter through which it gets them. */
  readonly toolsNames: readonly string[]
  /** The offset in the submitted text of an offset in `text`. */
  readonly toSubmitted: (offset: number) => number
}

const PREFIX = 'async function __run() {'
/** A line of its own: the script may end with a comment. */
const SUFFIX = '\n}\nexport {}\n'

/** The functions that `prepareScript` calls when a script only declares functions. */
const ENTRY_NAMES = new Set(['main', 'run', 'script', 'execute', 'handler', 'default'])

/**
 * Makes a file of a script: one async function around all that `sandbox/cell/script/prepare.ts` accepts. Nothing is moved; marks are
 * blanked, and the parameter through which a function gets `tools` is given its type. What this does not understand is
 * left as it is, and then a part of the script is `any`.
 */
export function toCheckSource(submitted: string): CheckSource {
  const code = blankFence(submitted)
  const tokens = readTokens(code)
  const parameters = entryParameters(tokens)
  const edits = [...exportEdits(code, tokens), ...parameters.map(({ edit }) => edit)].sort(
    (a, b) => a.from - b.from,
  )
  const shifts: { readonly from: number; readonly by: number }[] = []
  const parts = [PREFIX]
  let length = PREFIX.length
  let at = 0
  for (const { from, to, text } of edits) {
    parts.push(code.slice(at, from), text)
    length += from - at + text.length
    at = to
    if (text.length > to - from) shifts.push({ from: length, by: text.length - (to - from) })
  }
  parts.push(code.slice(at), SUFFIX)
  return {
    text: parts.join(''),
    code,
    tokens,
    toolsNames: ['tools', ...parameters.flatMap(({ name }) => name ?? [])],
    toSubmitted: (offset) => {
      let by = PREFIX.length
      for (const shift of shifts) if (offset >= shift.from) by += shift.by
      return Math.max(0, Math.min(offset - by, submitted.length))
    },
  }
}

interface Edit {
  readonly from: number
  readonly to: number
  readonly text: string
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ')
}

/** Blanks what `unfence` in sandbox/cell/script/prepare.ts takes away. */
function blankFence(submitted: string): string {
  const fence = /^\s*(`{3,}|~{3,})[^\n`]*\n/.exec(submitted)
  const text = submitted.replace(/^#!.*/, blank)
  if (fence === null) return text
  const [opening, marker = ''] = fence
  const end = submitted.lastIndexOf(`\n${marker}`)
  const closing = end < opening.length - 1 ? submitted.length : end
  return blank(opening) + submitted.slice(opening.length, closing) + blank(submitted.slice(closing))
}

/** `export` is blanked; `export default` of something without a name becomes a `return` of it. */
function exportEdits(code: string, { list }: Tokens): Edit[] {
  return list.flatMap((token, index) => {
    if (token.text !== 'export' || token.kind !== 'name' || isMember(list, index)) return []
    const next = list[index + 1]
    const isDefault = next?.text === 'default'
    const words = list.slice(index + 2, index + 5).map(({ text }) => text)
    const [word, name = ''] = words[0] === 'async' ? words.slice(1) : words
    const isDeclared = word === 'function' && /^[\p{ID_Start}$_]/u.test(name)
    const to = isDefault ? next.end : token.end
    const old = code.slice(token.start, to)
    const text = isDefault && !isDeclared ? `return${blank(old.slice('return'.length))}` : blank(old)
    return [{ from: token.start, to, text }]
  })
}

function isMember(list: readonly Token[], index: number): boolean {
  return ['.', '?.'].includes(list[index - 1]?.text ?? '')
}

/** The parameters of the function that a script consists of: they get the types of what the cell calls it with. */
function entryParameters(tokens: Tokens): Parameter[] {
  const functions = functionsOf(tokens)
  const [only] = functions.length === 1 ? functions : []
  const counts = new Map<string, number>()
  for (const { text } of tokens.list) counts.set(text, (counts.get(text) ?? 0) + 1)
  return functions.flatMap((found) => {
    const parameter = firstParameter(tokens, found.open)
    if (parameter === undefined) return []
    const mayBe = found.name === undefined || ENTRY_NAMES.has(found.name) || found === only
    // One that the script calls itself gets what the script gives it, unless its parameter says what it is.
    const isOwn = found.name !== undefined && (counts.get(found.name) ?? 0) > 1
    return mayBe && (!isOwn || parameter.isTools) ? [parameter] : []
  })
}

interface Parameter {
  readonly edit: Edit
  /** Absent where it is a pattern. */
  readonly name?: string
  /** It is called `tools` or takes `tools` out of an object. */
  readonly isTools: boolean
}

interface FoundFunction {
  readonly name: string | undefined
  /** Index of the token that opens the parameters. */
  readonly open: number
}

/** The functions that stand at the outermost level, or alone in parentheses. */
function functionsOf({ list, partner }: Tokens): FoundFunction[] {
  const found: FoundFunction[] = []
  const first = list[0]?.text === '(' ? 1 : 0
  for (let index = first; index < list.length; index++) {
    const { text } = list[index] as Token
    if (text === 'function') {
      const named = list[index + 1]?.text === '*' ? index + 2 : index + 1
      const isNamed = list[named]?.kind === 'name'
      const open = isNamed ? named + 1 : named
      const name = isNamed ? list[named]?.text : assignedName(list, index)
      if (name !== undefined || isStatement(list, index)) found.push({ name, open })
      index = partner.get(open) ?? open
    } else if (text === '(' && isArrow(list, partner.get(index))) {
      const name = assignedName(list, index)
      if (name !== undefined || isStatement(list, index)) found.push({ name, open: index })
      index = partner.get(index) ?? index
    } else if (['(', '[', '{', '${'].includes(text)) index = partner.get(index) ?? list.length
  }
  return found
}

/** Whether `=>` follows, after a type of the result or at once. */
function isArrow(list: readonly Token[], close: number | undefined): boolean {
  if (close === undefined) return false
  if (list[close + 1]?.text === '=>') return true
  return list[close + 1]?.text === ':' && list.slice(close + 2, close + 12).some(({ text }) => text === '=>')
}

/** Whether a function without a name begins a statement, or is exported. */
function isStatement(list: readonly Token[], index: number): boolean {
  const before = list[index - 1]?.text === 'async' ? index - 2 : index - 1
  return before < 0 || ['default', ';', '}', '('].includes(list[before]?.text ?? '')
}

/** `main` in `const main = async (…`. */
function assignedName(list: readonly Token[], index: number): string | undefined {
  const before = list[index - 1]?.text === 'async' ? index - 2 : index - 1
  return list[before]?.text === '=' ? list[before - 1]?.text : undefined
}

function firstParameter({ list, partner }: Tokens, open: number): Parameter | undefined {
  const first = list[open + 1]
  const isPattern = first?.text === '{'
  if (first === undefined || (!isPattern && first.kind !== 'name')) return undefined
  const last = isPattern ? partner.get(open + 1) : open + 1
  const end = last === undefined ? undefined : list[last]
  if (last === undefined || end === undefined || ![')', ',', '='].includes(list[last + 1]?.text ?? ''))
    return undefined
  return {
    edit: { from: end.end, to: end.end, text: isPattern ? ': RunArguments' : ': Tools' },
    isTools: list.slice(open + 1, last + 1).some(({ text }) => text === 'tools'),
    ...(isPattern ? {} : { name: first.text }),
  }
}
