import { createHash, randomBytes } from 'node:crypto'
import { createWriteStream, existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { GatewayError } from '../../core/errors.ts'
import type { StoreCopy } from '../../core/store-desk.ts'
import type { Base } from '../sql/base.ts'
import type { SqlTransaction } from '../sql/sql.ts'
import { toText, type Line } from './format.ts'
import { readRows } from './rows.ts'
import { findTables } from './tables.ts'

/** Lines are written together up to this size. */
const CHUNK_CHARS = 64 * 1024

/**
 * Writes all rows of one moment into a file that only its owner can read. The file is there when it is whole.
 *
 * @throws GatewayError `file_exists`, `file_unwritable`, `store_unusable`
 */
export async function backUp(base: Base, file: string, mayReplace: boolean): Promise<StoreCopy> {
  if (!mayReplace && existsSync(file)) throw new GatewayError('file_exists', `${file} is there already.`)
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  try {
    const copy = await base.sql
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((sql) => writeAll(base, sql, draft))
    await rename(draft, file).catch(refuse)
    return copy
  } finally {
    await rm(draft, { force: true })
  }
}

async function writeAll(base: Base, sql: SqlTransaction, draft: string): Promise<StoreCopy> {
  const version = await base.version(sql)
  let rows = 0
  async function* lines(): AsyncGenerator<Line> {
    yield { kind: 'head', version }
    for (const table of await findTables(sql, base)) {
      const { name, columns } = table
      yield { kind: 'table', name, columns }
      for await (const row of readRows(sql, base.dialect, table)) {
        rows++
        yield { kind: 'row', values: columns.map((column) => row[column] ?? null) }
      }
    }
  }
  async function* chunks(): AsyncGenerator<string> {
    const digest = createHash('sha256')
    let chunk = ''
    try {
      for await (const line of lines()) {
        chunk += `${toText(line)}\n`
        if (chunk.length < CHUNK_CHARS) continue
        digest.update(chunk)
        yield chunk
        chunk = ''
      }
    } catch (error) {
      throw base.toError(error)
    }
    const sha256 = digest.update(chunk).digest('hex')
    yield `${chunk}${toText({ kind: 'end', rows, sha256 })}\n`
  }
  const target = createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true })
  await pipeline(Readable.from(chunks()), target).catch(refuse)
  return { rows, version }
}

/** What is no failure of the store is one of the file. */
function refuse(error: unknown): never {
  if (error instanceof GatewayError) throw error
  const { code = 'unknown error' } = error as NodeJS.ErrnoException
  throw new GatewayError('file_unwritable', `The backup cannot be written: ${code}.`, { cause: error })
}
