import { GOVERNANCE_MIGRATION } from './governance/migration.ts'
import { PARTS_MIGRATION } from './parts/migration.ts'
import type { Migration } from './sql/sql.ts'

/** The steps from an empty database to the schema of today. */
export const MIGRATIONS: readonly Migration[] = [PARTS_MIGRATION, GOVERNANCE_MIGRATION]
