import { createHash } from 'node:crypto'

import { isDeeperThan, type Json } from '../../core/json.ts'
import type { ShapeStore, StoredShape } from '../../core/store.ts'
import { toolKey, type ToolRef, type ToolSpec } from '../../core/tool.ts'
import type { SoftType, SoftTypes } from '../stubs/soft-type.ts'
import { EMPTY_SHAPE, mergeShapes, type Shape, SHAPE_DEPTH } from './shape.ts'
import { shapeOf } from './shape-of.ts'
import { toSoftType } from './shape-type.ts'
import { fitShape, parseShape } from './stored-shape.ts'

/** Every result is looked at up to this one, and then each time that there are this many times more. */
const FIRST_RESULTS = 20
const GROWTH = 1.2
/** Tools of which something is known; the one that was learned first goes. */
const MAX_TOOLS = 10_000
/** To write a schema that is nested deeper could overflow the stack. */
const MAX_SCHEMA_DEPTH = 500
/** Shapes that one turn of the loop writes. */
const BATCH = 20

/** What is learned of results, for tools that declare no output. */
export interface LearnedTypes {
  /** Takes note of a result of a successful call. Cheap, and never throws. */
  readonly observe: (spec: ToolSpec, result: Json) => void
  readonly softOf: SoftTypes
  /** Another number when a type has changed, whatever the counts: what was printed with the same number still holds. */
  readonly version: () => number
  /** Resolves when what the store knew is there; until then it is not known. Never rejects. */
  readonly loaded: Promise<void>
  /** Writes what is still to be written. Never rejects. */
  readonly close: () => Promise<void>
}

export interface LearnedTypesOptions {
  /** The tool as it is defined now. Absent: the definition that was observed last is taken for it. */
  readonly specOf?: (ref: ToolRef) => ToolSpec | undefined
  /** How long what changed may wait before it is written. */
  readonly writeAfterMs?: number
}

interface Learned {
  readonly shape: Shape
  /** Levels that are kept; fewer than all where the shape was too large. */
  readonly depth: number
  readonly samples: number
  readonly results: number
  /** The result that is looked at next. */
  readonly next: number
  readonly soft: SoftType
}

/**
 * Learns types of results, and goes on where the store says that it was; where the store cannot be read, from the beginning. What is known belongs to a tool and to its
 * definition: one that is defined anew is learned anew.
 */
export function createLearnedTypes(store: ShapeStore, options: LearnedTypesOptions = {}): LearnedTypes {
  const { specOf, writeAfterMs = 2_000 } = options
  const known = new Map<string, Learned>()
  /** By tool, the definition that was observed last. */
  const latest = new Map<string, string>()
  const unwritten = new Set<string>()
  const keys = new WeakMap<ToolSpec, string | undefined>()
  let version = 0
  let timer: NodeJS.Timeout | undefined

  const loaded = store
    .load()
    .then(adopt)
    .catch(() => {})

  /** What was learned while the store was read goes behind what it knew, and is added to it. */
  function adopt(stored: ReadonlyMap<string, StoredShape>): void {
    const own = [...known]
    known.clear()
    // The newest come first in the store, and last here: the first are forgotten first.
    for (const [key, each] of [...stored].toReversed()) {
      const learned = parseLearned(each)
      if (learned !== undefined) known.set(key, learned)
    }
    for (const key of known.keys()) if (!latest.has(toolOf(key))) latest.set(toolOf(key), key)
    for (const [key, learned] of own) {
      const before = known.get(key)
      known.delete(key)
      known.set(key, before === undefined ? learned : addUp(before, learned))
    }
    if (stored.size > 0) version++
  }

  function keyOf(spec: ToolSpec): string | undefined {
    if (!keys.has(spec)) keys.set(spec, isLearnable(spec) ? definitionKey(spec) : undefined)
    return keys.get(spec)
  }

  function learn(key: string, result: Json): void {
    const before = known.get(key)
    const results = (before?.results ?? 0) + 1
    if (before !== undefined && results < before.next) {
      known.set(key, { ...before, results })
      return
    }
    const merged = mergeShapes(before?.shape ?? EMPTY_SHAPE, shapeOf(result))
    const learned = toLearned(fitShape(merged, before?.depth), (before?.samples ?? 0) + 1, results)
    if (learned.soft.type.type.key !== before?.soft.type.type.key) version++
    known.set(key, learned)
    unwritten.add(key)
    writeLater()
  }

  /** Where too many tools are known the one that was met first goes. */
  function makeRoom(): void {
    const [first] = known.keys()
    if (first === undefined || known.size <= MAX_TOOLS) return
    known.delete(first)
    version++
    if (latest.get(toolOf(first)) === first) latest.delete(toolOf(first))
  }

  async function writeSome(): Promise<void> {
    // Before, a shape of this minute would take the place of what is known.
    await loaded
    for (const key of unwritten.values().take(BATCH)) {
      unwritten.delete(key)
      const learned = known.get(key)
      if (learned === undefined) continue
      const { shape, samples, results } = learned
      await store.save(key, { shape: shape as unknown as Json, samples, results })
    }
  }

  function writeLater(): void {
    timer ??= setTimeout(() => {
      timer = undefined
      void writeSome().then(() => {
        if (unwritten.size > 0) writeLater()
      })
    }, writeAfterMs).unref()
  }

  return {
    observe: (spec, result) => {
      const key = keyOf(spec)
      if (key === undefined) return
      latest.set(toolKey(spec.ref), key)
      learn(key, result)
      makeRoom()
    },
    softOf: (ref) => {
      const spec = specOf?.(ref)
      const key = spec === undefined ? latest.get(toolKey(ref)) : keyOf(spec)
      return key === undefined ? undefined : known.get(key)?.soft
    },
    version: () => version,
    loaded,
    close: async () => {
      clearTimeout(timer)
      timer = undefined
      while (unwritten.size > 0) await writeSome()
    },
  }
}

/** The number of the next result that is looked at: ever fewer, and the same ones whoever counts. */
function nextLook(results: number): number {
  return results < FIRST_RESULTS ? results + 1 : Math.ceil(results * GROWTH)
}

function isLearnable({ ref, outputSchema, inputSchema }: ToolSpec): boolean {
  return outputSchema === undefined && ref.kind === undefined && !isDeeperThan(inputSchema, MAX_SCHEMA_DEPTH)
}

/** The tool and what it says of itself. */
function definitionKey({ ref, inputSchema, description = '' }: ToolSpec): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([inputSchema, description]))
    .digest('base64url')
  return `${toolKey(ref)} ${hash.slice(0, 22)}`
}

/** The tool of a key. A name may hold spaces, a hash holds none. */
function toolOf(key: string): string {
  return key.slice(0, key.lastIndexOf(' '))
}

/** Undefined where it is none of this version. */
function parseLearned({ shape: stored, samples, results }: StoredShape): Learned | undefined {
  const parsed = parseShape(stored)
  if (parsed === undefined) return undefined
  return toLearned(fitShape(parsed, SHAPE_DEPTH), samples, results)
}

function addUp(before: Learned, after: Learned): Learned {
  const fitted = fitShape(mergeShapes(before.shape, after.shape), Math.min(before.depth, after.depth))
  return toLearned(fitted, before.samples + after.samples, before.results + after.results)
}

function toLearned({ shape, depth }: ReturnType<typeof fitShape>, samples: number, results: number): Learned {
  const soft = { type: toSoftType(shape), count: samples }
  return { shape, depth, samples, results, next: nextLook(results), soft }
}
