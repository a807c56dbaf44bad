import type { Catalog } from '../../catalog/catalog.ts'
import { printParameters } from '../../catalog/stubs/parameters.ts'
import { printSignature } from '../../catalog/stubs/signature.ts'
import { commentText } from '../../catalog/stubs/text.ts'
import { nearest } from '../../core/nearest.ts'
import type { ToolSpec } from '../../core/tool.ts'
import { insteadOf } from './script/absent-names.ts'
import type { Finding } from './judge.ts'

/** A line of a report is not longer. */
const MAX_CHARS = 300
const MAX_TYPE_CHARS = 120

/** What the wording of a finding needs to know. */
export interface WordingParts {
  readonly catalog: Catalog
  readonly isVisible: (spec: ToolSpec) => boolean
  /** The tool that a name of a type in a message belongs to. */
  readonly specOf: (typeName: string) => ToolSpec | undefined
  /** The spellings of the servers, by the number in the name of their type. */
  readonly servers: readonly string[]
}

/** One line: what is wrong, what is expected, what may have been meant. Undefined where it turns out not to be wrong. */
export function wordFinding(finding: Finding, parts: WordingParts): string | undefined {
  const text = word(finding, parts)
  return text === undefined ? undefined : toLine(text)
}

/** What is said of a server or a tool that the caller has not. */
export function wordUnknownTool(
  server: string,
  tool: string | undefined,
  { catalog, isVisible }: Pick<WordingParts, 'catalog' | 'isVisible'>,
): string {
  if (tool === undefined) {
    const visible = catalog.servers.filter(({ server: name }) =>
      catalog.tools.some((spec) => spec.ref.server === name && isVisible(spec)),
    )
    const near = nearest(
      server,
      visible.map(({ identifier }) => identifier),
      3,
    )
    const known = near.length > 0 ? near : visible.slice(0, 5).map(({ identifier }) => identifier)
    const paths = known.map((name) => `tools.${name}`).join(', ')
    const hint = near.length > 0 ? ` Did you mean ${paths}?` : paths === '' ? '' : ` There are ${paths}.`
    return toLine(`${pathText(server)} does not exist.${hint}`)
  }
  const native = catalog.names.resolveServer(server) ?? server
  const own = (spec: ToolSpec) => spec.ref.server === native && isVisible(spec)
  const [first, ...others] = catalog.nearest(`${native}.${tool}`, own, 3)
  const [anywhere] = first === undefined ? catalog.nearest(tool, isVisible, 1) : []
  const best = first ?? anywhere
  const rest = others.map((spec) => catalog.names.of(spec.ref)?.toolIdentifier ?? '').filter(Boolean)
  const hint = best === undefined ? '' : ` Did you mean ${callOf(best, catalog)}?`
  const more = rest.length === 0 ? '' : ` Or ${rest.join(', ')}.`
  return toLine(`${pathText(server)} has no tool ${quoted(tool)}.${hint}${more}`)
}

/** What is said of a name that ECMAScript has and a run has not. */
export function wordTakenAway(name: string): string {
  return `${quoted(name)} is not there: a run has ECMAScript without shared memory, weak references and code from strings.`
}

/** What is said of a promise in a template literal. */
export function wordPromiseInText(name: string): string {
  return toLine(`A promise in a text is "[object Promise]": put await in front of ${name}.`)
}

/** Makes one printable line of limited length. */
function toLine(text: string): string {
  return commentText(text, MAX_CHARS)
}

function word(finding: Finding, parts: WordingParts): string | undefined {
  const { kind, diagnostic, subject } = finding
  const [message = ''] = diagnostic.messages
  const meant = /Did you mean (?:to write )?'([^']*)'\?/.exec(message)?.[1]
  const hint = meant === undefined ? '' : ` Did you mean ${quoted(meant)}?`
  switch (kind) {
    case 'name':
      return `${quoted(subject)} is not defined. ${insteadOf(subject) ?? hint.trim()}`
    case 'await':
      return `${quoted(subject)} uses a promise and not its value: put await in front of the call that gives it.`
    case 'tool':
      return wordTool(message, parts)
    case 'property': {
      const spec = specIn(message, parts)
      if (spec !== undefined)
        return `The result of ${pathOf(spec, parts)} has no ${quoted(subject)}.${hint} Expected: ${signatureOf(spec, parts.catalog)}`
      const type = cutType(/ on type '(.*?)'\.(?: Did you mean|$)/s.exec(message)?.[1] ?? '', parts)
      return `${quoted(subject)} does not exist here.${hint} Expected: ${type}`
    }
    case 'call':
      return `${quoted(subject)} cannot be called: ${cutType(/Type '(.*)' has no/s.exec(diagnostic.messages.at(-1) ?? '')?.[1] ?? 'it', parts)} is no function.`
    case 'iteration':
      return `${quoted(subject)} is no list: ${cutType(/[Tt]ype '(.*?)'/s.exec(message)?.[1] ?? '', parts)}.`
    case 'comparison':
      return `This comparison is never true: ${cutType(message.replace(/^.*?types? /s, ''), parts)}`
    case 'argument':
      return wordArgument(finding, parts)
    default:
      return wordOther(finding)
  }
}

