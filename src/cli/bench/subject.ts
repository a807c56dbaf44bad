import { generateCatalog } from '../../bench/catalog/generate.ts'
import { readCatalog } from '../../bench/catalog/read-catalog.ts'
import type { BenchSetting } from '../../bench/run.ts'
import { WORLDS } from '../../bench/worlds/worlds.ts'
import type { World } from '../../bench/worlds/world.ts'
import type { Plan } from '../../config/compile.ts'
import { readTasks } from '../../config/tasks/load.ts'
import type { ToolSpec } from '../../core/tool.ts'
import type { Log } from '../../telemetry/log.ts'
import { UsageError } from '../failure.ts'
import { findPlan } from '../found-plan.ts'
import { countOf } from '../output/words.ts'
import type { CliPorts } from '../ports.ts'
import { during, loadPlan } from '../session.ts'
import { readTextFile } from '../text-file.ts'
import type { PlayOptions } from './options.ts'

/** What is played, and in the midst of what. */
export type Subject = Pick<BenchSetting, 'worlds' | 'source' | 'sizes' | 'live'> & {
  readonly sourceName: string
}

const MAX_CATALOG_BYTES = 50 * 1024 * 1024
const MAX_TASKS_BYTES = 4 * 1024 * 1024
/** Tools of the servers of a task, at the most. */
const OWN_TOOLS = 10

/**
 * Finds the tasks, and the tools that stand beside theirs.
 *
 */
export async function findSubject(ports: CliPorts, options: PlayOptions, log: Log): Promise<Subject> {
  if (options.tasks !== undefined) return ofOwnTasks(ports, options, options.tasks)
  const worlds = choose(WORLDS, options.only)
  const { source, sourceName } = await findSource(ports, options, log)
  return { worlds, source, sourceName, sizes: sizesWithin(options.sizes, source.length) }
}

/** Tasks of the person are played on his servers, with exactly their tools. */
async function ofOwnTasks(ports: CliPorts, options: PlayOptions, file: string): Promise<Subject> {
  const tasks = readTasks(await readTextFile(ports, file, MAX_TASKS_BYTES), file)
  const { plan, path } = await loadPlan(ports, options.config)
  const worlds = choose([{ name: file, open: () => [], tasks }], options.only)
  return { worlds, source: [], sizes: [0], live: plan, sourceName: `the servers of ${path}` }
}

async function findSource(
  ports: CliPorts,
  { catalog, config, sizes }: PlayOptions,
  log: Log,
): Promise<{ readonly source: readonly ToolSpec[]; readonly sourceName: string }> {
  const most = Math.max(...sizes)
  const plan = catalog === undefined || catalog === 'servers' ? await findPlan(ports, config) : undefined
  if (catalog === 'servers' && plan === undefined) await loadPlan(ports, config)
  if (plan !== undefined)
    return { source: await listLive(ports, plan, log), sourceName: 'the servers of the configuration' }
  if (catalog === undefined || catalog === 'generated')
    return { source: generateCatalog(most), sourceName: 'generated' }
  return {
    source: readCatalog(await readTextFile(ports, catalog, MAX_CATALOG_BYTES), catalog),
    sourceName: catalog,
  }
}

/** Starts the servers only to list their tools. */
async function listLive(ports: CliPorts, plan: Plan, log: Log): Promise<readonly ToolSpec[]> {
  const { servers, close } = await ports.inspectServers(plan, log)
  try {
    const settled = Promise.all(servers.map((server) => server.settled()))
    await during(ports, `Listing the tools of ${countOf(servers.length, 'server')}`, settled)
    return servers.flatMap((server) => server.tools())
  } finally {
    await close()
  }
}

/** The sizes that the source can fill, and all of it where it is smaller than the largest. */
function sizesWithin(sizes: readonly number[], source: number): readonly number[] {
  const all = source + OWN_TOOLS
  const within = sizes.filter((size) => size <= all)
  return within.length === sizes.length ? within : [...new Set([...within, all])]
}

function choose(worlds: readonly World[], only: string | undefined): readonly World[] {
  if (only === undefined) return worlds
  const chosen = worlds
    .map((world) => ({
      ...world,
      tasks: world.tasks.filter(({ name, kind }) => name === only || kind === only),
    }))
    .filter(({ tasks }) => tasks.length > 0)
  if (chosen.length > 0) return chosen
  const names = worlds.flatMap(({ tasks }) => tasks.map(({ name }) => name))
  throw new UsageError(
    `--only: there is no task and no kind "${only.slice(0, 80)}". Tasks: ${names.join(', ')}.`,
  )
}
