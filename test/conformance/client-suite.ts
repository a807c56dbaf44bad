import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

import { parse } from 'yaml'

import { CLIENT_SCENARIOS } from './client-scenarios.ts'
import { readBaselineVerdict, readOutcomes, type Outcome } from './outcome.ts'
import type { SetReport, SetRun } from './report.ts'

const DRIVER = fileURLToPath(new URL('client-driver.ts', import.meta.url))

/** The suite splits the command at spaces and hands it to a shell, put together again. */
const COMMAND = [process.execPath, DRIVER].map((word) => `'${word}'`).join(' ')

const SCENARIO_MS = '60000'
const REMARK_MAX = 2_000

/** Each starts a gateway: the suite would start all of them at once. */
const AT_ONCE = 2

/** What the gateway does with authorization servers of its upstreams is not built: these are left out. */
const LEFT_OUT = /^auth\//

interface OneRun extends Outcome {
  readonly expected: readonly string[]
  readonly stale: readonly string[]
}

/** Runs the scenarios of one revision against the gateway as a client; `env` tells the driver what to go through. */
export async function runClientSet(run: SetRun, env: NodeJS.ProcessEnv): Promise<SetReport> {
  const scored = (await run.suite.scored(run.set, 'client')).filter((name) => !LEFT_OUT.test(name))
  const unscored = Object.keys(CLIENT_SCENARIOS).filter(
    (name) => name === 'json-schema-2020-12-preservation' && !scored.includes(name),
  )
  const wanted = run.scenario === undefined ? [...scored, ...unscored] : [run.scenario]
  const excused = await readExcused(run.expectedFailures)
  const results: OneRun[] = []
  const queue = [...wanted]
  const work = async (): Promise<void> => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      run.say(name)
      results.push(await runOne(run, name, env, excused.has(name)))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  const counts = (name: string): boolean => run.scenario !== undefined || scored.includes(name)
  return {
    title: run.title,
    outcomes: results.filter(({ scenario }) => counts(scenario)),
    unscored: results.filter(({ scenario }) => !counts(scenario)),
    expected: results.flatMap(({ expected }) => expected),
    stale: results.flatMap(({ stale }) => stale),
  }
}

async function runOne(
  { suite, set, expectedFailures }: SetRun,
  scenario: string,
  env: NodeJS.ProcessEnv,
  isExcused: boolean,
): Promise<OneRun> {
  const folder = await mkdtemp(join(tmpdir(), 'isogate-conformance-out-'))
  // With a list of expected failures the suite no longer minds how the client ended.
  const baseline =
    isExcused && expectedFailures !== undefined ? ['--expected-failures', expectedFailures] : []
  const args = ['client', '--command', COMMAND, '--scenario', scenario, '--spec-version', set, '--force']
  try {
    const { code, output } = await suite.run([...args, '--timeout', SCENARIO_MS, '-o', folder, ...baseline], {
      env,
    })
    const outcome = (await readOutcomes(folder)).get(scenario) ?? { scenario, failed: [] }
    return {
      ...outcome,
      ...readBaselineVerdict(output),
      ...(code === 0 || isExcused ? {} : toRemark(output, outcome.failed.length > 0)),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What the client said before it ended badly; where nothing else tells what is wrong, the end of what the suite said. */
function toRemark(output: string, isTold: boolean): { readonly remark?: string } {
  const text = stripVTControlCharacters(output)
  const said = /^Client exited with code[^]*?(?=^Results saved)/m.exec(text)?.[0]
  if (said !== undefined) return { remark: said.slice(0, REMARK_MAX).trim() }
  return isTold ? {} : { remark: text.slice(-REMARK_MAX) }
}

/** The scenarios of which something is expected to fail. */
async function readExcused(path: string | undefined): Promise<ReadonlySet<string>> {
  if (path === undefined) return new Set()
  const file = parse(await readFile(path, 'utf8')) as { readonly client?: readonly string[] } | null
  return new Set((file?.client ?? []).map((entry) => entry.split(':')[0] ?? ''))
}
