import type { Diagnostic } from './engine.ts'
import type { ToolCall } from './script/named-tools.ts'
import type { CheckSource } from './script/source.ts'
import type { Tokens } from './script/tokens.ts'

/** What is wrong, by kind: each has its own wording. */
export type FindingKind =
  | 'argument'
  | 'await'
  | 'call'
  | 'comparison'
  | 'iteration'
  | 'name'
  | 'other'
  | 'property'
  | 'tool'

/** A diagnostic that says what would go wrong. */
export interface Finding {
  readonly kind: FindingKind
  readonly diagnostic: Diagnostic
  /** The call in whose arguments it stands. */
  readonly call: ToolCall | undefined
  /** The text at its place. */
  readonly subject: string
  /** Of the submitted text. */
  readonly offset: number
}

/** TypeScript's numbers. Which are not here is about types alone, and types are taken away before a script runs. */
const NAMES = new Set([2304, 2552, 2580, 2581, 2582, 2583, 2584, 2591, 2592, 2593, 2867, 2868, 18004])
const ARGUMENTS = new Set([
  2322, 2326, 2345, 2353, 2554, 2555, 2559, 2560, 2561, 2719, 2739, 2740, 2741, 2820,
])
/** About a whole argument: inside the call of a tool it may be the argument of another function. */
const WHOLE_ARGUMENTS = new Set([2345, 2559, 2560])
const PROPERTIES = new Set([2339, 2551, 2576])
const CALLS = new Set([2348, 2349, 2351, 2721, 2722, 2723])
const ITERATIONS = new Set([2461, 2488, 2495, 2504, 2548, 2549, 2569])
const OPERATORS = new Set([2362, 2363, 2365, 2367])
/** Assignment to a constant, use before the declaration, `await` where the function is not async. */
const OTHERS = new Set([1308, 2448, 2449, 2588])

const PROMISE = /'Promise(?:Like)?</
/** Types of ECMAScript of which a missing method cannot be called. */
const BUILT_IN =
  /type '(?:string|number|boolean|bigint|.*\[\]|(?:Map|Set|WeakMap|WeakSet|ReadonlyMap|ReadonlySet)<.*|Date|RegExp|Math|JSON|Console|ObjectConstructor|ArrayConstructor|NumberConstructor|StringConstructor|DateConstructor|PromiseConstructor)'/
const ASSIGNMENT = /^(?:[-+*/%&|^]|\*\*|<<|>>>?|&&|\|\||\?\?)?=$/

export interface JudgeParts {
  readonly source: CheckSource
  readonly calls: readonly ToolCall[]
  /** With all types. */
  readonly typed: readonly Diagnostic[]
  /** The same script with tools that take and give anything, and with the undefined names declared as types. */
  readonly bare: readonly Diagnostic[]
}

/**
 * Tells what would go wrong when a script runs from what TypeScript merely expects to be written down. A problem that
 * stays when the tools take and give anything comes from the script itself: there JavaScript allows most of it.
 */
export function judge({ source, calls, typed, bare }: JudgeParts): Finding[] {
  const remaining = new Set(bare.map(({ start }) => start))
  const members = assignedMembers(source.tokens)
  const findings: Finding[] = []
  let isUnsure = false

  const kindOf = (diagnostic: Diagnostic, found: Omit<Finding, 'kind'>): FindingKind | undefined => {
    const { code, start } = diagnostic
    const [message = ''] = diagnostic.messages
    const isBare = remaining.has(start)
    const isPromise = diagnostic.messages.some((text) => PROMISE.test(text))
    if (NAMES.has(code)) return isBare && !isGuarded(source, found.offset) ? 'name' : undefined
    if (ARGUMENTS.has(code)) {
      const isNamed = diagnostic.messages.some((text) => /\bArgs\d/.test(text))
      const ours = isNamed || (found.call !== undefined && !WHOLE_ARGUMENTS.has(code))
      if (ours && !isBare && !isOnlyWidened(diagnostic) && !isBuiltUp(found, members.owners))
        return 'argument'
      isUnsure ||= code === 2322
      return undefined
    }
    if (PROPERTIES.has(code)) {
      if (isPromise) return 'await'
      if (/ on type '(?:Tools|Server\d+)'/.test(message)) return 'tool'
      if (members.names.has(found.subject) || message.includes("'RunArguments'")) return undefined
      if (!isBare) return 'property'
      return !isUnsure && BUILT_IN.test(message) && isCalled(source, found) ? 'property' : undefined
    }
    if (CALLS.has(code)) return isPromise ? 'await' : isUnsure ? undefined : 'call'
    if (ITERATIONS.has(code)) return isPromise ? 'await' : isBare ? undefined : 'iteration'
    if (OPERATORS.has(code)) return isPromise ? 'await' : code === 2367 && !isBare ? 'comparison' : undefined
    return OTHERS.has(code) ? 'other' : undefined
  }

  // Assignments that change a type first: after them the types of the script's own names cannot be trusted.
  const ordered = [...typed].sort((a, b) => Number(b.code === 2322) - Number(a.code === 2322))
  for (const diagnostic of ordered) {
    const offset = source.toSubmitted(diagnostic.start)
    const subject = source.code.slice(offset, source.toSubmitted(diagnostic.end)).slice(0, 200)
    const found = { diagnostic, offset, subject, call: callAt(calls, offset) }
    const kind = kindOf(diagnostic, found)
    if (kind !== undefined) findings.push({ kind, ...found })
  }
  return findings.sort((a, b) => a.offset - b.offset)
}

