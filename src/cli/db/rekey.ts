import type { Command } from 'commander'

import type { ExitCode } from '../ports.ts'
import { act, describeVerb, withConfigOption, type ConfigOptions, type VerbHost } from '../verb.ts'
import { withDesk } from './desk.ts'

interface RekeyOptions extends ConfigOptions {
  readonly newKey?: boolean
}

/** Adds `isogate db rekey`. */
export function addRekey(db: Command, { ports, end }: VerbHost): void {
  const command = db
    .command('rekey')
    .summary('encrypt all values of the store with the first key')
    .description('Encrypts every value in the store anew, with the first of its keys.')
  describeVerb(
    withConfigOption(command).option('--new-key', 'make a new key first, in store.key of the state folder'),
    {
      notes: `A gateway that runs cannot read what was encrypted with a key that it does not know: end the gateways first, or
start them anew with the new key as the second one. When all values have the new key the old one can be taken away.
Backups still need it.`,
      examples: [
        ['isogate db rekey', 'after a key was put before the others in `store.keys`'],
        ['isogate db rekey --new-key', 'where the keys are in the state folder'],
      ],
    },
  ).action(
    act({ ports, end }, async ({ config, newKey = false }: RekeyOptions) =>
      withDesk<ExitCode>(ports, config, { hasNewKey: newKey }, async (desk) => {
        const count = await desk.rekey()
        ports.stdout.write(`${count} values of ${desk.where} are encrypted with the first key.\n`)
        return 0
      }),
    ),
  )
}
