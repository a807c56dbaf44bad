import { Option, type Command } from 'commander'

import { GatewayError } from '../core/errors.ts'
import { MODES, type Mode } from '../core/mode.ts'
import type { Principal } from '../core/principal.ts'
import { within } from '../core/within.ts'
import { createLog } from '../telemetry/log.ts'
import { whenInterrupted } from './interrupt.ts'
import type { CliPorts, ExitCode, OpenedGateway } from './ports.ts'
import { loadPlan } from './session.ts'
import { act, describeVerb, withCallerOption, type CallerOptions, type VerbHost } from './verb.ts'

/**
 * How long the first list waits for servers: a client asks once, at its start, and would take a list that is still empty
 * for the truth. Shorter than the patience of any client (the least is 10 s).
 */
const FIRST_LIST_WAIT_MS = 6_000

interface StdioOptions extends CallerOptions {
  readonly mode?: Mode
}

/** Adds `isogate stdio`. */
export function addStdio(program: Command, host: VerbHost): void {
  const command = program
    .command('stdio')
    .summary('serve the gateway to the client that started it')
    .description(
      'Serves the gateway as MCP over standard input and output, for clients that only start processes.',
    )
  withCallerOption(command).addOption(
    new Option('--mode <mode>', 'how tools are shown, in the place of `mode` of the configuration').choices(
      MODES,
    ),
  )
  describeVerb(command, {
    notes: `Only the protocol is written to the standard output; the log goes to the error output.
It ends, with all servers that it started, when its input ends.
Name the configuration with its full path: clients start programs in folders of their own choice.
The policy and the limits of a virtual key hold for the client where its secret is in $ISOGATE_KEY, or where --as
names it; --as goes over the variable. Without both, those of the gateway hold.`,
    examples: [
      ['isogate stdio --config /home/me/isogate.yaml', 'what a client runs'],
      ['isogate stdio --config /home/me/isogate.yaml --as agent', 'with the policy of the key "agent"'],
      ['claude mcp add isogate -- isogate stdio --config /home/me/isogate.yaml', 'for Claude Code'],
    ],
  }).action(act(host, (options: StdioOptions) => stdio(host.ports, options)))
}

async function stdio(ports: CliPorts, options: StdioOptions): Promise<ExitCode> {
  const { plan } = await loadPlan(ports, options.config)
  // Always lines for programs: this error output ends up in a client's log file.
  const log = createLog(options.logLevel ?? plan.log.level, false)
  const gateway = await ports.openGateway(plan, log)
  try {
    const principal = await findCaller(ports, gateway, options.as)
    const isOver = whenInterrupted(ports.interrupted)
    await Promise.race([within(gateway.settled(), FIRST_LIST_WAIT_MS), isOver])
    const door = await ports.listenStdio(gateway, log, {
      ...(options.mode === undefined ? {} : { mode: options.mode }),
      ...(principal === undefined ? {} : { principal }),
    })
    try {
      await Promise.race([ports.stdinEnded(), isOver])
    } finally {
      await door.close()
    }
  } finally {
    await gateway.close()
  }
  return 0
}

/**
 * The virtual key that the client calls with; undefined where there is none. A key that does not hold ends the process: a client that was
 * given one must not be served as somebody with more rights.
 *
 * @throws GatewayError `not_there`, `unauthorized`, `key_revoked`, `store_unusable`
 */
async function findCaller(
  { env }: CliPorts,
  { principalOf, governance: { keyring } }: OpenedGateway,
  as: string | undefined,
): Promise<Principal | undefined> {
  if (as !== undefined) return principalOf(as)
  const secret = env['ISOGATE_KEY']
  if (secret === undefined) return undefined
  const principal = keyring.authenticate(secret)
  if (principal === undefined)
    throw new GatewayError('unauthorized', 'The variable ISOGATE_KEY holds no key of this gateway.')
  keyring.of(principal)
  return principal
}
