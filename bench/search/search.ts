import { createCatalog } from '../../src/catalog/catalog.ts'
import { createSearch, type Search } from '../../src/catalog/search/search.ts'
import type { ToolSpec } from '../../src/core/tool.ts'
import {
  measureSets,
  type Quality,
  readQueryTexts,
  type SetQuality,
  toSpecs,
} from '../../test/catalog/search/quality-sets.ts'
import { HAS_SHARED_DATA, readRecords } from '../../test/catalog/shared-data.ts'
import { figure, type Figure } from '../figure.ts'

const SIZES = [
  { size: 5_000, latencyMs: 5, buildMs: 1_000 },
  { size: 50_000, latencyMs: 20, buildMs: undefined },
] as const

/** What is asked of single steps over their own tools, in percent. */
const STEPS = 'single steps / own 527'
const STEPS_ASKED: Partial<Quality> = { at5: 73, at10: 78, mrr: 66 }

const NAMES: readonly (readonly [keyof Quality, string])[] = [
  ['at1', 'recall@1'],
  ['at5', 'recall@5'],
  ['at10', 'recall@10'],
  ['mrr', 'MRR'],
]

/**
 * Quality over twelve sets of real queries, as points behind plain BM25 (below 0: better), and times over real tools, copied with
 * other names up to the size. Without the shared data there is nothing to measure.
 */
export async function measureSearch(): Promise<Figure[]> {
  if (!HAS_SHARED_DATA) {
    console.error('../shared/data is absent: the search is not measured.')
    return []
  }
  const sets = measureSets()
  return [...sets.flatMap(qualityFigures), ...stepFigures(sets), ...SIZES.flatMap(timeFigures)]
}

function qualityFigures({ set, queries, found, baseline }: SetQuality): Figure[] {
  return NAMES.map(([key, name]) => {
    const note = `${found[key]} %, plain BM25 ${baseline[key]} %, ${queries} queries`
    // Better at ten on every set; elsewhere no worse than by a point.
    const behind = figure(
      `${set}: ${name} behind BM25`,
      baseline[key] - found[key],
      'points',
      key === 'at10' ? 0 : 1,
      note,
    )
    return key === 'at10' ? { ...behind, ok: behind.value < 0 } : behind
  })
}

function stepFigures(sets: readonly SetQuality[]): Figure[] {
  const found = sets.find(({ set }) => set === STEPS)?.found
  return NAMES.flatMap(([key, name]) => {
    const asked = STEPS_ASKED[key]
    if (found === undefined || asked === undefined) return []
    return [
      figure(
        `${STEPS}: ${name} below ${asked} %`,
        Math.max(asked - found[key], 0),
        'points',
        0,
        `${found[key]} %`,
      ),
    ]
  })
}

function timeFigures({ size, latencyMs, buildMs }: (typeof SIZES)[number]): Figure[] {
  const specs = copies(size)
  const catalog = createCatalog({ revision: 1, specs })
  const built = timed(() => createSearch(catalog))
  const server = specs[Math.floor(size / 2)]?.ref.server
  const changed = specs.map((spec) => (spec.ref.server === server ? { ...spec } : spec))
  const next = createCatalog({ revision: 2, specs: changed })
  const rebuilt = timed(() => createSearch(next, { previous: built.value.base }))
  const { p50, p95 } = latencies(built.value)
  return [
    figure(`index of ${size} tools`, built.ms, 'ms', buildMs),
    figure(`index after a change of one server, ${size} tools`, rebuilt.ms, 'ms'),
    figure(`tools analysed again, of ${size}`, rebuilt.value.base.analysed, 'tools'),
    figure(`query over ${size} tools, p50`, p50, 'ms'),
    figure(`query over ${size} tools, p95`, p95, 'ms', latencyMs, 'all queries, each the fastest of five'),
  ]
}

/** Real tools, in the order of the data; further rounds under other names of servers and tools. */
function copies(size: number): ToolSpec[] {
  const real = toSpecs(readRecords('tools.json'))
  return Array.from({ length: size }, (_, at) => {
    const round = Math.floor(at / real.length)
    const spec = real[at % real.length]
    if (spec === undefined || round === 0) return spec
    const { server, name } = spec.ref
    return { ...spec, ref: { server: `${server}_${round}`, name: `${name}_in_region_${round}` } }
  }).filter((spec) => spec !== undefined)
}

/** The fastest of five: other work on the machine is no property of the search. */
function latencies(search: Search): { p50: number; p95: number } {
  const times = readQueryTexts().map((text) =>
    Math.min(...[1, 2, 3, 4, 5].map(() => timed(() => search.query({ text, visible: () => true })).ms)),
  )
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(times.length * share)] ?? 0
  return { p50: at(0.5), p95: at(0.95) }
}

function timed<T>(work: () => T): { readonly value: T; readonly ms: number } {
  const start = performance.now()
  const value = work()
  return { value, ms: performance.now() - start }
}
