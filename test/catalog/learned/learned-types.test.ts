import { setTimeout as sleep } from 'node:timers/promises'

import { expect, test } from 'vitest'

import type { Json, JsonObject } from '../../../src/core/json.ts'
import type { ShapeStore, StoredShape } from '../../../src/core/store.ts'
import type { ToolSpec } from '../../../src/core/tool.ts'
import { createLearnedTypes, type LearnedTypes } from '../../../src/catalog/learned/learned-types.ts'
import { openTestStore } from '../../store/house.ts'
import { textOf } from './soft-text.ts'

function specOf(name: string, more: Partial<ToolSpec> = {}): ToolSpec {
  return { ref: { server: 'srv', name }, inputSchema: { type: 'object' }, definition: {}, ...more }
}

function softText(learned: LearnedTypes, spec: ToolSpec): string | undefined {
  const soft = learned.softOf(spec.ref)
  return soft === undefined ? undefined : `${textOf(soft.type.type)} x${soft.count}`
}

/** Counts what is written. */
function countSaves(store: ShapeStore): {
  readonly store: ShapeStore
  readonly saved: [string, StoredShape][]
} {
  const saved: [string, StoredShape][] = []
  const save = async (key: string, shape: StoredShape): Promise<void> => {
    saved.push([key, shape])
    await store.save(key, shape)
  }
  return { store: { ...store, save }, saved }
}

test('a tool without a declared output gets the type of its results, with their number', async () => {
  const learned = createLearnedTypes((await openTestStore({})).store.shapes)
  const spec = specOf('find')
  expect(softText(learned, spec)).toBeUndefined()
  learned.observe(spec, { id: 1 })
  learned.observe(spec, { id: 2, name: null })
  expect(softText(learned, spec)).toBe('{ id: number, name?: unknown } x2')
  expect(softText(learned, specOf('other'))).toBeUndefined()
})

test('a declared output is left alone', async () => {
  const { store, saved } = countSaves((await openTestStore({})).store.shapes)
  const learned = createLearnedTypes(store)
  const spec = specOf('find', { outputSchema: { type: 'object' } })
  learned.observe(spec, { id: 1 })
  await learned.close()
  expect([softText(learned, spec), learned.version(), saved.length]).toEqual([undefined, 0, 0])
})

test('what was learned is there after a restart', async () => {
  const { store } = await openTestStore({})
  const before = createLearnedTypes(store.shapes)
  before.observe(specOf('find'), { id: 1 })
  before.observe(specOf('with a space'), 'text')
  await before.close()
  const after = createLearnedTypes(store.shapes)
  await after.loaded
  expect(softText(after, specOf('find'))).toBe('{ id: number } x1')
  expect(softText(after, specOf('with a space'))).toBe('string x1')
  after.observe(specOf('find'), { id: 'x' })
  expect(softText(after, specOf('find'))).toBe('{ id: string | number } x2')
})

test('what is learned while the store is read is added to what it knew', async () => {
  const { store } = await openTestStore({})
  const before = createLearnedTypes(store.shapes)
  before.observe(specOf('find'), { id: 1 })
  await before.close()
  const after = createLearnedTypes(store.shapes)
  after.observe(specOf('find'), { id: 'x' })
  expect(softText(after, specOf('find'))).toBe('{ id: string } x1')
  await after.loaded
  expect(softText(after, specOf('find'))).toBe('{ id: string | number } x2')
  await after.close()
  const again = createLearnedTypes(store.shapes)
  await again.loaded
  expect(softText(again, specOf('find'))).toBe('{ id: string | number } x2')
})

test('a store that cannot be read is begun anew', async () => {
  const { store } = await openTestStore({})
  const learned = createLearnedTypes({ ...store.shapes, load: () => Promise.reject(new Error('disk')) })
  await learned.loaded
  learned.observe(specOf('find'), { id: 1 })
  expect(softText(learned, specOf('find'))).toBe('{ id: number } x1')
})

