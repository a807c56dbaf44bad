import { fileURLToPath } from 'node:url'

import { listenHttp, openGateway, systemClock, type AssemblyPorts } from '../../src/assemble.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { CONFIG_SCHEMA, toConfig } from '../../src/config/schema.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { hashToken } from '../../src/http/auth.ts'
import { TOKEN } from '../gateway/open-house.ts'
import { rpc, toolsIn, type Era, type RawAnswer } from '../http/raw-request.ts'
import { withAuto } from '../gateway/auto-policy.ts'

/** A whole gateway in this process, with real servers behind it, some of which are faulty. */
export interface FaultyHouse {
  readonly gateway: Gateway
  /** The endpoint in classic mode. */
  readonly url: string
  readonly call: (tool: string, args?: object, era?: Era) => Promise<RawAnswer>
  /** The names of the tools that a client sees. */
  readonly names: (era?: Era) => Promise<readonly string[]>
  /** What went to the log as an error. */
  readonly errors: readonly object[]
  readonly close: () => Promise<void>
}

/** The faulty server of the fixtures, as a configuration names it. */
export function faulty(flags: readonly string[] = [], more: object = {}): object {
  const path = fileURLToPath(new URL('../fixtures/servers/faulty.ts', import.meta.url))
  return { command: process.execPath, args: [path, ...flags], ...more }
}

/** Opens the gateway and waits until each server has been tried, but for those that `wait: false` leaves behind. */
export async function openFaulty(
  servers: Readonly<Record<string, object>>,
  { wait = true }: { readonly wait?: boolean } = {},
): Promise<FaultyHouse> {
  const plan = compileConfig(toConfig(CONFIG_SCHEMA.parse(withAuto({ http: { port: 0 }, servers }))), '/')
  const errors: object[] = []
  const ports: AssemblyPorts = {
    clock: systemClock,
    version: '0.0.0',
    log: { error: (detail) => void errors.push(detail), warn: () => {}, info: () => {}, debug: () => {} },
  }
  const gateway = openGateway(plan, ports)
  const server = await listenHttp(plan, gateway, hashToken(TOKEN), ports)
  if (wait) await gateway.settled()
  const url = `${server.url}/mcp/classic`
  return {
    gateway,
    url,
    errors,
    call: (tool, args = {}, era = 'legacy') => rpc(url, era, 'tools/call', { name: tool, arguments: args }),
    names: async (era = 'legacy') =>
      toolsIn(await rpc(url, era, 'tools/list')).map(({ name }) => name as string),
    async close() {
      await server.close()
      await gateway.close()
    },
  }
}

/** The text of a result, and the code where it is the gateway's own. */
export function endOf({ last }: RawAnswer): { readonly text: string; readonly code?: string } {
  const [first] = (last.result?.['content'] ?? []) as readonly { readonly text?: string }[]
  const meta = last.result?.['_meta'] as { 'isogate/error'?: { code?: string } } | undefined
  const code = meta?.['isogate/error']?.code ?? (last.error?.data?.['code'] as string | undefined)
  return { text: first?.text ?? last.error?.message ?? '', ...(code === undefined ? {} : { code }) }
}
