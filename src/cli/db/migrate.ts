import type { Command } from 'commander'

import type { ExitCode } from '../ports.ts'
import { act, describeVerb, withConfigOption, type ConfigOptions, type VerbHost } from '../verb.ts'
import { withDesk } from './desk.ts'

/** Adds `isogate db migrate`. */
export function addMigrate(db: Command, { ports, end }: VerbHost): void {
  const command = db
    .command('migrate')
    .summary('bring the schema of the store up to date')
    .description('Brings the schema of the store up to date, and makes the store where there is none.')
  describeVerb(withConfigOption(command), {
    notes: `Every gateway does it when it starts. By itself it is of use where several gateways share one database, or
where only one user of the database may change the schema. There is no way back but a backup.`,
    examples: [['isogate db migrate', 'says what it found and what it made of it']],
  }).action(
    act({ ports, end }, async ({ config }: ConfigOptions) =>
      withDesk<ExitCode>(ports, config, { mayMake: true }, async (desk) => {
        const { from, to } = await desk.migrate()
        const what = from === to ? `is up to date (version ${to})` : `went from version ${from} to ${to}`
        ports.stdout.write(`${desk.where} ${what}.\n`)
        return 0
      }),
    ),
  )
}
