import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createLearnedTypes } from '../../src/catalog/learned/learned-types.ts'
import type { Json } from '../../src/core/json.ts'
import type { NewRun, Store } from '../../src/core/store.ts'
import { openStore } from '../../src/store/store.ts'
import { figure, type Figure } from '../figure.ts'

/** All of it blocks the main thread. */
const TARGET_MS = 1
const MB = 1_000_000

/** The figures of `npm run bench -- store`: medians, on a store in a file. */
export async function measureStore(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'isogate-bench-'))
  const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() }
  const open = (): Store => openStore({ path: join(folder, 'isogate.db'), clock, random: randomBytes })
  const store = open()
  try {
    const figures = [
      ...measureValues(store),
      ...measureRuns(store),
      ...measureCounts(store),
      ...measureLearning(store),
    ]
    store.close()
    return [
      ...figures,
      figure(
        'open a store of 70 MB, looked through',
        medianOf(5, () => open().close()),
        'ms',
      ),
    ]
  } finally {
    store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function measureValues(store: Store): Figure[] {
  const sizes = [
    { name: '1 KB', bytes: 1_000, times: 300, target: TARGET_MS },
    { name: '100 KB', bytes: 100_000, times: 100, target: TARGET_MS },
    { name: '1 MB', bytes: MB, times: 30, target: undefined },
    { name: '4 MB', bytes: 4 * MB, times: 10, target: undefined },
  ]
  return sizes.flatMap(({ name, bytes, times, target }) => {
    const json = JSON.stringify('x'.repeat(bytes))
    let handle = ''
    const kept = medianOf(times, () => (handle = store.handles.keep('ann', { json, kind: 'value' }) ?? ''))
    const opened = medianOf(times, () => store.handles.open('ann', handle))
    return [
      figure(`keep a value of ${name}`, kept, 'ms', target),
      figure(`open a value of ${name}`, opened, 'ms', target),
    ]
  })
}

function measureRuns(store: Store): Figure[] {
  const turns = Array.from({ length: 20 }, (_, index) => ({ key: index, value: { title: 'x'.repeat(60) } }))
  const run: NewRun = {
    id: '',
    owner: 'ann',
    code: 'return 1',
    options: {},
    record: { turns },
    reasons: ['approval'],
  }
  const inTurn = (work: (id: string) => unknown): number => {
    let index = 0
    return medianOf(200, () => work(`run-${index++}`))
  }
  return [
    figure(
      'save a suspended run with 20 calls, safe from a power cut',
      inTurn((id) => store.runs.save({ ...run, id })),
      'ms',
      TARGET_MS,
    ),
    figure(
      'claim a run',
      inTurn((id) => store.runs.claim('ann', id, Date.now() + 1_000)),
      'ms',
      TARGET_MS,
    ),
    figure(
      'load a run',
      inTurn((id) => store.runs.load('ann', id)),
      'ms',
      TARGET_MS,
    ),
  ]
}

function measureCounts(store: Store): Figure[] {
  const entry = { runs: 1, calls: 2, turnsAvoided: 1, directTokens: 100, usedTokens: 10, method: 'm' }
  let index = 0
  const saved = medianOf(300, () =>
    store.savings.add({ ...entry, atMs: Date.now(), principal: `p${index++ % 7}` }),
  )
  const counted = medianOf(10_000, () => store.usage.add(`server.tool-${index++ % 50}`, 1))
  const written = medianOf(20, () => {
    for (let tool = 0; tool < 50; tool++) store.usage.add(`server.tool-${tool}`, 1)
    store.usage.load()
  })
  return [
    figure('add a run to the savings', saved, 'ms', TARGET_MS),
    figure('count a use', counted, 'ms', TARGET_MS),
    figure('write the uses of 50 tools', written, 'ms', TARGET_MS),
  ]
}

/** The first results: later ones are mostly only counted. */
function measureLearning(store: Store): Figure[] {
  const issue = {
    id: 1,
    title: 'x',
    user: { login: 'a', id: 1 },
    labels: [{ id: 1, name: 'bug' }],
    body: 'x'.repeat(500),
  }
  const many = Array.from({ length: 10_000 }, () => issue)
  const learned = createLearnedTypes(store.shapes)
  let tool = 0
  const learn = (result: Json): void => {
    const ref = { server: 'bench', name: `tool-${tool++}` }
    learned.observe({ ref, inputSchema: {}, definition: {} }, result)
  }
  const figures = [
    figure(
      'learn from a result with 9 members',
      medianOf(500, () => learn(issue)),
      'ms',
      TARGET_MS,
    ),
    figure(
      'learn from a list of 10,000 of them',
      medianOf(100, () => learn(many)),
      'ms',
      TARGET_MS,
    ),
  ]
  learned.close()
  return figures
}

function medianOf(times: number, work: () => unknown): number {
  const durations = Array.from({ length: times }, () => {
    const startMs = performance.now()
    work()
    return performance.now() - startMs
  })
  return durations.toSorted((a, b) => a - b)[times >> 1] ?? 0
}
