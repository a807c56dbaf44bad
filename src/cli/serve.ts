import { setTimeout as sleep } from 'node:timers/promises'

import { InvalidArgumentError, type Command } from 'commander'

import type { Plan } from '../config/compile.ts'
import { GatewayError } from '../core/errors.ts'
import { createLog } from '../telemetry/log.ts'
import { UsageError } from './failure.ts'
import { whenInterrupted } from './interrupt.ts'
import { showServersStarting } from './output/servers.ts'
import { describeModeNow } from './output/mode-now.ts'
import { describeDoor } from './output/welcome.ts'
import type { CliPorts, DoorToken, ExitCode } from './ports.ts'
import { loadPlan } from './session.ts'
import { act, describeVerb, withConfigOption, type ConfigOptions, type VerbHost } from './verb.ts'
import { watchConfig } from './watch.ts'

interface ServeOptions extends ConfigOptions {
  readonly host?: string
  readonly port?: number
  readonly adminPort?: number
  readonly newToken?: boolean
  readonly newAdminToken?: boolean
  readonly watch: boolean
}

/** How long calls in flight may go on when the gateway is told to end. */
const FINISH_MS = 10_000

/** An answer is written a moment after its call has ended. */
const LAST_ANSWERS_MS = 50

const TOKEN_SHAPE = /^[\x21-\x7e]{16,4096}$/

/** Adds `isogate serve`. */
export function addServe(program: Command, host: VerbHost): void {
  const command = program
    .command('serve')
    .summary('serve the gateway over HTTP')
    .description('Starts the configured servers and serves them over HTTP until it is told to stop.')
  withConfigOption(command)
    .option('--host <host>', 'address to listen on (default: http.host, else 127.0.0.1)')
    .option(
      '-p, --port <number>',
      'port to listen on, 0 for a free one (default: http.port, else 7333)',
      toPort,
    )
    .option(
      '--admin-port <number>',
      'port of the admin API, 0 for a free one (default: admin.port, else 7334)',
      toPort,
    )
    .option('--new-token', 'make a new token; the old one is refused from then on')
    .option('--new-admin-token', 'the same for the token of administrators')
    .option('--no-watch', 'do not apply the configuration again when its file changes')
  describeVerb(command, {
    notes: `A server that cannot be started is shown with its reason; the others are served.
Callers send a token. One is made at the first start and printed once; its hash is kept in $ISOGATE_HOME
(default: ~/.isogate). http.token in the configuration, or else $ISOGATE_TOKEN, takes its place.
A change of the configuration file is applied while it runs, and so is SIGHUP where there is no terminal. A file with
errors is logged and changes nothing.
Ctrl-C or SIGTERM ends the gateway in good order, with exit code 0: calls in flight have ${FINISH_MS / 1_000} s to finish. A second
one ends it at once.`,
    examples: [
      ['isogate serve', 'serve isogate.yaml of this folder'],
      ['isogate serve --config team.yaml --port 0', 'another configuration, on a free port'],
      ['isogate serve --new-token', 'when the token is lost or has leaked'],
    ],
  }).action(act(host, (options: ServeOptions) => serve(host.ports, options)))
}

