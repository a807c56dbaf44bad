import { primordials, setNoPrototype } from './primordials.ts'

type MakeCall = (server: string, tool: string, args: unknown) => Promise<unknown>

/**
 * Names that the language itself looks up on objects. Answering them with a function would make `await tools.github`
 * call a tool. src/catalog/names.ts gives tools with these names another identifier.
 */
const LANGUAGE_NAMES = ['then', 'toJSON', 'valueOf', 'toString', 'constructor', 'prototype', '__proto__']

/** The server under which a run calls what the language of scripts itself offers. No server can have this name. */
const OWN_SERVER = '$isogate'

/**
 * The `tools` object of a run: `tools.<server>.<tool>(args)` for any names; the gateway says which exist. Both the
 * native spelling (`tools.s['list-issues']`) and the identifier (`tools.s.list_issues`) end up there as they are written.
 */
export function createBindings(makeCall: MakeCall): object {
  return lookup('tools', (server) => {
    if (server === '$search') return ownBinding(makeCall, 'search', toQuery)
    if (server === '$describe') return ownBinding(makeCall, 'describe', toNames)
    return lookup(`tools.${server}`, (tool) => {
      const binding = (args?: unknown): Promise<unknown> => makeCall(server, tool, args)
      return primordials.freeze(binding)
    })
  })
}

/** The `runs` object of a run: `runs.open(handle)` gives a value that an earlier run kept. */
export function createRuns(makeCall: MakeCall): object {
  return primordials.freeze({ open: ownBinding(makeCall, 'open', toHandle) })
}

function ownBinding(makeCall: MakeCall, name: string, toArgs: (given: unknown) => unknown): object {
  const binding = (given?: unknown): Promise<unknown> => makeCall(OWN_SERVER, name, toArgs(given))
  return primordials.freeze(binding)
}

function toQuery(given: unknown): unknown {
  return typeof given === 'string' ? { query: given } : given
}

function toNames(given: unknown): unknown {
  if (typeof given === 'string') return { tools: [given] }
  return primordials.isArray(given) ? { tools: given } : given
}

function toHandle(given: unknown): unknown {
  return typeof given === 'string' ? { handle: given } : given
}

/** An object whose members are made when they are first asked for, and which nobody can change. */
function lookup(path: string, make: (name: string) => object): object {
  const members = new primordials.Map<string, object>()
  const refuse = (): never => {
    throw new primordials.TypeError(`${path} cannot be changed.`)
  }
  // Without a prototype: a trap that is not here must not be looked for on Object.prototype.
  const traps: ProxyHandler<object> = setNoPrototype({
    get(_target: object, name: string | symbol) {
      if (typeof name !== 'string' || isLanguageName(name)) return undefined
      const known = primordials.mapGet(members, name)
      if (known !== undefined) return known
      const made = make(name)
      primordials.mapSet(members, name, made)
      return made
    },
    has: (_target: object, name: string | symbol) => typeof name === 'string' && !isLanguageName(name),
    set: refuse,
    defineProperty: refuse,
    deleteProperty: refuse,
    setPrototypeOf: refuse,
    preventExtensions: refuse,
  })
  return new primordials.Proxy(primordials.create(null) as object, traps)
}

function isLanguageName(name: string): boolean {
  for (let index = 0; index < LANGUAGE_NAMES.length; index++) if (LANGUAGE_NAMES[index] === name) return true
  return false
}
