import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

import pg from 'pg'
import { inject, onTestFinished } from 'vitest'

import type { PostgresAnswer } from './postgres-setup.ts'

/**
 * Makes an empty database on a real server of PostgreSQL, which is started where it does not run yet. It is gone when the test has ended.
 *
 * @returns `postgresql://…`, with a password
 */
export async function newDatabase(): Promise<string> {
  const server = await askForServer()
  const name = `test_${randomBytes(8).toString('hex')}`
  await execute(server, `CREATE DATABASE ${name}`)
  onTestFinished(() => execute(server, `DROP DATABASE ${name} WITH (FORCE)`))
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

/** Runs statements on a connection of their own. */
export async function execute(url: string, statements: string): Promise<void> {
  await query(url, statements)
}

/** The rows of a statement; whole numbers as text. */
export async function query(url: string, statement: string): Promise<readonly object[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<object>(statement)).rows
  } finally {
    await client.end()
  }
}

async function askForServer(): Promise<string> {
  const answer = JSON.parse(await text(connect(inject('postgres')))) as PostgresAnswer
  if ('failure' in answer) throw new Error(answer.failure)
  return answer.url
}
