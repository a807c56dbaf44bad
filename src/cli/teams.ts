import type { Command } from 'commander'

import type { TeamView } from '../core/identity-desk.ts'
import { sourceOf, toDetails } from './identity/print.ts'
import { addShelfVerbs } from './identity/shelf-verbs.ts'
import { toJsonText } from './output/printable.ts'
import type { VerbHost } from './verb.ts'

/** Adds `isogate teams` with its verbs. */
export function addTeams(program: Command, host: VerbHost): void {
  const teams = program
    .command('teams')
    .summary('teams: rules and limits that hold for all their keys')
    .description('Makes and looks after teams, in the store of this home. A gateway that runs follows.')
  addShelfVerbs(teams, host, {
    word: 'teams',
    thing: 'team',
    shelfOf: (desk) => desk.teams,
    columns: [
      { title: 'NAME', cell: ({ id }) => id },
      { title: 'ORGANISATION', cell: ({ settings }) => settings.organisation ?? '' },
      { title: 'TITLE', cell: ({ settings }) => settings.title ?? '' },
      { title: 'FROM', cell: (view: TeamView) => sourceOf(view) },
    ],
    withOptions: (command) =>
      command.option('--organisation <organisation>', 'the organisation that it belongs to'),
    examples: [
      ['isogate teams create data', 'a team that adds no rules'],
      [`isogate teams create data --organisation acme --ask '*.write_*'`, 'its writes wait for an approval'],
    ],
    tellCreated: ({ stdout }, view, { json }) =>
      stdout.write(`${json === true ? toJsonText(view, stdout) : toDetails(view, stdout)}\n`),
  })
}