test('a tool that has changed starts anew', async () => {
  const { store } = await openTestStore({})
  let current = specOf('find')
  const learned = createLearnedTypes(store.shapes, { specOf: () => current })
  learned.observe(current, { old: 1 })
  const changes: readonly Partial<ToolSpec>[] = [
    { description: 'Now it finds more.' },
    { inputSchema: { type: 'object', properties: {} } },
  ]
  for (const more of changes) {
    const changed = specOf('find', more)
    current = changed
    expect(softText(learned, changed)).toBeUndefined()
    learned.observe(changed, { fresh: 1 })
    expect(softText(learned, changed)).toBe('{ fresh: number } x1')
  }
  // The definition that comes back is known again.
  current = specOf('find')
  expect(softText(learned, current)).toBe('{ old: number } x1')
})

test('the version changes where a type does, and only there', async () => {
  const learned = createLearnedTypes((await openTestStore({})).store.shapes)
  const versions = [{ id: 1 }, { id: 2 }, { id: 3, name: 'a' }, { id: 4, name: 'b' }, { id: 5 }].map(
    (result) => {
      learned.observe(specOf('find'), result)
      return learned.version()
    },
  )
  expect(versions).toEqual([1, 1, 2, 2, 2])
  learned.observe(specOf('other'), 1)
  expect(learned.version()).toBe(3)
})

test('the first results are all looked at, and later ones ever less often', async () => {
  const learned = createLearnedTypes((await openTestStore({})).store.shapes)
  const spec = specOf('find')
  const looked: number[] = []
  for (let index = 1; index <= 10_000; index++) {
    const before = learned.softOf(spec.ref)?.count ?? 0
    learned.observe(spec, { id: index })
    if ((learned.softOf(spec.ref)?.count ?? 0) > before) looked.push(index)
  }
  expect(looked.slice(0, 23)).toEqual([...Array.from({ length: 20 }, (_, index) => index + 1), 24, 29, 35])
  expect(looked.length).toBeLessThan(70)
  expect(looked.at(-1)).toBeGreaterThan(8_000)
})

test('what is learned is written a little later, each tool once', async () => {
  const { store, saved } = countSaves((await openTestStore({})).store.shapes)
  const learned = createLearnedTypes(store, { writeAfterMs: 5 })
  for (let round = 0; round < 10; round++)
    for (let tool = 0; tool < 30; tool++) learned.observe(specOf(`t${tool}`), { id: round })
  expect(saved).toHaveLength(0)
  while (saved.length < 30) await sleep(5)
  await sleep(20)
  expect(saved).toHaveLength(30)
  expect(saved.every(([, { samples, results }]) => samples === 10 && results === 10)).toBe(true)
})

test('a store that was tampered with costs what was learned, and nothing else', async () => {
  const { store } = await openTestStore({})
  const first = createLearnedTypes(store.shapes)
  first.observe(specOf('find'), { id: 1 })
  await first.close()
  for (const [key] of await store.shapes.load())
    await store.shapes.save(key, {
      shape: { object: { count: 1, fields: [['a b', 1, {}]] } },
      samples: 1,
      results: 1,
    })
  const learned = createLearnedTypes(store.shapes)
  await learned.loaded
  expect(softText(learned, specOf('find'))).toBeUndefined()
  learned.observe(specOf('find'), { id: 1 })
  expect(softText(learned, specOf('find'))).toBe('{ id: number } x1')
})

test('hostile results and schemas are taken without a throw', async () => {
  const learned = createLearnedTypes((await openTestStore({})).store.shapes)
  const deep = JSON.parse('{"a":['.repeat(5_000) + '1' + ']}'.repeat(5_000)) as JsonObject
  learned.observe(specOf('deep'), deep)
  learned.observe(specOf('schema', { inputSchema: deep }), 1)
  learned.observe(specOf('lone \ud800 surrogate'), { '\ud800': 1 })
  const results: Json[] = Array.from({ length: 100 }, (_, index) =>
    Object.fromEntries(
      Array.from({ length: 60 }, (_x, key) => [
        `n${'abcdefghij'[key % 10]}${'abcdefghij'[index % 10]}${'abcdef'[Math.floor(key / 10)]}`,
        { x: [index] },
      ]),
    ),
  )
  for (const result of results) learned.observe(specOf('wide'), result)
  expect(softText(learned, specOf('wide'))).toBe('{ [*]: { x: number[] } } x28')
  expect(softText(learned, specOf('schema'))).toBeUndefined()
})
