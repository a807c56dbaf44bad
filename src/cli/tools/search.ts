import { InvalidArgumentError, type Command } from 'commander'

import { toJsonText, toPrintable } from '../output/printable.ts'
import type { CliPorts, ExitCode } from '../ports.ts'
import { noteDownServers, withGateway } from '../session.ts'
import { act, describeVerb, withConfigOption, type ConfigOptions, type VerbHost } from '../verb.ts'

interface SearchOptions extends ConfigOptions {
  readonly json?: boolean
  readonly server?: string
  readonly limit?: number
  readonly cursor?: string
}

/** Adds `isogate tools search`. */
export function addSearch(tools: Command, host: VerbHost): void {
  const command = tools
    .command('search')
    .summary('the tools that fit a few words best')
    .description(
      'Searches names, descriptions, servers and parameters, and prints the best matches as signatures.',
    )
    .argument('<query...>', 'words to look for')
    .option('--server <name>', 'only tools of this server')
    .option('--limit <number>', 'matches on a page, 5 to 50 (default: 8)', toWhole)
    .option('--cursor <text>', 'where the next page begins, as the page before said')
  describeVerb(
    withConfigOption(command).option('--json', 'print { total, offset, nextCursor, matches } as JSON'),
    {
      notes: 'This is what the tool `search_tools` shows to a model.',
      examples: [
        ['isogate tools search read a file', 'ranked, best first'],
        ['isogate tools search graph --server memory --limit 20', 'within one server'],
      ],
    },
  ).action(act(host, (query: string[], options: SearchOptions) => search(host.ports, query, options)))
}

function search(ports: CliPorts, words: readonly string[], options: SearchOptions): Promise<ExitCode> {
  return withGateway<ExitCode>(ports, options, async ({ gateway, isVisible }) => {
    const { stdout } = ports
    const { server, limit, cursor } = options
    const snapshot = gateway.snapshot()
    const page = snapshot.search().query({
      text: words.join(' '),
      // Scripts cannot call Isogate's own tools, so a signature of one would mislead.
      visible: (spec) => gateway.ownTool(spec.ref.name) !== spec && isVisible(spec),
      ...(server === undefined ? {} : { server }),
      ...(limit === undefined ? {} : { limit }),
      ...(cursor === undefined ? {} : { cursor }),
    })
    noteDownServers(ports, gateway)
    if (options.json === true) {
      const matches = page.matches.map(({ spec, score }) => ({
        key: `${spec.ref.server}.${spec.ref.name}`,
        path: snapshot.catalog.names.of(spec.ref)?.path,
        score,
        signature: snapshot.index().signature(spec),
      }))
      stdout.write(`${toJsonText({ ...page, matches }, stdout)}\n`)
    } else {
      stdout.write(`${toPrintable(snapshot.index().renderMatches(page))}\n`)
    }
    return 0
  })
}

function toWhole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is a whole number.')
  return Number(text)
}
