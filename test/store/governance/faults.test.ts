import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, openSync, closeSync, readFileSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'

import { expect, onTestFinished, test } from 'vitest'

import { makeFolder } from '../house.ts'
import { execute, newDatabase } from '../postgres.ts'
import { bodyOf, findBreak, nameOf, readAll } from './audit-rows.ts'
import { openParts, REAL_CLOCK } from './open-parts.ts'

const PAGE_BYTES = 4_096

async function openFile() {
  const path = join(makeFolder(), 'isogate.db')
  const house = await openParts({ path }, REAL_CLOCK)
  onTestFinished(house.close)
  return { path, house }
}

test('where the disk is full nothing is confirmed; when there is room again, all goes on', async () => {
  const path = join(makeFolder(), 'isogate.db')
  await (await openParts({ path }, REAL_CLOCK)).close()
  const program = join(import.meta.dirname, 'programs', 'bounded.ts')
  // The largest file that the process may write, in KiB: what a full disk says, it says.
  const shell = `ulimit -S -f 3000; exec "$0" "$1" "$2"`
  const child = spawn('bash', ['-c', shell, process.execPath, program, path], { stdio: 'pipe' })
  onTestFinished(() => void child.kill('SIGKILL'))
  const errors = text(child.stderr)
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const step = async (): Promise<string> => {
    child.stdin.write('go\n')
    return String((await lines.next()).value)
  }
  expect((await lines.next()).value).toBe('ready')
  const confirmed: string[] = []
  const seen: string[] = []
  const note = (line: string): void => {
    seen.push(line)
    const [name = ''] = line.split(' ')
    if (name.startsWith('e')) confirmed.push(name)
  }
  for (let index = 0; index < 60; index++) note(await step())
  expect(seen[0]).toBe('e0 taken')
  expect(seen.at(-1)).toBe('store_unusable store_unusable')
  expect(seen.join(' ')).not.toContain('other')
  expect(spawnSync('prlimit', [`--pid=${child.pid}`, '--fsize=unlimited']).status).toBe(0)
  for (let index = 0; index < 5; index++) note(await step())
  expect(seen.at(-1)).toBe('e64 taken')
  child.stdin.end()
  child.kill('SIGKILL')
  await errors

  const house = await openParts({ path }, REAL_CLOCK)
  const rows = await readAll(house.audit)
  await house.close()
  expect(findBreak(rows)).toBeUndefined()
  expect(rows.map(nameOf)).toEqual(confirmed)
})

test('a file that was damaged is refused, and used again when it is whole', async () => {
  const path = join(makeFolder(), 'isogate.db')
  const before = await openParts({ path }, REAL_CLOCK)
  await before.audit.append(Array.from({ length: 500 }, (_, index) => bodyOf(`e${index}`)))
  await before.close()
  expect(statSync(path).size).toBeGreaterThan(20 * PAGE_BYTES)
  const copy = `${path}.whole`
  copyFileSync(path, copy)

  const house = await openParts({ path }, REAL_CLOCK)
  onTestFinished(house.close)
  const write = (bytes: Uint8Array): void => {
    const file = openSync(path, 'r+')
    writeSync(file, bytes, 0, bytes.length, PAGE_BYTES)
    closeSync(file)
  }
  const whole = readFileSync(copy)
  write(Buffer.alloc(whole.length - PAGE_BYTES, 0xa5))
  await expect(house.audit.append([bodyOf('refused')])).rejects.toMatchObject({ code: 'store_unusable' })
  await expect(house.audit.append([bodyOf('refused')])).rejects.toMatchObject({ code: 'store_unusable' })
  write(whole.subarray(PAGE_BYTES))
  await house.audit.append([bodyOf('e500')])
  const rows = await readAll(house.audit)
  expect(findBreak(rows)).toBeUndefined()
  expect(rows.map(nameOf).slice(-2)).toEqual(['e499', 'e500'])
})

test('while somebody else writes an append waits, and the main thread does not', async () => {
  const { path, house } = await openFile()
  await house.audit.append([bodyOf('e1')])
  const other = new DatabaseSync(path)
  other.exec('BEGIN IMMEDIATE')
  let isDone = false
  const appended = house.audit.append([bodyOf('e2')]).then(() => (isDone = true))
  // The thread is there, so it has begun by then.
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setTimeout(resolve, 1))
  expect(isDone).toBe(false)
  other.exec('COMMIT')
  other.close()
  await appended
  expect(await house.audit.last()).toMatchObject({ seq: 2 })
})

test('a table that is gone is a fault of the store, and a thread that ended is replaced', async () => {
  const { path, house } = await openFile()
  const other = new DatabaseSync(path)
  other.exec('ALTER TABLE "auditRow" RENAME TO "elsewhere"')
  await expect(house.audit.append([bodyOf('refused')])).rejects.toMatchObject({ code: 'store_unusable' })
  other.exec('ALTER TABLE "elsewhere" RENAME TO "auditRow"')
  other.close()
  expect(await house.audit.append([bodyOf('e1')])).toMatchObject({ seq: 1 })
})

test('PostgreSQL: a connection that is cut in the middle loses nothing that was confirmed', async () => {
  const url = await newDatabase()
  const house = await openParts({ url }, REAL_CLOCK)
  onTestFinished(house.close)
  const confirmed: string[] = []
  const refused: string[] = []
  const cut = () =>
    execute(
      url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'isogate' AND datname = current_database()`,
    )
  const cuts: Promise<void>[] = []
  for (let index = 0; index < 60; index++) {
    const appended = house.audit.append([bodyOf(`e${index}`)])
    if (index % 7 === 3) cuts.push(cut())
    await appended.then(
      () => confirmed.push(`e${index}`),
      (error: { readonly code: string }) => refused.push(error.code),
    )
  }
  await Promise.all(cuts)
  await house.audit.append([bodyOf('last')])
  const rows = await readAll(house.audit)
  expect(findBreak(rows)).toBeUndefined()
  const names = new Set(rows.map(nameOf))
  expect(confirmed.filter((name) => !names.has(name))).toEqual([])
  expect(refused.every((code) => code === 'store_unusable')).toBe(true)
})
