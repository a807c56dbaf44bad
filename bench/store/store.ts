import { randomBytes } from 'node:crypto'
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createLearnedTypes } from '../../src/catalog/learned/learned-types.ts'
import type { Json } from '../../src/core/json.ts'
import type { NewRun, Store } from '../../src/core/store.ts'
import { openStore } from '../../src/store/store.ts'
import { figure, type Figure } from '../figure.ts'

/** What SQLite does it does on the main thread; only the wait for another writer leaves it free. */
const TARGET_MS = 1
const MB = 1_000_000
/** As much as a small commit writes to the journal. */
const BARE = Buffer.alloc(8_192)

/** The figures of `npm run bench -- store`: medians, on a store in a file. */
export async function measureStore(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'isogate-bench-'))
  const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() }
  const open = (): Promise<Store> =>
    openStore({ path: join(folder, 'isogate.db'), clock, random: randomBytes })
  const store = await open()
  try {
    const figures = [
      ...(await measureValues(store)),
      ...(await measureRuns(store, folder)),
      ...(await measureCounts(store)),
      ...(await measureLearning(store)),
    ]
    await store.close()
    return [
      ...figures,
      figure(
        'open a store of 70 MB, looked through',
        await medianOf(5, async () => (await open()).close()),
        'ms',
      ),
    ]
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureValues(store: Store): Promise<Figure[]> {
  const sizes = [
    { name: '1 KB', bytes: 1_000, times: 300, target: TARGET_MS },
    { name: '100 KB', bytes: 100_000, times: 100, target: TARGET_MS },
    { name: '1 MB', bytes: MB, times: 30, target: undefined },
    { name: '4 MB', bytes: 4 * MB, times: 10, target: undefined },
  ]
  const figures: Figure[] = []
  for (const { name, bytes, times, target } of sizes) {
    const json = JSON.stringify('x'.repeat(bytes))
    let handle = ''
    const kept = await medianOf(times, async () => {
      handle = (await store.handles.keep('ann', { json, kind: 'value' })) ?? ''
    })
    const opened = await medianOf(times, () => store.handles.open('ann', handle))
    figures.push(
      figure(`keep a value of ${name}`, kept, 'ms', target),
      figure(`open a value of ${name}`, opened, 'ms', target),
    )
  }
  return figures
}

async function measureRuns(store: Store, folder: string): Promise<Figure[]> {
  const turns = Array.from({ length: 20 }, (_, index) => ({ key: index, value: { title: 'x'.repeat(60) } }))
  const run: NewRun = {
    id: '',
    owner: 'ann',
    code: 'return 1',
    options: {},
    record: { turns },
    reasons: ['approval'],
  }
  const bare = openSync(join(folder, 'bare'), 'w')
  const writeBare = async (): Promise<void> => {
    writeSync(bare, BARE)
    fdatasyncSync(bare)
  }
  // How long the disk takes differs from hour to hour, so each stands beside a bare write.
  const besideBare = async (work: (id: string) => Promise<unknown>): Promise<number> => {
    const pairs: [number, number][] = []
    for (let index = 0; index < 200; index++)
      pairs.push([await timeOf(writeBare), await timeOf(() => work(`run-${index}`))])
    const [bareMs, workMs] = [0, 1].map((at) => middleOf(pairs.map((pair) => pair[at] ?? 0)))
    return (workMs ?? 0) / (bareMs ?? 1)
  }
  const saved = await besideBare((id) => store.runs.save({ ...run, id }))
  const claimed = await besideBare((id) => store.runs.claim('ann', id, Date.now() + 1_000))
  const loaded = await medianOf(200, () => store.runs.load('ann', 'run-7'))
  closeSync(bare)
  return [
    figure('save a suspended run with 20 calls, safe from a power cut', saved, 'bare writes', 6),
    figure('claim a run, safe from a power cut', claimed, 'bare writes', 6),
    figure('load a run', loaded, 'ms', TARGET_MS),
  ]
}

async function measureCounts(store: Store): Promise<Figure[]> {
  const entry = { runs: 1, calls: 2, turnsAvoided: 1, directTokens: 100, usedTokens: 10, method: 'm' }
  let index = 0
  const saved = await medianOf(300, () =>
    store.savings.add({ ...entry, atMs: Date.now(), principal: `p${index++ % 7}` }),
  )
  const counted = await medianOf(10_000, async () => store.usage.add(`server.tool-${index++ % 50}`, 1))
  const written = await medianOf(20, async () => {
    for (let tool = 0; tool < 50; tool++) store.usage.add(`server.tool-${tool}`, 1)
    await store.usage.load()
  })
  return [
    figure('add a run to the savings', saved, 'ms', TARGET_MS),
    figure('count a use', counted, 'ms', TARGET_MS),
    figure('write the uses of 50 tools', written, 'ms', TARGET_MS),
  ]
}

/** The first results: later ones are mostly only counted. */
async function measureLearning(store: Store): Promise<Figure[]> {
  const issue = {
    id: 1,
    title: 'x',
    user: { login: 'a', id: 1 },
    labels: [{ id: 1, name: 'bug' }],
    body: 'x'.repeat(500),
  }
  const many = Array.from({ length: 10_000 }, () => issue)
  const learned = createLearnedTypes(store.shapes)
  await learned.loaded
  let tool = 0
  const learn = (result: Json): void => {
    const ref = { server: 'bench', name: `tool-${tool++}` }
    learned.observe({ ref, inputSchema: {}, definition: {} }, result)
  }
  const figures = [
    figure(
      'learn from a result with 9 members',
      await medianOf(500, async () => learn(issue)),
      'ms',
      TARGET_MS,
    ),
    figure(
      'learn from a list of 10,000 of them',
      await medianOf(100, async () => learn(many)),
      'ms',
      TARGET_MS,
    ),
  ]
  await learned.close()
  return figures
}

async function medianOf(times: number, work: () => Promise<unknown>): Promise<number> {
  const durations: number[] = []
  for (let index = 0; index < times; index++) durations.push(await timeOf(work))
  return middleOf(durations)
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now()
  await work()
  return performance.now() - startMs
}

function middleOf(durations: readonly number[]): number {
  return durations.toSorted((a, b) => a - b)[durations.length >> 1] ?? 0
}
