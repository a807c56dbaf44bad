import { generateCatalog } from '../../bench/catalog/generate.ts'
import { readCatalog } from '../../bench/catalog/read-catalog.ts'
import { demandServers, serversOf } from '../../bench/demand-servers.ts'
import type { BenchSetting } from '../../bench/run.ts'
import { WORLDS } from '../../bench/worlds/worlds.ts'
import type { World } from '../../bench/worlds/world.ts'
import type { Plan } from '../../config/compile.ts'
import { readTasks } from '../../config/tasks/load.ts'
import { TASK_SCHEMA } from '../../config/tasks/schema.ts'
import type { ToolSpec } from '../../core/tool.ts'
import type { Log } from '../../telemetry/log.ts'
import { UsageError } from '../failure.ts'
import { findPlan } from '../found-plan.ts'
import { createStyle } from '../output/style.ts'
import { countOf } from '../output/words.ts'
import type { CliPorts } from '../ports.ts'
import { CLI_PRINCIPAL, during, loadPlan, noteDownServers } from '../session.ts'
import { readTextFile } from '../text-file.ts'
import { DEFAULT_SIZES, type PlayOptions } from './options.ts'

/** What is played, and in the midst of what. */
export type Subject = Pick<BenchSetting, 'worlds' | 'source' | 'sizes' | 'live'> & {
  readonly sourceName: string
}

const MAX_CATALOG_BYTES = 50 * 1024 * 1024
const MAX_TASKS_BYTES = 4 * 1024 * 1024

/** With `--model` there is one size, and by then it is known which. */
type SubjectOptions = PlayOptions & { readonly model?: string }

/**
 * Finds the tasks, and the tools that stand beside theirs. What of it is left out is told on the error output.
 *
 * @throws UsageError for options that do not go together
 * @throws GatewayError `upstream_unavailable` where a server that tasks of the person need is down
 */
export async function findSubject(ports: CliPorts, options: SubjectOptions, log: Log): Promise<Subject> {
  if (options.tasks !== undefined) return ofOwnTasks(ports, options, options.tasks, log)
  const worlds = choose(WORLDS, options.only)
  const { source, sourceName } = await findSource(ports, options, log)
  return {
    worlds,
    source,
    sourceName,
    sizes: sizesWithin(ports, options.sizes, source.length + ownTools(worlds)),
  }
}

/** Tasks of the person are played on his servers, with exactly their tools. */
async function ofOwnTasks(
  ports: CliPorts,
  options: SubjectOptions,
  file: string,
  log: Log,
): Promise<Subject> {
  const isSized = options.model === undefined && options.sizes !== DEFAULT_SIZES
  if (isSized || options.catalog !== undefined)
    throw new UsageError(
      `--tasks plays on the servers of your configuration and all their tools: ${isSized ? '--sizes' : '--catalog'} does not go with it.`,
    )
  const tasks = readTasks(await readTextFile(ports, file, MAX_TASKS_BYTES), file)
  const { plan, path } = await loadPlan(ports, options.config)
  const worlds = choose([{ name: file, open: () => [], tasks }], options.only)
  const needed = serversOf(worlds.flatMap((world) => world.tasks.map((task) => TASK_SCHEMA.parse(task))))
  const { count } = await listLive(ports, plan, log, needed)
  return {
    worlds,
    source: [],
    sizes: [0],
    live: plan,
    sourceName: `${count} of ${path}, started anew for each play; servers with a state outside of their process keep it between plays`,
  }
}

async function findSource(
  ports: CliPorts,
  { catalog, config, sizes }: PlayOptions,
  log: Log,
): Promise<{ readonly source: readonly ToolSpec[]; readonly sourceName: string }> {
  const most = Math.max(...sizes)
  const plan = catalog === undefined || catalog === 'servers' ? await findPlan(ports, config) : undefined
  if (catalog === 'servers' && plan === undefined) await loadPlan(ports, config)
  if (plan !== undefined) {
    const { tools, count } = await listLive(ports, plan, log)
    return { source: tools, sourceName: `${count} of the configuration` }
  }
  if (catalog === undefined || catalog === 'generated')
    return { source: generateCatalog(most), sourceName: 'generated' }
  return {
    source: readCatalog(await readTextFile(ports, catalog, MAX_CATALOG_BYTES), catalog),
    sourceName: catalog,
  }
}

/** What a client of the gateway would see. */
interface Listed {
  readonly tools: readonly ToolSpec[]
  /** How many servers it is from, in words. */
  readonly count: string
}

/** Starts the servers only to list their tools: those that mode classic would list, and not what the rules deny. */
async function listLive(
  ports: CliPorts,
  plan: Plan,
  log: Log,
  needed: readonly string[] = [],
): Promise<Listed> {
  const gateway = await ports.openGateway(plan, log, { isShortLived: true })
  try {
    const { length: all } = plan.servers
    await during(ports, `Listing the tools of ${countOf(all, 'server')}`, gateway.settled())
    const servers = gateway.servers()
    noteDownServers(ports, gateway)
    demandServers(servers, needed)
    const down = new Set(servers.flatMap(({ server, status }) => (status.state === 'down' ? [server] : [])))
    const tools = gateway
      .visibleTools(CLI_PRINCIPAL, 'mcp')
      // What was remembered of a server that is down, and scripts that the person has saved, are no tools of his servers.
      .filter(({ ref }) => !down.has(ref.server) && plan.servers.some(({ name }) => name === ref.server))
    return { tools, count: `${all - down.size} of ${all} servers` }
  } finally {
    await gateway.close()
  }
}

/** Tools that each world has at least: what is missing to a size comes from the source. */
function ownTools(worlds: readonly World[]): number {
  return Math.min(...worlds.map((world) => world.open().reduce((sum, { tools }) => sum + tools.length, 0)))
}

/** The sizes that can be filled, and everything where that is smaller than the largest. */
function sizesWithin({ stderr }: CliPorts, sizes: readonly number[], all: number): readonly number[] {
  const within = sizes.filter((size) => size <= all)
  if (within.length === sizes.length) return within
  const without = sizes.filter((size) => size > all).join(', ')
  const text = `The catalog has ${all} tools with those of a task: it cannot fill ${without}, and all ${all} are played instead.`
  stderr.write(`${createStyle(stderr).warn(text)}\n`)
  return [...new Set([...within, all])]
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
