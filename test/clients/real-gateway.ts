import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { servePlan } from '../gateway/serve-plan.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { CONFIG_SCHEMA, toConfig } from '../../src/config/schema.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { withAuto } from '../gateway/auto-policy.ts'

/** A gateway over three real servers, as a person would start it. */
export interface RealGateway {
  readonly url: string
  readonly gateway: Gateway
  /** The folder that the filesystem server serves, with hello.txt in it. */
  readonly folder: string
  readonly close: () => Promise<void>
}

/** The configuration of everything, filesystem and memory, from npm. */
export function realServers(folder: string): object {
  return {
    everything: server('everything', ['stdio']),
    filesystem: server('filesystem', [folder]),
    memory: { ...server('memory', []), env: { MEMORY_FILE_PATH: join(folder, 'memory.jsonl') } },
  }
}

/** A new folder for the filesystem server. */
export async function makeFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'isogate-clients-')))
  await writeFile(join(folder, 'hello.txt'), 'hello from a file')
  return folder
}

export async function openRealGateway(): Promise<RealGateway> {
  const folder = await makeFolder()
  const plan = compileConfig(
    toConfig(CONFIG_SCHEMA.parse(withAuto({ http: { port: 0 }, servers: realServers(folder) }))),
    folder,
  )
  const { gateway, http } = await servePlan(plan)
  return {
    url: http.url,
    gateway,
    folder,
    close: async () => {
      await http.close()
      await gateway.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function server(name: string, args: readonly string[]): { command: string; args: readonly string[] } {
  const require = createRequire(import.meta.url)
  const path = require.resolve(`@modelcontextprotocol/server-${name}/package.json`)
  const { bin } = require(path) as { bin: Record<string, string> }
  return { command: process.execPath, args: [join(dirname(path), Object.values(bin)[0] ?? ''), ...args] }
}
