import type { Command } from 'commander'

import type { VerbHost } from '../verb.ts'
import { addCall } from './call.ts'
import { addDescribe } from './describe.ts'
import { addList } from './list.ts'
import { addSearch } from './search.ts'

/** Adds `isogate tools` with its verbs. */
export function addTools(program: Command, host: VerbHost): void {
  const command = program
    .command('tools')
    .summary('list, search, describe and call tools')
    .description(
      'Looks at the tools of the configured servers and calls them, as a client of the gateway would.',
    )
    .addHelpText(
      'after',
      `
Each verb starts the configured servers, does its work and ends them.
A tool is named server.tool, server__tool or tools.server.tool.

Examples:
  isogate tools ls                                     all servers and tools
  isogate tools search "read a file"                   the tools that fit best
  isogate tools describe filesystem.read_file          its TypeScript declaration
  isogate tools call everything.echo message=hello     call it

\`isogate tools <verb> --help\` tells more.`,
    )
  addList(command, host)
  addSearch(command, host)
  addDescribe(command, host)
  addCall(command, host)
}
