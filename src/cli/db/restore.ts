import { resolve } from 'node:path'

import type { Command } from 'commander'

import { toJsonText } from '../output/printable.ts'
import type { ExitCode } from '../ports.ts'
import { act, describeVerb, withConfigOption, type VerbHost } from '../verb.ts'
import type { CopyOptions } from './backup.ts'
import { withDesk } from './desk.ts'

/** Adds `isogate db restore`. */
export function addRestore(db: Command, { ports, end }: VerbHost): void {
  const command = db
    .command('restore')
    .argument('<file>', 'a backup')
    .summary('put what a backup holds into the store')
    .description('Puts what a backup holds in the place of what the store holds: all of it or nothing.')
  describeVerb(
    withConfigOption(command)
      .option('-f, --force', 'also where the store holds something, which is lost')
      .option('--json', 'print { rows, version } as JSON'),
    {
      notes: `End the gateways of this store first. A backup of an older Isogate is brought up to date, one of a newer is
refused. Budgets, approvals and the audit are those of the moment of the backup.`,
      examples: [
        ['isogate db restore isogate-2026-11-22.jsonl', 'into a new store'],
        ['isogate db restore latest.jsonl --force', 'what is there now is lost'],
      ],
    },
  ).action(
    act({ ports, end }, async (name: string, { config, force = false, json = false }: CopyOptions) => {
      const file = resolve(ports.cwd, name)
      return withDesk<ExitCode>(ports, config, { mayMake: true }, async (desk) => {
        const copy = await desk.restore(file, force)
        if (json) ports.stdout.write(`${toJsonText(copy, ports.stdout)}\n`)
        else ports.stdout.write(`${copy.rows} rows of ${file} are in ${desk.where}.\n`)
        return 0
      })
    }),
  )
}
