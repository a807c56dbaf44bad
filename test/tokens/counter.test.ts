import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import { createTokenCounter, type TokenCounter, type TokenCounterOptions } from '../../src/tokens/counter.ts'
import { countText } from '../../src/tokens/count.ts'
import { HAN, randomText } from './texts.ts'

let folder: string
const open: TokenCounter[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isogate-tokens-'))
})
afterAll(() => rm(folder, { recursive: true }))
afterEach(async () => {
  await Promise.all(open.splice(0).map((counter) => counter.close()))
})

/** One token for each four characters, so that an estimate is seen to be one. */
function counterWith(options: Partial<TokenCounterOptions> = {}): TokenCounter {
  const counter = createTokenCounter({ estimate: (text) => text.length / 4, ...options })
  open.push(counter)
  return counter
}

/** A thread that does something else. */
async function threadOf(name: string, source: string): Promise<URL> {
  const path = join(folder, `${name}.mjs`)
  await writeFile(path, `import { parentPort } from 'node:worker_threads'\n${source}`)
  return pathToFileURL(path)
}

const WORDS = 'one two three'
const COUNTED = [{ tokens: 3, method: 'o200k_base' }]
const ESTIMATED = [{ tokens: 4, method: 'estimate' }]

test('texts are counted in the order in which they were given', async () => {
  const counter = counterWith()
  const counted = await Promise.all([counter.count([WORDS, '', 'word']), counter.count([WORDS])])
  expect(counted.map((list) => list.map(({ tokens }) => tokens))).toEqual([[3, 0, 1], [3]])
  expect(await counter.count([])).toEqual([])
})

test('hostile texts do not hold up the main thread', async () => {
  const counter = counterWith({ timeLimitMs: 120_000 })
  await counter.count([WORDS])
  const texts = ['a'.repeat(50_000), randomText(HAN, 400_000), 'x'.repeat(10_000_000)]
  const before = performance.eventLoopUtilization()
  const counted = await counter.count(texts)
  const { utilization } = performance.eventLoopUtilization(before)
  expect(utilization).toBeLessThan(0.3)
  expect(counted.map(({ method }) => method)).toEqual(['o200k_base', 'o200k_base', 'o200k_base'])
  expect(counted[0]?.tokens).toBe(countText('a'.repeat(50_000)))
  // Eight letters are a token, also in the nine megabytes that were not read.
  expect(counted[2]?.tokens).toBeGreaterThan(1_240_000)
  expect(counted[2]?.tokens).toBeLessThan(1_260_000)
})

test('what takes too long is estimated, and the next text is counted again', async () => {
  const slow = await threadOf(
    'slow',
    `parentPort.on('message', ([text]) => {
      if (text === 'hang') for (;;);
      parentPort.postMessage([3])
    })`,
  )
  const counter = counterWith({ entry: slow, timeLimitMs: 2_000 })
  const counted = await Promise.all([counter.count(['hang']), counter.count([WORDS])])
  expect(counted).toEqual([[{ tokens: 1, method: 'estimate' }], COUNTED])
})

test.each([
  ['crashes', 'if (text === "die") throw new Error("no")'],
  ['exits', 'if (text === "die") process.exit(3)'],
])('a thread that %s is replaced', async (what, line) => {
  const entry = await threadOf(
    what,
    `parentPort.on('message', ([text]) => { ${line}; parentPort.postMessage([3]) })`,
  )
  const counter = counterWith({ entry, timeLimitMs: 60_000 })
  expect(await counter.count(['die'])).toEqual([{ tokens: 1, method: 'estimate' }])
  expect(await counter.count([WORDS])).toEqual(COUNTED)
})

test('a thread that cannot start leaves estimates', async () => {
  const counter = counterWith({ entry: pathToFileURL(join(folder, 'absent.mjs')) })
  expect(await counter.count([WORDS])).toEqual(ESTIMATED)
})

test('beyond the queue is estimated', async () => {
  const byNumber = counterWith({ maxQueued: 1 })
  const lists = await Promise.all([1, 2, 3, 4].map(() => byNumber.count([WORDS])))
  expect(lists.map(([first]) => first?.method)).toEqual(['o200k_base', 'o200k_base', 'estimate', 'estimate'])
  const byLength = counterWith({ maxQueuedChars: 20 })
  const longer = await Promise.all([1, 2, 3].map(() => byLength.count([WORDS])))
  expect(longer.map(([first]) => first?.method)).toEqual(['o200k_base', 'o200k_base', 'estimate'])
})

test('closing ends what is being counted, and what waits, with estimates', async () => {
  const hanging = await threadOf('hanging', `parentPort.on('message', () => { for (;;); })`)
  const counter = counterWith({ entry: hanging, timeLimitMs: 60_000, graceMs: 20 })
  const lists = [counter.count([WORDS]), counter.count([WORDS])]
  await counter.close()
  expect(await Promise.all(lists)).toEqual([ESTIMATED, ESTIMATED])
  expect(await counter.count([WORDS])).toEqual(ESTIMATED)
})

test('closing waits a little for what is being counted, and takes nothing more', async () => {
  const counter = counterWith({ graceMs: 20_000 })
  const list = counter.count([WORDS])
  const closed = counter.close()
  expect(await counter.count([WORDS])).toEqual(ESTIMATED)
  await closed
  expect(await list).toEqual(COUNTED)
})

test('an idle thread is ended and started again', async () => {
  const entry = await threadOf(
    'counting',
    `let asked = 0
    parentPort.on('message', () => parentPort.postMessage([(asked += 1)]))`,
  )
  const counter = counterWith({ entry, idleMs: 1 })
  const next = async (): Promise<number | undefined> => (await counter.count([WORDS]))[0]?.tokens
  expect(await next()).toBe(1)
  await expect.poll(next, { interval: 100, timeout: 20_000 }).toBe(1)
})

test('neither a thread nor a timer holds the process when nothing is counted', async () => {
  const { spawn } = await import('node:child_process')
  const file = join(import.meta.dirname, '../../src/tokens/counter.ts')
  const source = `
    import { createTokenCounter } from ${JSON.stringify(pathToFileURL(file).href)}
    const counter = createTokenCounter({ estimate: () => 0 })
    console.log(JSON.stringify(await counter.count(['one two three'])))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const output = (await child.stdout.toArray()).join('')
  expect(output.trim()).toBe(JSON.stringify(COUNTED))
})
