import { createCatalog, type Catalog } from '../../src/catalog/catalog.ts'
import { createScriptChecker } from '../../src/scripts/check/create.ts'
import type { EngineKind } from '../../src/scripts/check/engine.ts'
import { nativeEngine } from '../../src/scripts/check/native/native-engine.ts'
import { workerEngine } from '../../src/scripts/check/worker/worker-engine.ts'
import { HAS_SHARED_DATA, readRecords, toSpec } from '../../test/catalog/shared-data.ts'
import { figure, type Figure } from '../figure.ts'
import { callableTools, writeScript, type CallableTool } from './scripts.ts'

const TOOLS = 500
const LINES = [5, 20, 60]
const ROUNDS = 60
const STARTS = 5

/** The figures of `npm run bench -- check`: the first check of a fresh compiler, and checks of scripts that it has not seen. */
export async function measureCheck(): Promise<Figure[]> {
  if (!HAS_SHARED_DATA) {
    console.error('No ../shared/data beside the checkout: nothing is measured.')
    return []
  }
  const specs = readRecords('tools.json').slice(0, TOOLS).map(toSpec)
  const catalog = createCatalog({ revision: 1, specs })
  const tools = callableTools(catalog)
  const isUsable = nativeEngine.unusable() === undefined
  return [
    ...(isUsable ? await measureEngine(nativeEngine, { catalog, tools }, true) : []),
    ...(await measureEngine(workerEngine, { catalog, tools }, !isUsable)),
  ]
}

interface Material {
  readonly catalog: Catalog
  readonly tools: readonly CallableTool[]
}

/** Targets hold for the compiler that is used by default. */
async function measureEngine(kind: EngineKind, material: Material, isDefault: boolean): Promise<Figure[]> {
  const target = (value: number) => (isDefault ? value : undefined)
  const name = `${kind.name}, ${material.catalog.tools.length} tools visible`
  const firsts: number[] = []
  for (let round = 0; round < STARTS; round++) {
    const checker = createScriptChecker({ engines: [kind] })
    firsts.push((await measureOne(checker, material, 20, round)).timeMs)
    await checker.close()
  }
  const figures = [figure(`${name}: first check, 20 lines, p50`, median(firsts), 'ms', target(400))]
  const checker = createScriptChecker({ engines: [kind] })
  try {
    for (let round = 0; round < 20; round++) await measureOne(checker, material, 60, round)
    for (const lines of LINES) {
      const samples = []
      const before = performance.eventLoopUtilization()
      for (let round = 0; round < ROUNDS; round++)
        samples.push(await measureOne(checker, material, lines, round + lines))
      const busyMs = performance.eventLoopUtilization(before).active / ROUNDS
      const times = samples.map(({ timeMs }) => timeMs)
      const loaded = median(samples.map(({ checkedTools }) => checkedTools))
      figures.push(
        figure(
          `${name}: warm check, ${lines} lines, p50`,
          median(times),
          'ms',
          target(12),
          `${loaded} tools loaded`,
        ),
        figure(`${name}: warm check, ${lines} lines, p95`, quantile(times, 0.95), 'ms'),
        figure(`${name}: main thread busy per check, ${lines} lines`, busyMs, 'ms'),
      )
    }
    const wrong = []
    for (let round = 0; round < ROUNDS; round++)
      wrong.push((await measureOne(checker, material, 20, round, 'wrong')).timeMs)
    figures.push(figure(`${name}: warm check with a mistake, 20 lines, p50`, median(wrong), 'ms'))
  } finally {
    await checker.close()
  }
  return figures
}

async function measureOne(
  checker: ReturnType<typeof createScriptChecker>,
  { catalog, tools }: Material,
  lines: number,
  seed: number,
  kind: 'right' | 'wrong' = 'right',
): Promise<{ timeMs: number; checkedTools: number }> {
  const code = writeScript(tools, lines, seed, kind)
  const { timeMs, checkedTools, problems, skipped } = await checker.check({
    code,
    catalog,
    isVisible: () => true,
  })
  if (skipped !== undefined) throw new Error(skipped)
  if (problems.length > 0 !== (kind === 'wrong'))
    throw new Error(
      `A script of the benchmark is judged wrongly: ${problems[0]?.text ?? 'no problem'}\n${code}`,
    )
  return { timeMs, checkedTools }
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
