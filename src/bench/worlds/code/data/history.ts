import { createSeed } from '../../seed.ts'
import { MEMBERS } from './issues.ts'

/** A commit as a comparison lists it. */
type Commit = Readonly<{
  sha: string
  message: string
  author: Readonly<{ login: string; email: string }>
  committedAt: string
  pull: number
  verified: boolean
  files: readonly Readonly<{ path: string; status: string; additions: number; deletions: number }>[]
}>

const FOLDERS = [
  'src/checkout',
  'src/ledger/entries',
  'src/search/index',
  'src/sessions',
  'src/exports/monthly',
  'src/webhooks',
  'web/pages/account',
  'web/components/table',
  'test/ledger',
  'test/exports',
  'docs/handbook',
  'config/limits',
] as const

const FILES = [
  'index.ts',
  'totals.ts',
  'page.ts',
  'queue.ts',
  'schema.ts',
  'lock.ts',
  'format.ts',
  'import.ts',
] as const

const MESSAGES = [
  'Count refunds in the time zone of the account',
  'Retry webhooks with a growing pause',
  'Release the lock before the file is written',
  'Keep filters in the address',
  'Read long lists in pages',
  'Show the currency beside each amount',
  'Escape names before they are put into queries',
  'Drop cached totals after an import',
  'Split the table of sessions',
  'Test the last hour of a month',
] as const

/** Changes of tables, by the position of their commit. */
const MIGRATIONS: Readonly<Record<number, string>> = {
  9: 'db/migrations/0142_session_table.sql',
  27: 'db/migrations/0143_refund_zone.sql',
  41: 'db/migrations/0144_webhook_attempts.sql',
  54: 'db/migrations/0145_drop_cached_totals.sql',
}

/** The commits between v2.3.0 and v2.4.0, the oldest first. */
export function createCommits(): readonly Commit[] {
  const seed = createSeed(240)
  return Array.from({ length: 60 }, (_, index) => {
    const login = seed.pick(MEMBERS)
    const migration = MIGRATIONS[index]
    const files = Array.from({ length: seed.integer(2, 5) }, () => ({
      path: `${seed.pick(FOLDERS)}/${seed.pick(FILES)}`,
      status: seed.chance(0.2) ? 'added' : 'modified',
      additions: seed.integer(1, 140),
      deletions: seed.integer(0, 60),
    }))
    return {
      sha: seed.hex(40),
      message: `${seed.pick(MESSAGES)} (#${600 + Math.floor(index * 0.8)})`,
      author: { login, email: `${login}@atlas.example` },
      committedAt: new Date(Date.UTC(2026, 1, 9) + index * 31_620_000).toISOString(),
      pull: 600 + Math.floor(index * 0.8),
      verified: seed.chance(0.9),
      files:
        migration === undefined
          ? files
          : [...files, { path: migration, status: 'added', additions: seed.integer(8, 40), deletions: 0 }],
    }
  })
}
