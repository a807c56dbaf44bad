import { listenHttp, listenStdio, openGateway, systemClock, type AssemblyPorts } from '../../src/assemble.ts'
import { compileConfig, type Plan } from '../../src/config/compile.ts'
import { CONFIG_SCHEMA, toConfig } from '../../src/config/schema.ts'
import type { JournalRecord, Offer } from '../../src/core/ports.ts'
import type { Sandbox } from '../../src/core/run.ts'
import { GatewayError } from '../../src/core/errors.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { hashToken } from '../../src/http/auth.ts'
import type { HttpServer } from '../../src/http/server.ts'
import { handMadeBackend, type HandMadeBackend, type HandMadeTool } from './hand-made-backend.ts'
import { withAuto } from './auto-policy.ts'

/** The bearer token of every gateway of a test. */
export const TOKEN = 'isg_a-token-for-tests-only'

/** What a test says of its gateway: hand-made servers with their tools, and parts of a configuration. */
export interface HouseParts {
  readonly servers: Readonly<Record<string, Readonly<Record<string, HandMadeTool>>>>
  /** Per server, as in a configuration: `tools`, `limits`, `timeouts`. */
  readonly serverConfig?: Readonly<Record<string, object>>
  /** Per server, what it has beside its tools. */
  readonly offers?: Readonly<Record<string, Offer>>
  /** Beside the servers, as in a configuration. */
  readonly config?: object
  /** False: no cell is started, and a script cannot be run. */
  readonly scripts?: boolean
}

const NO_SANDBOX: Sandbox = {
  run: () => Promise.reject(new GatewayError('sandbox_unavailable', 'This gateway has no cells.')),
  close: () => Promise.resolve(),
}

/** A whole gateway in this process: everything is real but the servers. */
export interface House extends AsyncDisposable {
  readonly plan: Plan
  readonly gateway: Gateway
  readonly backends: Readonly<Record<string, HandMadeBackend>>
  /** Everything that the journal was given. */
  readonly records: readonly JournalRecord[]
  /** What went to the log as an error. */
  readonly errors: readonly object[]
  readonly listenHttp: () => Promise<HttpServer>
  readonly listenStdio: () => { close: () => Promise<void> }
  readonly close: () => Promise<void>
}

/** The plan of a house; another one for a reload where the configuration differs. */
export function housePlan({ servers, serverConfig = {}, config = {} }: HouseParts): Plan {
  return compileConfig(
    toConfig(
      CONFIG_SCHEMA.parse({
        http: { port: 0 },
        ...withAuto(config),
        servers: Object.fromEntries(
          Object.keys(servers).map((name) => [name, { command: 'made-by-hand', ...serverConfig[name] }]),
        ),
      }),
    ),
    '/',
  )
}

export function openHouse(parts: HouseParts): House {
  const { servers, offers = {}, scripts = true } = parts
  const plan = housePlan(parts)
  const backends = Object.fromEntries(
    Object.entries(servers).map(([name, tools]) => {
      const offer = offers[name]
      const backend = handMadeBackend(name, tools)
      return [name, offer === undefined ? backend : { ...backend, offer: () => offer }]
    }),
  )
  const records: JournalRecord[] = []
  const errors: object[] = []
  const ports: AssemblyPorts = {
    clock: systemClock,
    version: '0.0.0',
    log: { error: (detail) => void errors.push(detail), warn: () => {}, info: () => {}, debug: () => {} },
  }
  const gateway = openGateway(plan, {
    ...ports,
    journal: { write: (record) => void records.push(record) },
    createUpstream: ({ name }) => backends[name] ?? handMadeBackend(name, {}),
    ...(scripts ? {} : { sandbox: NO_SANDBOX }),
  })
  const open: { close: () => Promise<void> }[] = [gateway]
  const close = async (): Promise<void> => {
    // Doors first, as a process that ends does.
    for (const thing of open.splice(0).toReversed()) await thing.close()
  }
  return {
    plan,
    gateway,
    backends,
    records,
    errors,
    listenHttp: async () => {
      const server = await listenHttp(plan, gateway, hashToken(TOKEN), ports)
      open.push(server)
      return server
    },
    listenStdio: () => {
      const door = listenStdio(gateway, ports)
      open.push(door)
      return door
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
