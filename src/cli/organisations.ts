import type { Command } from 'commander'

import type { OrganisationView } from '../core/identity-desk.ts'
import { sourceOf, toDetails } from './identity/print.ts'
import { addShelfVerbs } from './identity/shelf-verbs.ts'
import { toJsonText } from './output/printable.ts'
import type { VerbHost } from './verb.ts'

/** Adds `isogate orgs` with its verbs. */
export function addOrganisations(program: Command, host: VerbHost): void {
  const organisations = program
    .command('orgs')
    .alias('organisations')
    .summary('organisations: rules and limits that hold for all their teams')
    .description(
      'Makes and looks after organisations, in the store of this home. A gateway that runs follows.',
    )
  addShelfVerbs(organisations, host, {
    word: 'orgs',
    thing: 'organisation',
    shelfOf: (desk) => desk.organisations,
    columns: [
      { title: 'NAME', cell: ({ id }) => id },
      { title: 'TITLE', cell: ({ settings }) => settings.title ?? '' },
      { title: 'FROM', cell: (view: OrganisationView) => sourceOf(view) },
    ],
    withOptions: (command) => command,
    examples: [
      ['isogate orgs create acme --title "Acme Ltd."', 'one that adds no rules'],
      [
        `isogate orgs create acme --deny '*.delete_*' --budget money=500/month`,
        'rules and limits for all of it',
      ],
    ],
    tellCreated: ({ stdout }, view, { json }) =>
      stdout.write(`${json === true ? toJsonText(view, stdout) : toDetails(view, stdout)}\n`),
  })
}
