// The client that the suite tests: a gateway whose only upstream is the suite's server, and before it a client of the
// SDK which does what the scenario wants. The suite gives the address of its server as the last argument.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'

import { CLIENT_SCENARIOS, type ClientScenario } from './client-scenarios.ts'
import { startGateway } from './gateway.ts'

/** The suite gives up a little later, and what it has started would stay. */
const PLAY_MS = 30_000

const MODERN = '2026-07-28'

// Ended from outside, it ends what it has started.
process.once('SIGTERM', () => process.exit(143))

const { env } = process
const name = env['MCP_CONFORMANCE_SCENARIO'] ?? ''
const upstreamUrl = process.argv.at(-1) ?? ''

async function play(scenario: ClientScenario, url: URL, token?: string): Promise<void> {
  const isModern = env['MCP_CONFORMANCE_PROTOCOL_VERSION'] === MODERN
  const client = new Client(
    { name: 'isogate-conformance', version: '1.0.0' },
    {
      capabilities: scenario.capabilities ?? {},
      ...(isModern ? { versionNegotiation: { mode: { pin: MODERN } } } : {}),
    },
  )
  const context = JSON.parse(env['MCP_CONFORMANCE_CONTEXT'] ?? '{}') as Record<string, unknown>
  const tooLate = AbortSignal.timeout(PLAY_MS)
  const late = new Promise<never>((_, reject) => {
    tooLate.addEventListener('abort', () => reject(new Error(`It is not over after ${PLAY_MS} ms.`)))
  })
  const transport = new StreamableHTTPClientTransport(url, {
    requestInit: token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
  })
  await Promise.race([late, client.connect(transport)])
  await Promise.race([late, scenario.play({ client, context, hasGateway: token !== undefined })])
  await client.close()
}

async function playThroughGateway(scenario: ClientScenario): Promise<void> {
  const gateway = await startGateway('target', { url: upstreamUrl })
  try {
    const url = new URL(env['CONFORMANCE_ENDPOINT'] ?? '/mcp/s/target', gateway.url)
    await play(scenario, url, gateway.token)
  } finally {
    await gateway.close()
    // What the gateway has said belongs to what the suite keeps of this run.
    console.error(gateway.log())
  }
}

const scenario = CLIENT_SCENARIOS[name]
if (scenario === undefined) {
  console.error(`There is nothing to play for the scenario ${JSON.stringify(name)}.`)
  process.exit(2)
}
try {
  if (env['CONFORMANCE_DIRECT'] === '1') await play(scenario, new URL(upstreamUrl))
  else await playThroughGateway(scenario)
} catch (error) {
  console.error(error)
  process.exit(1)
}
process.exit()
