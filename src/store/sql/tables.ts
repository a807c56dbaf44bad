import type { GovernanceTables } from '../governance/tables.ts'
import type { PartTables } from '../parts/tables.ts'

/** Every table of the store. Whole numbers are read as numbers by both databases; there are no booleans, only 0 and 1. */
export interface Tables extends PartTables, GovernanceTables {
  readonly migration: MigrationTable
}

export interface MigrationTable {
  readonly version: number
  readonly appliedAtMs: number
}
