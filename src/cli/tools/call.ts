import type { Command } from 'commander'

import type { Progress } from '../../core/call.ts'
import { toJsonText } from '../output/printable.ts'
import type { CliPorts, ExitCode } from '../ports.ts'
import { during, withGateway } from '../session.ts'
import { act, describeVerb, withCallerOption, type CallerOptions, type VerbHost } from '../verb.ts'
import { readArguments, toArguments } from './arguments.ts'
import { renderResult } from './content.ts'
import { explainUnknown, findTool, guessRef } from './name.ts'

interface CallOptions extends CallerOptions {
  readonly json?: boolean
}

/** Adds `isogate tools call`. */
export function addCall(tools: Command, host: VerbHost): void {
  const command = tools
    .command('call')
    .summary('call a tool')
    .description('Calls a tool through the gateway and prints its result.')
    .argument('<name>', 'tool, as server.tool')
    .argument('[arguments...]', 'a JSON object, or key=value pairs, or - for JSON on the standard input')
  describeVerb(withCallerOption(command).option('--json', 'print the result as the server sent it'), {
    notes: `A value of a pair is text where the tool wants text; elsewhere it is read as JSON if it is JSON.
What a tool reports as its own failure goes to the error output, with exit code 1.`,
    examples: [
      ['isogate tools call everything.echo message=hello', 'pairs'],
      [`isogate tools call everything.get-sum '{"a": 1, "b": 2}'`, 'JSON'],
      ['isogate tools call memory.create_entities - < entities.json', 'from a file'],
    ],
  }).action(
    act(host, (name: string, words: string[], options: CallOptions) =>
      call(host.ports, name, words, options),
    ),
  )
}

async function call(
  ports: CliPorts,
  name: string,
  words: readonly string[],
  options: CallOptions,
): Promise<ExitCode> {
  const typed = await readArguments(words, ports.readStdin)
  return withGateway(ports, options, async (session) => {
    const spec = findTool(session, name)
    const unknown = spec === undefined ? explainUnknown(session, name) : undefined
    // An unknown name goes the way of every call, so that the refusal is recorded; only a dead server and a name without
    // a server are explained here.
    const tool = spec?.ref ?? guessRef(name)
    if (tool === undefined || unknown?.code === 'upstream_unavailable') throw unknown
    const result = await during(ports, `Calling ${name}`, (say) =>
      session.gateway.handler(
        Object.freeze({
          id: ports.newId(),
          door: 'cli',
          principal: session.principal,
          ...(session.client === undefined ? {} : { client: session.client }),
          tool,
          args: toArguments(typed, spec?.inputSchema),
          signal: ports.interrupted,
          onProgress: (progress: Progress) => say(`Calling ${name}: ${describeProgress(progress)}`),
        }),
      ),
    )
    const failed = result.isError === true
    if (options.json === true) ports.stdout.write(`${toJsonText(result, ports.stdout)}\n`)
    else if (!failed) ports.stdout.write(renderResult(result, ports.stdout))
    else ports.stderr.write(`isogate: ${name} failed:\n${renderResult(result, ports.stderr)}`)
    return failed ? 1 : 0
  })
}

function describeProgress({ progress, total, message }: Progress): string {
  const amount = total === undefined ? String(progress) : `${progress} of ${total}`
  return message === undefined ? amount : `${amount}, ${message}`
}
