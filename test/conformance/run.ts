// The official conformance suite of MCP against a fixture of our own, alone and behind the gateway, and against the
// gateway as a client.
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { startChild } from './child.ts'
import { runClientSet } from './client-suite.ts'
import { startGateway } from './gateway.ts'
import { describeAll, describeReport, tallyReport, type SetReport, type SetRun } from './report.ts'
import { runServerSet } from './server-suite.ts'
import { installSuite, SETS } from './suite.ts'
import { startTokenProxy } from './token-proxy.ts'

const USAGE = `node test/conformance/run.ts [server|client|all] [options]
  --set REVISION    only this revision: ${SETS.join(' or ')}
  --scenario NAME   only this scenario
  --only WHERE      only without the gateway: direct (the fixture, or the client of the SDK, alone), or only with it: gateway
  --stdio           the gateway starts the fixture as a program, instead of reaching it by its URL
  --endpoint PATH   another endpoint of the gateway; no failures are expected there`

// Ended from outside, it ends what it has started.
process.once('SIGTERM', () => process.exit(143))

const FIXTURE = fileURLToPath(new URL('fixture/main.ts', import.meta.url))

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    set: { type: 'string' },
    scenario: { type: 'string' },
    only: { type: 'string' },
    endpoint: { type: 'string' },
    stdio: { type: 'boolean' },
    help: { type: 'boolean' },
  },
})
const [what = 'all'] = positionals
const sets = SETS.filter((set) => values.set === undefined || values.set === set)
const isKnown =
  ['server', 'client', 'all'].includes(what) &&
  ['direct', 'gateway', undefined].includes(values.only) &&
  sets.length > 0
if (values.help === true || !isKnown) {
  console.log(USAGE)
  process.exit(values.help === true ? 0 : 2)
}

const say = (line: string): void => void process.stderr.write(`${line}\n`)
say('Installing the suite where it is not there yet …')
const suite = await installSuite()
const reports: SetReport[] = []

function plan(set: (typeof SETS)[number], title: string, isExpecting: boolean): SetRun {
  const path = fileURLToPath(new URL(`expected-failures.${set}.yml`, import.meta.url))
  return {
    suite,
    set,
    title: `${title} ${set}`,
    ...(values.scenario === undefined ? {} : { scenario: values.scenario }),
    ...(isExpecting && values.endpoint === undefined ? { expectedFailures: path } : {}),
    say: (scenario) => say(`${title} ${set}: ${scenario}`),
  }
}

function keep(report: SetReport): void {
  reports.push(report)
  console.log(`\n${report.title}\n${describeReport(report)}`)
}

async function runServers(): Promise<void> {
  const fixture = await startChild({ args: [FIXTURE], read: ([line]) => line })
  try {
    const { url } = JSON.parse(fixture.said) as { url: string }
    if (values.only !== 'gateway')
      for (const set of sets) keep(await runServerSet(plan(set, 'server, fixture alone', false), url))
    const program = { command: process.execPath, args: [FIXTURE, '--stdio'] }
    if (values.only !== 'direct') await runBehindGateway(values.stdio === true ? program : { url })
  } finally {
    await fixture.close()
  }
}

async function runBehindGateway(upstream: object): Promise<void> {
  const title = 'server, behind the gateway'
  const gateway = await startGateway('fixture', upstream).catch((error: unknown) => {
    keep({ title, outcomes: [], unscored: [], expected: [], stale: [], remark: String(error) })
  })
  if (gateway === undefined) return
  const proxy = await startTokenProxy(gateway.url, gateway.token)
  try {
    const endpoint = `${proxy.url}${values.endpoint ?? '/mcp/s/fixture'}`
    for (const set of sets) keep(await runServerSet(plan(set, title, true), endpoint))
  } finally {
    await proxy.close()
    await gateway.close()
  }
}

async function runClients(): Promise<void> {
  for (const set of sets) {
    const run =
      values.only === 'direct'
        ? runClientSet(plan(set, 'client, SDK alone', false), { CONFORMANCE_DIRECT: '1' })
        : runClientSet(
            plan(set, 'client, through the gateway', true),
            values.endpoint === undefined ? {} : { CONFORMANCE_ENDPOINT: values.endpoint },
          )
    keep(await run)
  }
}

if (what !== 'client') await runServers()
if (what !== 'server') await runClients()

const tallies = reports.map(tallyReport)
const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0)
const failed = tallies.reduce((sum, tally) => sum + tally.wrong, 0)
console.log(`\n${describeAll(reports)}\n\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