async function serve(ports: CliPorts, options: ServeOptions): Promise<ExitCode> {
  const loaded = await loadPlan(ports, options.config)
  const plan = withAddress(loaded.plan, options)
  const token = chooseToken(ports, plan, options.newToken === true)
  const adminToken = chooseAdminToken(ports, plan, options.newAdminToken === true)
  if (token.hash === adminToken.hash)
    throw new GatewayError(
      'token_invalid',
      'The token of the gateway is that of administrators: whoever may call would be an administrator.',
    )
  const isQuiet = { now: ports.stderr.isTerminal && options.logLevel === undefined }
  const log = createLog(options.logLevel ?? plan.log.level, ports.stderr.isTerminal)
  // While servers start, a terminal shows how each is doing: the log would say it a second time.
  const startLog = Object.freeze({
    ...log,
    info: (detail: object, message: string) => void (isQuiet.now || log.info(detail, message)),
    warn: (detail: object, message: string) => void (isQuiet.now || log.warn(detail, message)),
  })
  const gateway = await ports.openGateway(plan, startLog)
  const watch = watchConfig(ports, {
    path: loaded.path,
    gateway,
    adjust: (next) => withAddress(next, options),
    log: startLog,
    watchesFile: options.watch,
  })
  try {
    const door = await ports.listenHttp(plan, gateway, token.hash, startLog, watch.isStale)
    let admin: { readonly url: string; readonly close: () => Promise<void> } | undefined
    try {
      if (plan.admin.enabled) admin = await ports.listenAdmin(plan, gateway, adminToken.hash, startLog)
      ports.stdout.write(
        describeDoor(ports, {
          plan,
          path: loaded.path,
          url: door.url,
          token,
          ...(admin === undefined ? {} : { admin: { url: admin.url, token: adminToken } }),
        }),
      )
      await showServersStarting(ports, gateway, plan.disabledServers)
      const modeNow = ports.interrupted.aborted ? undefined : describeModeNow(gateway)
      if (modeNow !== undefined) ports.stdout.write(`${modeNow}\n`)
      isQuiet.now = false
      await whenInterrupted(ports.interrupted)
      ports.stderr.write('Stopping.\n')
      watch.stop()
      await gateway.finish(FINISH_MS)
      // Before the door: whoever waits for a call that is ended here is still told so.
      await gateway.close()
      await sleep(LAST_ANSWERS_MS)
    } finally {
      await admin?.close()
      await door.close()
    }
  } finally {
    watch.stop()
    await gateway.close()
  }
  return 0
}

function withAddress(plan: Plan, { host, port, adminPort }: ServeOptions): Plan {
  const http = {
    ...plan.http,
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
  }
  const admin = adminPort === undefined ? plan.admin : Object.freeze({ ...plan.admin, port: adminPort })
  return Object.freeze({ ...plan, http: Object.freeze(http), admin })
}

function chooseToken({ env, hashToken, loadToken }: CliPorts, plan: Plan, makeNew: boolean): DoorToken {
  const known = { option: '--new-token', place: '`http.token`', variable: 'ISOGATE_TOKEN' }
  return fixedToken(known, plan.http.token, env, hashToken, makeNew) ?? loadToken(makeNew)
}

function chooseAdminToken(
  { env, hashToken, loadAdminToken }: CliPorts,
  plan: Plan,
  makeNew: boolean,
): DoorToken {
  const known = { option: '--new-admin-token', place: '`admin.token`', variable: 'ISOGATE_ADMIN_TOKEN' }
  return fixedToken(known, plan.admin.token, env, hashToken, makeNew) ?? loadAdminToken(makeNew)
}

/** The token that the configuration or the environment says; undefined where neither does. */
function fixedToken(
  known: { readonly option: string; readonly place: string; readonly variable: string },
  configured: string | undefined,
  env: CliPorts['env'],
  hashToken: CliPorts['hashToken'],
  makeNew: boolean,
): DoorToken | undefined {
  const ofEnvironment = env[known.variable] === '' ? undefined : env[known.variable]
  const fixed = configured ?? ofEnvironment
  if (fixed === undefined) return undefined
  const source =
    configured === undefined ? `the variable ${known.variable}` : `${known.place} of the configuration`
  if (makeNew) throw new UsageError(`The token is that of ${source}: ${known.option} cannot replace it.`)
  if (!TOKEN_SHAPE.test(fixed))
    throw new GatewayError(
      'token_invalid',
      `The token in ${source} must have at least 16 visible ASCII characters and no spaces.`,
    )
  return { hash: hashToken(fixed) }
}

function toPort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('A port is a number from 0 to 65535.')
  return port
}
