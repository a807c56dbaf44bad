import { resolve } from 'node:path'

import type { Command } from 'commander'

import { toJsonText } from '../output/printable.ts'
import type { ExitCode } from '../ports.ts'
import { act, describeVerb, withConfigOption, type ConfigOptions, type VerbHost } from '../verb.ts'
import { withDesk } from './desk.ts'

export interface CopyOptions extends ConfigOptions {
  readonly force?: boolean
  readonly json?: boolean
}

/** Adds `isogate db backup`. */
export function addBackup(db: Command, { ports, end }: VerbHost): void {
  const command = db
    .command('backup')
    .argument('<file>', 'where it is written')
    .summary('write all that the store holds into a file')
    .description('Writes all that the store holds at one moment into a file, while gateways go on.')
  describeVerb(
    withConfigOption(command)
      .option('-f, --force', 'replace the file where it is there')
      .option('--json', 'print { file, rows, version } as JSON'),
    {
      notes: `The file is text, the same for SQLite and PostgreSQL, and can be restored into either. What is encrypted in the
store is encrypted in the file: keep its keys too (store.key in the state folder, or \`store.keys\`).`,
      examples: [
        ['isogate db backup isogate-2026-11-22.jsonl', 'readable by its owner only'],
        ['isogate db backup latest.jsonl --force', 'the last one is replaced when the new one is whole'],
      ],
    },
  ).action(
    act({ ports, end }, async (name: string, { config, force = false, json = false }: CopyOptions) => {
      const file = resolve(ports.cwd, name)
      return withDesk<ExitCode>(ports, config, {}, async (desk) => {
        const copy = await desk.backup(file, force)
        if (json) ports.stdout.write(`${toJsonText({ file, ...copy }, ports.stdout)}\n`)
        else ports.stdout.write(`${copy.rows} rows of ${desk.where} are in ${file}.\n`)
        return 0
      })
    }),
  )
}
