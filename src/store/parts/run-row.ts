import type { Selectable } from 'kysely'

import type { Json, JsonObject } from '../../core/json.ts'
import type { Seal } from '../../core/seal.ts'
import type { NewRun, RunSummary, SuspendedRun } from '../../core/store.ts'
import { placeOf } from '../sealing.ts'
import type { PartTables } from './tables.ts'

type Row = Selectable<PartTables['run']>

export const SUMMARY_COLUMNS = [
  'owner',
  'id',
  'savedAtMs',
  'expiresAtMs',
  'reasons',
  'claimUntilMs',
] as const satisfies readonly (keyof Row)[]

type Texts = Pick<Row, 'reasons' | 'options' | 'code' | 'input' | 'record'>

/** What a run holds, in text. */
export function toTexts({ reasons, options, code, input, record }: NewRun): Texts {
  return {
    reasons: JSON.stringify(reasons),
    options: JSON.stringify(options),
    code,
    input: input === undefined ? null : JSON.stringify(input),
    record: JSON.stringify(record),
  }
}

/** The same as it is written. Reasons are shown in lists, so they stay open. */
export function toSealed({ reasons, options, code, input, record }: Texts, run: NewRun, seal: Seal): Texts {
  const sealed = (column: string, text: string): string => seal.seal(text, placeIn(column, run))
  return {
    reasons,
    options: sealed('options', options),
    code: sealed('code', code),
    input: input === null ? null : sealed('input', input),
    record: sealed('record', record),
  }
}

/** The run of a row. @throws GatewayError `sealed` */
export function fromRow(row: Omit<Row, 'bytes' | 'claim' | 'claimUntilMs'>, seal: Seal): SuspendedRun {
  const { owner, id, savedAtMs, expiresAtMs, reasons } = row
  const opened = (column: string, text: string): string => seal.open(text, placeIn(column, row))
  return {
    id,
    owner,
    code: opened('code', row.code),
    ...(row.input === null ? {} : { input: JSON.parse(opened('input', row.input)) as Json }),
    options: JSON.parse(opened('options', row.options)) as JsonObject,
    record: JSON.parse(opened('record', row.record)) as Json,
    reasons: JSON.parse(reasons) as readonly string[],
    savedAtMs,
    expiresAtMs,
  }
}

export function toSummary(
  { id, owner, reasons, savedAtMs, expiresAtMs, claimUntilMs }: Pick<Row, (typeof SUMMARY_COLUMNS)[number]>,
  nowMs: number,
): RunSummary {
  return {
    id,
    owner,
    reasons: JSON.parse(reasons) as readonly string[],
    savedAtMs,
    expiresAtMs,
    isClaimed: claimUntilMs > nowMs,
  }
}

function placeIn(column: string, { owner, id }: Pick<Row, 'owner' | 'id'>): string {
  return placeOf(`run.${column}`, owner, id)
}
