import type { Command } from 'commander'

import { printDeclarations } from '../../catalog/stubs/declarations.ts'
import type { GatewayError } from '../../core/errors.ts'
import { toolKey, type ToolSpec } from '../../core/tool.ts'
import { reportFailure } from '../failure.ts'
import { toJsonText, toPrintable } from '../output/printable.ts'
import type { CliPorts, ExitCode } from '../ports.ts'
import { withGateway } from '../session.ts'
import { act, describeVerb, withConfigOption, type ConfigOptions, type VerbHost } from '../verb.ts'
import { explainUnknown, findTool } from './name.ts'

interface DescribeOptions extends ConfigOptions {
  readonly json?: boolean
}

/** Adds `isogate tools describe`. */
export function addDescribe(tools: Command, host: VerbHost): void {
  const command = tools
    .command('describe')
    .summary('TypeScript declarations of tools')
    .description('Prints the TypeScript declarations of tools, as a script sees them.')
    .argument('<name...>', 'tools, as server.tool')
  describeVerb(
    withConfigOption(command).option(
      '--json',
      'print { declarations, tools, unknown } as JSON: the definitions of the servers too',
    ),
    {
      examples: [
        ['isogate tools describe filesystem.read_file', 'arguments and result of a tool'],
        ['isogate tools describe memory.read_graph memory.open_nodes', 'of several tools'],
      ],
    },
  ).action(act(host, (names: string[], options: DescribeOptions) => describe(host.ports, names, options)))
}

function describe(ports: CliPorts, names: readonly string[], options: DescribeOptions): Promise<ExitCode> {
  return withGateway(ports, options, async (session) => {
    const { stdout } = ports
    const found = new Map<string, ToolSpec>()
    const unknown: GatewayError[] = []
    for (const name of names) {
      const spec = findTool(session, name)
      if (spec === undefined) unknown.push(explainUnknown(session, name))
      else found.set(toolKey(spec.ref), spec)
    }
    const specs = [...found.values()]
    const declarations =
      specs.length === 0 ? '' : printDeclarations(specs, session.gateway.snapshot().catalog.names)
    if (options.json === true) {
      const report = {
        declarations,
        tools: specs.map((spec) => ({ key: toolKey(spec.ref), definition: spec.definition })),
        unknown: unknown.map(({ code, message, detail }) => ({ code, message, ...detail })),
      }
      stdout.write(`${toJsonText(report, stdout)}\n`)
    } else if (declarations !== '') {
      stdout.write(toPrintable(declarations))
    }
    for (const error of unknown) reportFailure(ports, error, false)
    return unknown.length === 0 ? 0 : 1
  })
}
