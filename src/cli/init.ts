import { join } from 'node:path'

import type { Command } from 'commander'

import { CONFIG_FILE_NAMES } from '../config/load.ts'
import { renderTemplate } from '../config/template.ts'
import { GatewayError } from '../core/errors.ts'
import type { CliPorts, ExitCode } from './ports.ts'
import { act, describeVerb, type CommonOptions, type VerbHost } from './verb.ts'

interface InitOptions extends CommonOptions {
  readonly force?: boolean
}

/** Adds `isogate init`. */
export function addInit(program: Command, host: VerbHost): void {
  const command = program
    .command('init')
    .summary('write a first configuration')
    .description('Writes isogate.yaml with one example server into this folder.')
    .option('-f, --force', 'replace an isogate.yaml that is there')
  describeVerb(command, {
    examples: [
      ['isogate init', 'write isogate.yaml'],
      ['isogate init --force', 'begin again'],
    ],
  }).action(act(host, (options: InitOptions) => init(host.ports, options)))
}

async function init(ports: CliPorts, { force = false }: InitOptions): Promise<ExitCode> {
  const [name, ...others] = CONFIG_FILE_NAMES
  if (!force) {
    // A new isogate.yaml would hide these: it is looked for first.
    for (const other of others) {
      const read = await ports.readFile(join(ports.cwd, other), 0)
      if (read.kind !== 'missing') throw alreadyThere(other)
    }
  }
  const written = await ports.writeFile(join(ports.cwd, name), renderTemplate(), { exclusive: !force })
  if (written.kind === 'exists') throw alreadyThere(name)
  if (written.kind === 'failed')
    throw new GatewayError('file_unwritable', `${name} cannot be written: ${written.reason}.`)
  ports.stdout.write(
    [
      `Wrote ${name}.`,
      'Next: put your servers into it, or take them over from your clients with `isogate import`;',
      'check it with `isogate validate`, and start with `isogate serve`.',
      '',
    ].join('\n'),
  )
  return 0
}

function alreadyThere(name: string): GatewayError {
  return new GatewayError('file_exists', `${name} is there already.`)
}
