import fc from 'fast-check'

import { rpcRequest, type Era } from '../http/raw-request.ts'

/**
 * Requests as they should be, and what is done to them. JSON is kept as a tree whose objects are lists of members, so that a
 * member can stand there twice.
 */
type Tree = Members | readonly Tree[] | string | number | boolean | null | Verbatim
interface Members {
  readonly members: readonly (readonly [string, Tree])[]
}
/** JSON that no value stands for, such as a number that no double holds. */
interface Verbatim {
  readonly verbatim: string
}

function toTree(value: unknown): Tree {
  if (Array.isArray(value)) return value.map(toTree)
  if (typeof value !== 'object' || value === null) return value as string | number | boolean | null
  return { members: Object.entries(value).map(([key, member]) => [key, toTree(member)] as const) }
}

function toText(tree: Tree): string {
  if (Array.isArray(tree)) return `[${(tree as readonly Tree[]).map(toText).join(',')}]`
  if (typeof tree !== 'object' || tree === null) return JSON.stringify(tree)
  if ('verbatim' in tree) return tree.verbatim
  const { members } = tree as Members
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${toText(member)}`).join(',')}}`
}

/** Values where others are expected. */
const AWKWARD: readonly Tree[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  1e300,
  '',
  '2.0',
  'tools/call',
  'alpha__secret',
  '__proto__',
  'constructor',
  '\u0000',
  '\ud800',
  'x'.repeat(3_000),
  [],
  [[]],
  [null],
  // As text: a number that no double holds, and objects that would be something else as literals.
  ...[
    '1e400',
    '-0',
    '12345678901234567890123',
    '"\\ud800"',
    '{}',
    '{"length":1}',
    '{"then":"x"}',
    '{"toString":1,"valueOf":1}',
    '{"name":"alpha__write"}',
    '{"__proto__":{"name":"alpha__write","polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
  ].map((verbatim) => ({ verbatim })),
]

/** Names that look like another, or mean something to a careless reader. */
export const ALIKE: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    name: ['Name', 'NAME', 'name ', 'nаme', 'ｎame', 'name\u0000', 'name\u200b', 'na\u006de'],
    arguments: ['Arguments', 'args', 'arguments\u200b', 'аrguments', 'input'],
    method: ['Method', 'METHOD', 'mеthod', 'method '],
    params: ['Params', 'pаrams', 'params\u200d'],
    _meta: ['_Meta', 'meta', '_mеta'],
    id: ['Id', 'ID', 'іd'],
    jsonrpc: ['JsonRpc', 'jsonrpс'],
  }),
)
const FOREIGN = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'toJSON',
  '',
  'task',
  'then',
]

type Change = (tree: Tree) => Tree

const number = fc.nat({ max: 1_000 })
const awkward = fc.constantFrom(...AWKWARD)

/** One thing done to one place. */
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ at: number, by: awkward }).map(({ at, by }) => replace(at, by)) },
  {
    weight: 2,
    arbitrary: number.map((at) => editMembers(at, (members, pick) => members.toSpliced(pick, 1))),
  },
  {
    weight: 3,
    arbitrary: fc.record({ at: number, by: awkward, first: fc.boolean(), kind: number }).map(insert),
  },
)

const changes: fc.Arbitrary<readonly Change[]> = fc.array(change, { minLength: 1, maxLength: 3 })

/** One of the requests, its body changed in one to three places: as text, because a member may stand in it twice. */
export function spoiled(
  requests: readonly ValidRequest[],
): fc.Arbitrary<{ readonly body: string; readonly headers: ValidRequest['headers'] }> {
  return fc.tuple(fc.constantFrom(...requests), changes).map(([{ body, headers }, list]) => ({
    body: toText(list.reduce((tree, apply) => apply(tree), toTree(body))),
    headers,
  }))
}

/** Replaces the `at`-th place, counted through and begun again. */
function replace(at: number, by: Tree): Change {
  return (tree) => {
    const target = at % countOf(tree)
    let seen = 0
    const walk = (node: Tree): Tree => (seen++ === target ? by : mapInside(node, walk))
    return walk(tree)
  }
}

