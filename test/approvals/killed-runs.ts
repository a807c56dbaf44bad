import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { describe, expect, onTestFinished, test } from 'vitest'

import { createDecisions } from '../../src/approvals/decisions.ts'
import { systemClock } from '../../src/assemble.ts'
import type { Approval } from '../../src/core/approval.ts'
import type { Result } from '../../src/core/result.ts'
import { openStore, type StorePlace } from '../../src/store/store.ts'
import { mainText, runId } from '../code-mode/script-house.ts'
import { newDatabase } from '../store/postgres.ts'
import type { LegOrder } from './programs/leg.ts'

const PROGRAM = fileURLToPath(new URL('programs/leg.ts', import.meta.url))
const PATIENCE = { timeout: 20_000, interval: 10 }
/** Longer than a claim of a process holds that was killed. */
const AHEAD_MS = 20_000

interface Ended {
  readonly result?: Result
  readonly code?: string
}

/** A store that outlives its processes, and what their tools did. */
async function openPlace(kind: string) {
  const folder = mkdtempSync(join(tmpdir(), 'isogate-killed-'))
  const children = new Set<ChildProcess>()
  onTestFinished(() => {
    for (const child of children) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  const [lines, release] = [join(folder, 'lines'), join(folder, 'release')]
  const store: StorePlace =
    kind === 'SQLite' ? { path: join(folder, 'store.db') } : { url: await newDatabase() }
  writeFileSync(lines, '')
  let generation = 0
  const start = (tool: string, args: LegOrder['args'], more: Partial<LegOrder> = {}) => {
    generation += 1
    const order: LegOrder = { store, lines, release, aheadMs: generation * AHEAD_MS, tool, args, ...more }
    const child = spawn(process.execPath, [PROGRAM, JSON.stringify(order)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.add(child)
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
    return {
      isReady: () => said.startsWith('ready\n'),
      ended: async (): Promise<Ended> => {
        await gone
        return JSON.parse(said.split('\n')[1] ?? '{}') as Ended
      },
      kill: async () => {
        child.kill('SIGKILL')
        await gone
      },
    }
  }
  return {
    start,
    run: (code: string, more?: Partial<LegOrder>) => start('code.run_script', { code, check: 'off' }, more),
    resume: (run: string) => start('code.run_script', { resume: run }),
    done: () => readFileSync(lines, 'utf8').split('\n').slice(0, -1),
    release: () => writeFileSync(release, ''),
    /** As another terminal does it. */
    approve: async (): Promise<Approval> => {
      const clock = { ...systemClock, nowMs: () => Date.now() + generation * AHEAD_MS }
      const opened = await openStore({ ...store, clock, random: randomBytes })
      const settings = () => ({ fourEyes: false })
      const desk = createDecisions({ store: opened.approvals, settings, clock, note: () => {} })
      try {
        const [waiting] = await desk.list({ state: 'pending' })
        return await desk.decide(waiting?.id ?? '', { verdict: 'approve', by: 'cli', via: 'cli' })
      } finally {
        await opened.close()
      }
    },
  }
}

const resultOf = ({ result }: Ended): Result => result ?? { content: [] }

/** Runs and approved calls whose gateways are really killed, over a store of this kind. */
export function describeKilledRuns(kind: 'SQLite' | 'PostgreSQL'): void {
  describe(`with ${kind}`, { timeout: 120_000 }, () => {
    test('a run whose gateway is killed after an approved call goes on in another one, and repeats nothing', async () => {
      const place = await openPlace(kind)
      const code = `const seen = [await tools.shop.step({ n: 1 })]
seen.push(await tools.shop.refund({ order: 7 }))
seen.push(await tools.shop.step({ n: 2 }))
try { await tools.shop.hold({}) } catch (error) { seen.push(error.code) }
seen.push(await tools.shop.step({ n: 3 }))
return seen`
      const id = runId(resultOf(await place.run(code).ended()))
      await place.approve()
      const killed = place.resume(id)
      await expect.poll(place.done, PATIENCE).toContain('hold')
      await killed.kill()
      const before = place.done()
      expect(before).toEqual(['step 1', 'refund {"order":7}', 'step 2', 'hold'])

      const ended = resultOf(await place.resume(id).ended())
      expect(JSON.parse(mainText(ended))).toEqual([
        'stepped 1',
        'refunded',
        'stepped 2',
        'effect_unknown',
        'stepped 3',
      ])
      expect(place.done()).toEqual([...before, 'step 3'])
      expect(await place.resume(id).ended()).toMatchObject({ code: 'unknown_run' })
    })

    test('a run whose gateway is killed while a person is asked is there for another session', async () => {
      const place = await openPlace(kind)
      const code = `const both = Promise.all([tools.shop.hold({}).catch((error) => error.code), tools.shop.step({ n: 1 })])
const refunded = await tools.shop.refund({ order: 7 })
return [...(await both), refunded]`
      const killed = place.run(code, { hasPerson: true })
      await expect.poll(place.done, PATIENCE).toEqual(expect.arrayContaining(['asked', 'hold', 'step 1']))
      await sleep(200)
      await killed.kill()
      const { subject } = await place.approve()
      const id = subject.kind === 'call' ? (subject.run?.id ?? '') : ''
      const ended = resultOf(await place.resume(id).ended())
      expect(JSON.parse(mainText(ended))).toEqual(['effect_unknown', 'stepped 1', 'refunded'])
      expect(place.done().toSorted()).toEqual(['asked', 'hold', 'refund {"order":7}', 'step 1'])
    })

    test('an approved call whose gateway is killed under way is never made twice', async () => {
      const place = await openPlace(kind)
      const args = { order: 7 }
      expect(await place.start('shop.refund', args).ended()).toMatchObject({ code: 'approval_pending' })
      await place.approve()
      // Two at once: one takes the grant, whichever it is.
      const both = [place.start('shop.refund', args), place.start('shop.refund', args)]
      await expect.poll(place.done, PATIENCE).toHaveLength(1)
      await Promise.all(both.map(({ kill }) => kill()))
      expect(await place.start('shop.refund', args).ended()).toMatchObject({ code: 'approval_pending' })
      expect(place.done()).toEqual(['refund {"order":7}'])
    })

    test('a run that is killed again and again at any moment makes each call at most once, and comes to its end', async () => {
      const place = await openPlace(kind)
      const steps = 150
      const code = `await tools.shop.refund({ order: 7 })
const unknown = []
const step = async (n) => {
  try { return await tools.shop.step({ n }) } catch (error) {
    if (error.code !== 'effect_unknown') throw error
    unknown.push(n)
  }
}
for (let n = 0; n < ${steps}; n += 3) await Promise.all([n, n + 1, n + 2].map(step))
return unknown`
      const id = runId(resultOf(await place.run(code).ended()))
      await place.approve()
      for (let round = 0; round < 4; round++) {
        const before = place.done().length
        const killed = place.resume(id)
        await expect.poll(killed.isReady, PATIENCE).toBe(true)
        // A leg begins with a cell; most of what there is to be hit comes after that.
        await Promise.race([
          expect.poll(() => place.done().length, PATIENCE).toBeGreaterThan(before),
          sleep(3_000),
        ])
        await sleep(Math.random() * 60)
        await killed.kill()
      }
      const ended = resultOf(await place.resume(id).ended())
      const unknown = JSON.parse(mainText(ended)) as number[]
      const done = place.done()
      expect(new Set(done).size).toBe(done.length)
      expect(done.filter((line) => line.startsWith('refund'))).toHaveLength(1)
      const missing = Array.from({ length: steps }, (_, n) => n).filter((n) => !done.includes(`step ${n}`))
      expect(unknown).toEqual(expect.arrayContaining(missing))
    })
  })
}
