import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Target } from '../load/generator.ts'
import { findFreePort, startProgram, type Program, type ProgramSettings } from './program.ts'
import { openSession, untilAnswered } from './session.ts'

/** A gateway that is compared. */
export interface GatewayKind {
  /** The key of its packages in packages.json; absent: the gateway of this repository. */
  readonly peer?: string
  readonly name: string
  /** How it is set up, for the note of its figures. */
  readonly settings: string
  readonly start: (folder: string) => Promise<StartedGateway>
}

/** A gateway that answers. */
export interface StartedGateway {
  readonly program: Program
  readonly target: Target
}

/** The server that each of them starts for itself. */
export const SERVER = fileURLToPath(new URL('stdio-server.ts', import.meta.url))
const OWN = fileURLToPath(new URL('../load/governed.ts', import.meta.url))

/** All before the same stdio server, each with one client that keeps one session. */
export const GATEWAYS: readonly GatewayKind[] = [
  {
    name: 'isogate',
    settings: 'all layers, a token, the endpoint /mcp/classic',
    async start(folder) {
      const port = await findFreePort()
      const url = `http://127.0.0.1:${port}/mcp/classic`
      return startMcp({ script: OWN, args: ['1', SERVER, String(port)], cwd: folder }, url)
    },
  },
  {
    peer: 'mcp-hub',
    name: 'mcp-hub',
    settings: 'defaults; over its REST API, because its MCP endpoint speaks only the HTTP+SSE of 2024',
    async start(folder) {
      const port = await findFreePort()
      const home = join(folder, 'home')
      await fillCatalog(join(home, 'mcp-hub', 'cache'))
      const config = { mcpServers: { s0: { command: process.execPath, args: [SERVER] } } }
      await writeFile(join(folder, 'servers.json'), JSON.stringify(config))
      const program = startProgram({
        script: join(folder, 'node_modules/mcp-hub/dist/cli.js'),
        args: ['--port', String(port), '--config', 'servers.json'],
        cwd: folder,
        env: { HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, XDG_STATE_HOME: home },
      })
      const target = { url: `http://127.0.0.1:${port}/api/servers/tools`, tool: 'echo', restServer: 's0' }
      const ask = (): Promise<Response> =>
        fetch(target.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ server_name: 's0', tool: 'echo', arguments: { text: 'ready' } }),
          signal: AbortSignal.timeout(5_000),
        })
      return orStop(program, async () => {
        await (await untilAnswered(ask, program.ended)).text()
        return { program, target }
      })
    },
  },
  {
    peer: 'mcp-proxy',
    name: 'mcp-proxy',
    settings: 'a session, without the event store, as it advises where nobody resumes streams',
    async start(folder) {
      const port = await findFreePort()
      const script = join(folder, 'node_modules/mcp-proxy/dist/bin/mcp-proxy.mjs')
      const own = ['--host', '127.0.0.1', '--port', String(port), '--server', 'stream', '--no-eventStore']
      const args = [...own, '--', process.execPath, SERVER]
      return startMcp({ script, args, cwd: folder }, `http://127.0.0.1:${port}/mcp`)
    },
  },
  {
    peer: 'supergateway',
    name: 'supergateway',
    settings: 'Streamable HTTP, --stateful (without it each request starts a server), no log',
    async start(folder) {
      const port = await findFreePort()
      const script = join(folder, 'node_modules/supergateway/dist/index.js')
      const server = `"${process.execPath}" "${SERVER}"`
      const own = ['--outputTransport', 'streamableHttp', '--stateful', '--logLevel', 'none']
      const args = ['--stdio', server, ...own, '--port', String(port)]
      return startMcp({ script, args, cwd: folder }, `http://127.0.0.1:${port}/mcp`)
    },
  },
]

async function startMcp(settings: ProgramSettings, url: string): Promise<StartedGateway> {
  const program = startProgram(settings)
  return orStop(program, async () => ({ program, target: await openSession(url, program.ended) }))
}

/** What does not become ready is ended. */
async function orStop(program: Program, start: () => Promise<StartedGateway>): Promise<StartedGateway> {
  try {
    return await start()
  } catch (error) {
    await program.stop()
    throw error
  }
}

/** Its catalog of servers, as if it had been downloaded: a benchmark fetches nothing. */
async function fillCatalog(cache: string): Promise<void> {
  await mkdir(cache, { recursive: true })
  const servers = [{ id: 'none', name: 'none', description: 'none', url: 'http://127.0.0.1' }]
  const registry = { version: '1', generatedAt: 0, totalServers: 1, servers }
  const text = JSON.stringify({ registry, lastFetchedAt: Date.now(), serverDocumentation: {} })
  await writeFile(join(cache, 'registry.json'), text)
}
