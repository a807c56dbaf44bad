import { systemClock } from '../../src/assemble.ts'
import { compileConfig, type Plan, type ServerPlan } from '../../src/config/compile.ts'
import { CONFIG_SCHEMA, toConfig } from '../../src/config/schema.ts'
import type { Call } from '../../src/core/call.ts'
import { GatewayError } from '../../src/core/errors.ts'
import type { JournalRecord } from '../../src/core/ports.ts'
import { textResult, type Result } from '../../src/core/result.ts'
import { createGateway, type Gateway, type GatewayParts } from '../../src/gateway/gateway.ts'
import { handMadeBackend, type HandMadeBackend } from './hand-made-backend.ts'
import { withAuto } from './auto-policy.ts'

/** A backend that the gateway started, in the order of starting. */
export interface Started {
  readonly plan: ServerPlan
  readonly backend: HandMadeBackend
  readonly isClosed: () => boolean
}

/** How the servers of a test behave. */
export interface Behaviour extends Pick<GatewayParts, 'provisionMs' | 'drainMs'> {
  /** Answers a call; whatever it does, a call that is in flight when its backend is closed fails. */
  readonly answer?: (call: Call, plan: ServerPlan) => Promise<Result>
  readonly settled?: (plan: ServerPlan) => Promise<void>
  /** What `code.run_script` does. */
  readonly script?: (call: Call, gateway: Gateway) => Promise<Result>
  /** Throws where the server cannot even be started. */
  readonly onStart?: (plan: ServerPlan) => void
}

/** A gateway whose servers come and go with its configuration. */
export interface ChangingHouse extends AsyncDisposable {
  readonly gateway: Gateway
  readonly started: readonly Started[]
  readonly records: readonly JournalRecord[]
  /** The newest backend of a server. */
  readonly of: (server: string) => Started
}

/** The plan of servers that differ by their arguments: `{ alpha: 'v1' }`. */
export function planOf(versions: Readonly<Record<string, string>>, config: object = {}): Plan {
  const servers = Object.fromEntries(
    Object.entries(versions).map(([name, version]) => [name, { command: 'made-by-hand', args: [version] }]),
  )
  return compileConfig(toConfig(CONFIG_SCHEMA.parse(withAuto({ ...config, servers }))), '/')
}

/** The arguments of a server's plan, which its tools answer with. */
export function versionOf(plan: ServerPlan): string {
  return plan.kind === 'stdio' ? plan.args.join(' ') : plan.url
}

export function openChangingHouse(plan: Plan, behaviour: Behaviour = {}): ChangingHouse {
  const { answer, settled, onStart, script, ...limits } = behaviour
  const started: Started[] = []
  const records: JournalRecord[] = []
  const gateway = createGateway({
    ...limits,
    plan,
    clock: systemClock,
    journal: { write: (record) => void records.push(record) },
    onFault: () => {},
    createUpstream: (server) => {
      onStart?.(server)
      const closed = Promise.withResolvers<never>()
      closed.promise.catch(() => {})
      let isClosed = false
      const reply = (call: Call): Promise<Result> => {
        const result = answer?.(call, server) ?? Promise.resolve(textResult(versionOf(server)))
        return Promise.race([closed.promise, result])
      }
      const backend: HandMadeBackend = {
        ...handMadeBackend(server.name, { say: { answer: reply } }),
        settled: () => settled?.(server) ?? Promise.resolve(),
        close: () => {
          isClosed = true
          closed.reject(new GatewayError('upstream_closed', `${server.name} was closed.`))
          return Promise.resolve()
        },
      }
      started.push({ plan: server, backend, isClosed: () => isClosed })
      return backend
    },
    createOwnBackends: (late) =>
      script === undefined
        ? []
        : [handMadeBackend('code', { run_script: { answer: (call) => script(call, late()) } })],
  })
  return {
    gateway,
    started,
    records,
    of: (server) => {
      const newest = started.findLast((one) => one.plan.name === server)
      if (newest === undefined) throw new Error(`${server} was never started`)
      return newest
    },
    [Symbol.asyncDispose]: () => gateway.close(),
  }
}
