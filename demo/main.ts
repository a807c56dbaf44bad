/**
 * `npm run demo`: three real MCP servers behind a gateway, one script that calls them in parallel, and what it saves.
 * `npm run demo -- --keep` goes on serving, for clients of your own.
 */
import { randomUUID } from 'node:crypto'
import { parseArgs, styleText } from 'node:util'

import { listenHttp, openGateway, systemClock } from '../src/assemble.ts'
import { printDeclarations } from '../src/catalog/stubs/declarations.ts'
import { compileConfig, type Plan } from '../src/config/compile.ts'
import { createReadFile } from '../src/config/files.ts'
import { checkConfigText } from '../src/config/load.ts'
import type { JournalRecord } from '../src/core/ports.ts'
import type { Principal } from '../src/core/principal.ts'
import type { Gateway } from '../src/gateway/gateway.ts'
import { createListing } from '../src/gateway/listing/aggregate.ts'
import { hashToken } from '../src/http/auth.ts'
import { createLog } from '../src/telemetry/log.ts'
import { readVersion } from '../src/version.ts'
import { runClassic } from './classic.ts'
import { textOf } from './result-text.ts'
import { createScenario, type Scenario } from './scenario.ts'
import { showCalls, showCosts, showHeading } from './show.ts'
import { costOf } from './turns.ts'

const principal: Principal = { id: 'demo', kind: 'local' }

const { values } = parseArgs({
  options: { keep: { type: 'boolean', default: false }, port: { type: 'string', default: '7333' } },
})

const scenario = await createScenario()
const plan = await planOf(scenario, Number(values.port))
const records: JournalRecord[] = []
const ports = {
  clock: systemClock,
  log: createLog('warn', process.stderr.isTTY),
  version: readVersion(),
  journal: { write: (record: JournalRecord) => void records.push(record) },
}
const gateway = openGateway(plan, ports)

try {
  console.log('Starting three MCP servers …')
  await gateway.settled()
  for (const { server, status, tools } of gateway.servers()) {
    console.log(
      `  ${server.padEnd(12)} ${status.state === 'down' ? `is down: ${status.reason}` : `${tools} tools`}`,
    )
  }
  await show(gateway, scenario)
  if (values.keep) await serve(gateway)
} finally {
  await gateway.close()
  await scenario.remove()
}

async function planOf({ config }: Scenario, port: number): Promise<Plan> {
  const checked = await checkConfigText(JSON.stringify(config), 'demo.json', {
    env: {},
    readFile: createReadFile(),
  })
  if (!checked.ok) throw new Error(JSON.stringify(checked.issues))
  const { config: read, baseDir } = checked
  // The demo's own scripts are trusted: nobody has to approve their calls.
  const policy = { ...read.policy, auto: ['*'] }
  return compileConfig({ ...read, policy, http: { ...read.http, port } }, baseDir)
}

async function show(open: Gateway, { question, script, needed, classicRounds }: Scenario): Promise<void> {
  const code = createListing(open, 'cli', { mode: 'code', autoThresholdTokens: 0 })
  const instructions = code.instructions(principal) ?? ''
  showHeading('What a model sees at first: the index')
  console.log(styleText('dim', instructions))

  const { catalog } = open.snapshot()
  const stubs = printDeclarations(
    needed.flatMap((name) => catalog.resolve(name) ?? []),
    catalog.names,
  )
  showHeading(`What it reads of the ${needed.length} tools that it needs: typed stubs`)
  console.log(styleText('dim', stubs))

  showHeading('The script that it submits')
  console.log(styleText('cyan', script))

  const startedAtMs = Date.now()
  const startedMs = performance.now()
  const { signal } = new AbortController()
  const tool = { server: 'code', name: 'run_script' }
  const result = await open.handler({
    id: randomUUID(),
    door: 'cli',
    principal,
    tool,
    args: { code: script },
    signal,
  })
  const tookMs = performance.now() - startedMs
  const text = textOf(result)
  if (result.isError === true) throw new Error(text)
  showHeading(`The result, after ${tookMs.toFixed(0)} ms`)
  console.log(`  ${text}`)
  showCalls(records, startedAtMs)

  const classic = createListing(open, 'cli', { mode: 'classic', autoThresholdTokens: 0 })
  const classicTurns = await runClassic(open, principal, question, classicRounds)
  const codeTurns = [{ adds: [question] }, { adds: [needed.join(), stubs] }, { adds: [script, text] }]
  showCosts(
    costOf(JSON.stringify(classic.tools(principal)), classicTurns),
    costOf(JSON.stringify(code.tools(principal)) + instructions, codeTurns),
    open.visibleTools(principal, 'cli').length,
  )
}

async function serve(open: Gateway): Promise<void> {
  const token = `isg_${randomUUID()}`
  const server = await listenHttp(plan, open, hashToken(token), ports)
  showHeading('Serving')
  console.log(`  Code Mode ${server.url}/mcp/code, classic list ${server.url}/mcp/classic`)
  console.log(
    `  claude mcp add --transport http isogate ${server.url}/mcp/code --header "Authorization: Bearer ${token}"`,
  )
  console.log('  Ctrl-C ends it.')
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve))
  await server.close()
}