function editMembers(
  at: number,
  edit: (members: Members['members'], pick: number) => Members['members'],
): Change {
  return (tree) => {
    const count = objectsIn(tree)
    if (count === 0) return tree
    let seen = 0
    const walk = (node: Tree): Tree => {
      const inside = mapInside(node, walk)
      if (!isMembers(inside)) return inside
      const isHere = seen++ === at % count
      const { members } = inside
      return isHere
        ? { members: edit(members, Math.floor(at / count) % Math.max(1, members.length)) }
        : inside
    }
    return walk(tree)
  }
}

/** Puts a member beside another: of the same name, of one that looks like it, or of one that objects have anyway. */
function insert({ at, by, first, kind }: { at: number; by: Tree; first: boolean; kind: number }): Change {
  return editMembers(at, (members, pick) => {
    const [key = 'name'] = members[pick] ?? []
    const alike = ALIKE.get(key) ?? [`${key} `, key.toUpperCase()]
    const names = [key, key, ...alike, ...FOREIGN, ...[...ALIKE.values()].flat()]
    const member = [names[kind % names.length] ?? key, by] as const
    return first ? [member, ...members] : [...members, member]
  })
}

function isMembers(tree: Tree): tree is Members {
  return typeof tree === 'object' && tree !== null && 'members' in tree
}

function mapInside(tree: Tree, map: (tree: Tree) => Tree): Tree {
  if (Array.isArray(tree)) return (tree as readonly Tree[]).map(map)
  if (!isMembers(tree)) return tree
  return { members: tree.members.map(([key, member]) => [key, map(member)] as const) }
}

function countOf(tree: Tree): number {
  let count = 1
  mapInside(tree, (inner) => ((count += countOf(inner)), inner))
  return count
}

function objectsIn(tree: Tree): number {
  let count = isMembers(tree) ? 1 : 0
  mapInside(tree, (inner) => ((count += objectsIn(inner)), inner))
  return count
}

/** A request of an era as it should be, its body as a value. */
export interface ValidRequest {
  readonly era: Era
  readonly body: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>
}

export function validRequest(
  era: Era,
  method: string,
  params: Readonly<Record<string, unknown>>,
): ValidRequest {
  const { body, headers } = rpcRequest(era, method, params)
  return { era, body: JSON.parse(body) as ValidRequest['body'], headers }
}

const ARGUMENTS = { text: 'ü', list: [1, { deep: true }], nothing: null }
const CLIENT = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'raw', version: '1' },
}

/** One of each kind, in both eras. */
export const VALID: readonly ValidRequest[] = [
  ...(['legacy', 'modern'] as const).flatMap((era) => [
    validRequest(era, 'tools/call', { name: 'alpha__read', arguments: ARGUMENTS }),
    validRequest(era, 'tools/call', {
      name: 'alpha__read',
      arguments: ARGUMENTS,
      _meta: { progressToken: 1, 'example.com/trace': 'abc' },
    }),
    validRequest(era, 'tools/call', { name: 'alpha__read' }),
    validRequest(era, 'tools/list', {}),
    validRequest(era, 'prompts/get', { name: 'none', arguments: { a: 'b' } }),
    validRequest(era, 'resources/read', { uri: 'file:///none' }),
    validRequest(era, 'completion/complete', {
      ref: { type: 'ref/prompt', name: 'none' },
      argument: { name: 'a', value: 'b' },
    }),
    validRequest(era, 'tasks/get', { taskId: 'none' }),
  ]),
  validRequest('legacy', 'initialize', CLIENT),
  validRequest('legacy', 'logging/setLevel', { level: 'debug' }),
  validRequest('modern', 'server/discover', {}),
  validRequest('modern', 'subscriptions/listen', {
    notifications: { toolsListChanged: true, resourceSubscriptions: ['file:///none'] },
  }),
]
