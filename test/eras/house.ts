import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { servePlan } from '../gateway/serve-plan.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { CONFIG_SCHEMA, toConfig } from '../../src/config/schema.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { startChild, type Child } from '../conformance/child.ts'
import { withAuto } from '../gateway/auto-policy.ts'

const MAIN = fileURLToPath(new URL('fixture/main.ts', import.meta.url))

/** The servers of a house, by the era and the way of each. */
export const SERVERS = ['legacyHttp', 'legacyStdio', 'modernHttp', 'modernStdio'] as const

export type ServerName = (typeof SERVERS)[number]

/** A gateway in this process over servers that speak one era each, and the same configuration as a file. */
export interface EraHouse {
  readonly url: string
  readonly gateway: Gateway
  /** A configuration file for `isogate stdio`, with the same servers. */
  readonly configFile: string
  /** How often something has happened at a server, in all of its processes together. */
  readonly count: (server: ServerName, event: string) => Promise<number>
  /** Ends the process of a server over HTTP, by force. */
  readonly kill: (server: ServerName) => Promise<void>
  /** Starts it again at its address. */
  readonly revive: (server: ServerName) => Promise<void>
  readonly close: () => Promise<void>
}

export interface EraHouseParts {
  /** Absent: all of them. */
  readonly servers?: readonly ServerName[]
  /** Put over the configuration of each server. */
  readonly serverConfig?: object
  /** Put over the configuration of one server. */
  readonly oneServer?: Readonly<Partial<Record<ServerName, object>>>
  /** Beside the servers. */
  readonly config?: object
}

/** Opens a house. Everything in it is real. */
export async function openEraHouse(parts: EraHouseParts = {}): Promise<EraHouse> {
  const { servers = SERVERS, serverConfig = {}, oneServer = {}, config = {} } = parts
  const children = new Map<ServerName, { child: Child; port: number }>()
  const folder = await mkdtemp(join(tmpdir(), 'isogate-eras-'))
  const envOf = (server: ServerName): Record<string, string> => ({
    ERAS_WITNESS: join(folder, `${server}.txt`),
  })
  const start = async (server: ServerName, port: number): Promise<string> => {
    const child = await startChild({
      args: [MAIN, eraOf(server), 'http', String(port), server],
      env: { ...process.env, ...envOf(server) },
      read: ([line]) => line,
    })
    const { url } = JSON.parse(child.said) as { url: string }
    children.set(server, { child, port: Number(new URL(url).port) })
    return url
  }
  const entries = await Promise.all(
    servers.map(async (server) => {
      const way = server.endsWith('Http')
        ? { url: await start(server, 0), probeMs: 500 }
        : {
            command: process.execPath,
            args: [MAIN, eraOf(server), 'stdio', '0', server],
            env: envOf(server),
            connection: 'client',
          }
      return [server, { ...way, ...serverConfig, ...oneServer[server] }] as const
    }),
  )
  const document = { mode: 'classic', servers: Object.fromEntries(entries), ...config }
  const configFile = join(folder, 'isogate.json')
  await writeFile(configFile, JSON.stringify(document))
  const plan = compileConfig(
    toConfig(CONFIG_SCHEMA.parse(withAuto({ ...document, http: { port: 0 } }))),
    folder,
  )
  const { gateway, http } = await servePlan(plan)
  return {
    url: http.url,
    gateway,
    configFile,
    count: async (server, event) => {
      const text = await readFile(join(folder, `${server}.txt`), 'utf8').catch(() => '')
      return text.split('\n').filter((line) => line === event).length
    },
    kill: async (server) => children.get(server)?.child.close(),
    revive: async (server) => void (await start(server, children.get(server)?.port ?? 0)),
    close: async () => {
      await http.close()
      await gateway.close()
      await Promise.all([...children.values()].map(({ child }) => child.close()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function eraOf(server: ServerName): 'legacy' | 'modern' {
  return server.startsWith('legacy') ? 'legacy' : 'modern'
}

/** Waits until something is so. */
export async function until(isSo: () => boolean | Promise<boolean>, limitMs = 5_000): Promise<void> {
  const endMs = performance.now() + limitMs
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`It was not so within ${limitMs} ms: ${isSo.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
