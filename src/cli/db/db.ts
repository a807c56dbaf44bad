import type { Command } from 'commander'

import type { VerbHost } from '../verb.ts'
import { addBackup } from './backup.ts'
import { addMigrate } from './migrate.ts'
import { addRekey } from './rekey.ts'
import { addRestore } from './restore.ts'

/** Adds `isogate db` with its verbs. */
export function addDb(program: Command, host: VerbHost): void {
  const command = program
    .command('db')
    .summary('back up, restore and migrate the store')
    .description('Works on the store: runs that wait, kept values, keys, approvals, budgets, audit, savings.')
    .addHelpText(
      'after',
      `
The store is a file of SQLite (\`store.path\`), or a database of PostgreSQL (\`store.url\`).

Examples:
  isogate db backup before-the-upgrade.jsonl
  isogate db restore before-the-upgrade.jsonl --force
  isogate db migrate
  isogate db rekey --new-key

\`isogate db <verb> --help\` tells more.`,
    )
  addBackup(command, host)
  addRestore(command, host)
  addMigrate(command, host)
  addRekey(command, host)
}