function wordTool(message: string, parts: WordingParts): string | undefined {
  const [, name = '', , number] =
    /^Property '(.*)' does not exist on type '(Tools|Server(\d+))'/s.exec(message) ?? []
  const server = number === undefined ? undefined : parts.servers[Number(number)]
  // What is not loaded is not unknown: a script may name more tools than are loaded.
  const ref = server === undefined ? undefined : parts.catalog.names.resolvePair(server, name)
  const spec = ref === undefined ? undefined : parts.catalog.get(`${ref.server}.${ref.name}`)
  if (spec !== undefined && parts.isVisible(spec)) return undefined
  if (server === undefined) {
    const native = parts.catalog.names.resolveServer(name)
    if (parts.catalog.tools.some((own) => own.ref.server === native && parts.isVisible(own))) return undefined
    return wordUnknownTool(name, undefined, parts)
  }
  return wordUnknownTool(server, name, parts)
}

function wordArgument({ diagnostic, subject, call }: Finding, parts: WordingParts): string {
  const { code, messages } = diagnostic
  const spec = call?.spec ?? messages.map((text) => specIn(text, parts)).find((found) => found !== undefined)
  const expected = spec === undefined ? '' : ` Expected: ${callOf(spec, parts.catalog)}`
  const path = spec === undefined ? 'The call' : pathOf(spec, parts)
  const [message = ''] = messages
  const all = messages.join('\n')
  const missing =
    /Property '([^']*)' is missing/.exec(all)?.[1] ??
    /missing the following properties[^:]*: (.*)/.exec(all)?.[1]
  if (missing !== undefined) return `${path} lacks ${missing.split(', ').map(quoted).join(', ')}.${expected}`
  const unknown = /(?:and|but) '([^']*)' does not exist in type/.exec(all)?.[1]
  if (unknown !== undefined) {
    const meant = /Did you mean to write '([^']*)'\?/.exec(all)?.[1]
    return `${path} has no parameter ${quoted(unknown)}.${meant === undefined ? '' : ` Did you mean ${quoted(meant)}?`}${expected}`
  }
  if (code === 2554 || code === 2555) {
    const given = /but got (\d+)/.exec(message)?.[1]
    return given === '0'
      ? `${path} is called without its arguments.${expected}`
      : `${path} takes one object of named arguments.${expected}`
  }
  const last = messages.findLast((text) => text.includes('is not assignable to')) ?? ''
  const [, given = '', wanted = ''] =
    /^(?:Type|Argument of type) '(.*)' is not assignable to (?:type|parameter of type) '(.*?)'\./s.exec(
      last,
    ) ?? []
  const property = /[Pp]ropert(?:y|ies) '([^']*)'/.exec(messages.slice(1).join('\n'))?.[1]
  const name = property ?? (code === 2322 || code === 2820 ? subject : undefined)
  if (name === undefined || /^Args\d+$/.test(wanted))
    return `${path} takes one object of named arguments, not ${cutType(given, parts)}.${expected}`
  if (PROMISE_TYPE.test(given))
    return `${quoted(name)} of ${path} is given a promise: put await in front of it.${expected}`
  if (wanted === 'never') return `${path} takes no ${quoted(name)}.${expected}`
  const meant = /Did you mean '(.*?)'\?/.exec(last)?.[1]
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
  return `${quoted(name)} of ${path} takes ${cutType(wanted, parts)}, not ${cutType(given, parts)}.${hint}${expected}`
}

const PROMISE_TYPE = /^Promise</

function wordOther({ diagnostic: { code }, subject }: Finding): string {
  if (code === 1308)
    return 'await stands in a function that is not async: write async in front of the function.'
  if (code === 2588) return `${quoted(subject)} is a constant and cannot be assigned: declare it with let.`
  return `${quoted(subject)} is used before its declaration.`
}

function specIn(text: string, { specOf }: WordingParts): ToolSpec | undefined {
  const name = /\b(?:Args|Result)\d+\b/.exec(text)?.[0]
  return name === undefined ? undefined : specOf(name)
}

function pathOf(spec: ToolSpec, { catalog }: Pick<WordingParts, 'catalog'>): string {
  return catalog.names.of(spec.ref)?.path ?? `${spec.ref.server}.${spec.ref.name}`
}

/** How a tool is called. */
function callOf(spec: ToolSpec, catalog: Catalog): string {
  return `${pathOf(spec, { catalog })}(${printParameters(spec)})`
}

/** The one-line signature, without its sentence. */
function signatureOf(spec: ToolSpec, catalog: Catalog): string {
  return printSignature(spec, catalog.names).replace(/ \/\/ .*$/s, '')
}

/** A type as TypeScript writes it, with the names that only the check knows replaced. */
function cutType(text: string, parts: WordingParts): string {
  const plain = text.replace(
    /\b(Args|Result|Server)(\d+)(?:_\d+)?\b/g,
    (whole, kind: string, number: string) => {
      if (kind === 'Server') return `tools.${parts.servers[Number(number)] ?? ''}`
      const spec = parts.specOf(whole)
      if (spec === undefined) return whole
      return whole.includes('_')
        ? 'object'
        : `the ${kind === 'Args' ? 'arguments' : 'result'} of ${pathOf(spec, parts)}`
    },
  )
  return commentText(plain, MAX_TYPE_CHARS)
}

/** `tools.name`, or in brackets where the name is none of an identifier. */
function pathText(server: string): string {
  const name = commentText(server, 80)
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)
    ? `tools.${name}`
    : `tools[${JSON.stringify(name)}]`
}

function quoted(name: string): string {
  return `\`${commentText(name, 80)
    .replace(/^"(.*)"$/s, '$1')
    .replaceAll('`', "'")}\``
}
