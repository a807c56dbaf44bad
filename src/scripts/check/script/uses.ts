import type { Token, Tokens } from './tokens.ts'

/** A name in a script. */
export interface NamePlace {
  readonly offset: number
  /** Given as text, in brackets. */
  readonly isIndex: boolean
}

/** A place where a script uses `tools`, a server or a tool. */
export interface Use {
  /** As the script spells it; absent where `tools` is used as a whole. */
  readonly server?: string
  /** Absent where the server is used as a whole. */
  readonly tool?: string
  /** Of the last name. */
  readonly offset: number
  /** Where the server is named; absent where another name stands for it. */
  readonly serverPlace?: NamePlace
  readonly toolPlace?: NamePlace
  /** The offsets of the parentheses of a call. */
  readonly call?: { readonly start: number; readonly end: number }
}

/** What the tokens of a script tell about its use of tools. */
export interface Uses {
  readonly uses: readonly Use[]
  /** `tools` is handed on in a way that is not followed. */
  readonly isLoose: boolean
  readonly promises: readonly { readonly name: string; readonly offset: number }[]
}

/** What a name stands for: `tools` is the empty path, then a server, then a tool. */
type Path = readonly string[]
/** Beside the names of a path. */
type Places = readonly (NamePlace | undefined)[]

const MAX_USES = 2_000
const DECLARATIONS = new Set(['const', 'let', 'var'])

/** Reads the uses of `tools`, under each of its names, and of what is made from it by assignment and destructuring, in one walk. */
export function readUses({ list, partner }: Tokens, toolsNames: readonly string[]): Uses {
  const names = new Map<string, Path>(toolsNames.map((name) => [name, []]))
  const uses: Use[] = []
  const promised = new Set<string>()
  const promises: { name: string; offset: number }[] = []
  let isLoose = false

  const textAt = (index: number): string => list[index]?.text ?? ''

  /** Follows `.a`, `?.a`, `['a']` and `!` from a name. */
  const follow = (index: number, from: Path): { path: Path; places: Places; last: number; next: number } => {
    const path = [...from]
    const places: (NamePlace | undefined)[] = from.map(() => undefined)
    let last = index
    let next = index + 1
    while (path.length < 2) {
      while (textAt(next) === '!') next += 1
      const dot = textAt(next)
      const key = list[dot === '?.' ? next + 1 : next]
      if ((dot === '.' || (dot === '?.' && key?.text !== '[')) && list[next + 1]?.kind === 'name') {
        last = next + 1
        next += 2
        places.push({ offset: list[last]?.start ?? 0, isIndex: false })
      } else if (key?.text === '[') {
        const open = dot === '?.' ? next + 1 : next
        const inner = list[open + 1]
        if (inner === undefined || !isText(inner) || partner.get(open) !== open + 2) break
        last = open + 1
        next = open + 3
        places.push({ offset: inner.start, isIndex: true })
      } else break
      path.push(textAt(last))
    }
    return { path, places, last, next }
  }

  /** `{ a, b: c, d: { e } }` in front of `=`: what is taken out of a path. */
  const destructure = (open: number, close: number, from: Path): void => {
    for (let index = open + 1; index < close; index++) {
      const key = list[index]
      if (key === undefined || (key.kind !== 'name' && key.kind !== 'string')) continue
      const path = [...from, key.text]
      const value = textAt(index + 1) === ':' ? index + 2 : index
      if (path.length === 2) uses.push({ ...toUse(path, []), offset: key.start })
      const end = partner.get(value)
      if (textAt(value) === '{' && end !== undefined && path.length < 2) destructure(value, end, path)
      else if (list[value]?.kind === 'name') names.set(textAt(value), path)
      // On to the next comma; a default value may stand in between.
      index = (end ?? value) + 1
      while (index < close && textAt(index) !== ',') index = Math.max(index, partner.get(index) ?? 0) + 1
    }
  }

  for (let index = 0; index < list.length && uses.length < MAX_USES; index++) {
    const token = list[index] as Token
    if (token.kind !== 'name' || ['.', '?.'].includes(textAt(index - 1))) continue
    if (promised.has(token.text) && textAt(index - 1) === '${' && textAt(index + 1) === '}')
      promises.push({ name: token.text, offset: token.start })
    const from = names.get(token.text)
    if (from === undefined) continue
    if (textAt(index + 1) === ':' && ['{', ',', '('].includes(textAt(index - 1))) {
      // `{ tools: t }` of a parameter; in an object or before a type it is only a name.
      if (list[index + 2]?.kind === 'name' && ['}', ','].includes(textAt(index + 3)))
        names.set(textAt(index + 2), from)
      continue
    }
    const { path, places, last, next } = follow(index, from)
    if (path[0]?.startsWith('$') === true && path[0] !== '$') continue
    const open = textAt(next) === '?.' ? next + 1 : next
    const close = textAt(open) === '(' && path.length === 2 ? partner.get(open) : undefined
    const [start, end] = [list[open], close === undefined ? undefined : list[close]]
    const call = close === undefined || !start || !end ? {} : { call: { start: start.start, end: end.end } }
    const use: Use = { ...toUse(path, places), offset: list[last]?.start ?? token.start, ...call }
    const before = textAt(index - 1)
    const target = list[index - 2]
    const isAssigned = before === '=' && target !== undefined

    if (close !== undefined) {
      uses.push(use)
      const after = textAt(close + 1)
      if (before === '${' && after === '}') promises.push({ name: 'the call', offset: token.start })
      if (isAssigned && isDeclared(list, index - 2) && after !== '.' && after !== '?.')
        promised.add(target.text)
    } else if (isAssigned && target.text === '}') {
      destructure(partner.get(index - 2) ?? index, index - 2, path)
    } else if (isAssigned && target.kind === 'name' && !['.', '?.'].includes(textAt(index - 3))) {
      names.set(target.text, path)
      if (path.length === 2) uses.push(use)
    } else if (path.length > 0) {
      uses.push(use)
    } else if (!isEntryParameter(list, index)) isLoose = true
    index = Math.max(index, last)
  }
  return { uses, isLoose, promises }
}

function toUse([server, tool]: Path, [serverPlace, toolPlace]: Places): Omit<Use, 'offset'> {
  return {
    ...(server === undefined ? {} : { server }),
    ...(tool === undefined ? {} : { tool }),
    ...(serverPlace === undefined ? {} : { serverPlace }),
    ...(toolPlace === undefined ? {} : { toolPlace }),
  }
}

function isText({ kind }: Token): boolean {
  return kind === 'string' || kind === 'template'
}

/** The name of `const name =`. */
function isDeclared(list: readonly Token[], index: number): boolean {
  return list[index]?.kind === 'name' && DECLARATIONS.has(list[index - 1]?.text ?? '')
}

/** `(tools` and `({ tools`: how a function gets them. */
function isEntryParameter(list: readonly Token[], index: number): boolean {
  const before = list[index - 1]?.text
  const after = list[index + 1]?.text ?? ''
  if (![')', ',', '}', '='].includes(after)) return false
  if (before === '{' || before === ',') return true
  return before === '(' && ['=>', '{', ':'].includes(list[index + 2]?.text ?? '')
}