/** Names that TypeScript does not know, to be declared as types: what is still wrong then is used as a value. */
export function undefinedNames(typed: readonly Diagnostic[]): readonly string[] {
  const names = typed.flatMap(({ code, messages }) => {
    const name = NAMES.has(code) ? /'([^']*)'/.exec(messages[0] ?? '')?.[1] : undefined
    return name !== undefined && /^[\p{ID_Start}$_][\p{ID_Continue}$]{0,99}$/u.test(name) ? [name] : []
  })
  return [...new Set(names)]
}

/** The innermost call whose arguments hold a place. */
function callAt(calls: readonly ToolCall[], offset: number): ToolCall | undefined {
  let best: ToolCall | undefined
  for (const call of calls) {
    // A call without arguments is reported at its name.
    if (offset < call.nameStart || offset > call.end) continue
    if (best === undefined || call.start > best.start) best = call
  }
  return best
}

/** `typeof fetch`: asking is allowed. */
function isGuarded({ code }: CheckSource, offset: number): boolean {
  return /\btypeof\s+$/.test(code.slice(Math.max(0, offset - 20), offset))
}

function isCalled({ code }: CheckSource, { offset, subject }: Omit<Finding, 'kind'>): boolean {
  return /^\s*(?:\?\.)?\(/.test(code.slice(offset + subject.length, offset + subject.length + 20))
}

/**
 * `{ state: 'open' }` kept in a variable is a `string` to TypeScript, and a list is no tuple; the value may well be right.
 * Arguments are checked again when the call is made.
 */
function isOnlyWidened({ messages }: Diagnostic): boolean {
  const last = messages.at(-1) ?? ''
  return (
    /Type '(?:string|number|boolean)(?:\[\])*' is not assignable to type '(?:\(?["\d-]|true|false)/.test(
      last,
    ) || /^Target (?:requires|allows)/.test(last)
  )
}

/** An object that is made empty and filled later, given as it is or spread into another. */
function isBuiltUp({ subject, diagnostic }: Omit<Finding, 'kind'>, owners: ReadonlySet<string>): boolean {
  if (!diagnostic.messages.some((text) => text.includes(' missing '))) return false
  const spread = [...subject.matchAll(/\.\.\.\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu)]
  if (spread.some(([, name = '']) => owners.has(name))) return true
  const isName = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(subject)
  return isName && (owners.has(subject) || diagnostic.messages.some((text) => text.includes("type '{}'")))
}

/** `a.b = …`: JavaScript adds a member where there is none. */
function assignedMembers({ list }: Tokens): {
  readonly names: ReadonlySet<string>
  readonly owners: ReadonlySet<string>
} {
  const names = new Set<string>()
  const owners = new Set<string>()
  for (let index = 2; index + 1 < list.length; index++) {
    const name = list[index]
    if (name?.kind !== 'name' || list[index - 1]?.text !== '.') continue
    if (!ASSIGNMENT.test(list[index + 1]?.text ?? '')) continue
    names.add(name.text)
    owners.add(list[index - 2]?.text ?? '')
  }
  return { names, owners }
}
