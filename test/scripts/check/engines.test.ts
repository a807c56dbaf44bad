import { describe, expect, it } from 'vitest'

import { createScriptChecker } from '../../../src/scripts/check/create.ts'
import type { CheckEngine, EngineKind } from '../../../src/scripts/check/engine.ts'
import { findNativeExecutable } from '../../../src/scripts/check/native/executable.ts'
import { workerEngine } from '../../../src/scripts/check/worker/worker-engine.ts'
import { CATALOG, isVisible } from './catalog.ts'

const REQUEST = { code: 'return tools.files.read({ path: 1 })', catalog: CATALOG, isVisible }

/** A real compiler of which it is known how many were started and which of them live. */
function watched(kind: EngineKind) {
  const living = new Set<CheckEngine>()
  let started = 0
  const start: EngineKind['start'] = (options) => {
    const engine = kind.start(options)
    started += 1
    living.add(engine)
    engine.onEnd(() => living.delete(engine))
    return engine
  }
  return { kind: { ...kind, start }, living, started: () => started }
}

const unusable: EngineKind = { ...workerEngine, name: 'absent', unusable: () => 'it is not there' }
const crashing: EngineKind = {
  ...workerEngine,
  name: 'crashing',
  start: (options) => {
    const engine = workerEngine.start(options)
    engine.kill()
    return engine
  },
}

describe('compilers of the check', () => {
  it.each([unusable, crashing])('give way to the next one where they do not work: $name', async (kind) => {
    const faults: string[] = []
    const checker = createScriptChecker({
      engines: [kind, workerEngine],
      onFault: (reason) => faults.push(reason),
    })
    expect((await checker.check(REQUEST)).problems).toHaveLength(1)
    expect((await checker.check(REQUEST)).problems).toHaveLength(1)
    expect(faults).toEqual([expect.stringContaining(`"${kind.name}"`)])
    await checker.close()
  })

  it('are missed without harm', async () => {
    const checker = createScriptChecker({ engines: [unusable] })
    expect((await checker.check(REQUEST)).skipped).toContain('no compiler')
    await checker.warm()
    await checker.close()
  })

  it('start with the first check, or before it when asked, and once', async () => {
    const { kind, living, started } = watched(workerEngine)
    const checker = createScriptChecker({ engines: [kind] })
    expect(started()).toBe(0)
    await checker.warm()
    expect(started()).toBe(1)
    for (let round = 0; round < 3; round++) await checker.check(REQUEST)
    expect(started()).toBe(1)
    await checker.close()
    expect(living.size).toBe(0)
    expect((await checker.check(REQUEST)).skipped).toBeDefined()
  })

  it('end when nothing is to be done, and start again', async () => {
    const { kind, living, started } = watched(workerEngine)
    const checker = createScriptChecker({ engines: [kind], idleMs: 50 })
    await checker.check(REQUEST)
    await expect.poll(() => living.size).toBe(0)
    expect((await checker.check(REQUEST)).problems).toHaveLength(1)
    expect(started()).toBe(2)
    await checker.close()
  })

  it('are replaced when they end by themselves', async () => {
    const { kind, living } = watched(workerEngine)
    const checker = createScriptChecker({ engines: [kind] })
    await checker.check(REQUEST)
    for (const engine of living) engine.kill()
    expect((await checker.check(REQUEST)).problems).toHaveLength(1)
    await checker.close()
  })

  it('are not looked for where there are none', () => {
    expect(findNativeExecutable('sunos', 'mips')).toContain('no native compiler')
  })
})
