import { randomBytes, randomUUID } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { anchorFile, openAnchor } from '../../src/audit/anchor.ts'
import { createAudit } from '../../src/audit/audit.ts'
import { auditKeyFile, loadSigningKey, newSigningKey, publicKeyFile } from '../../src/audit/signing-key.ts'
import type { AuditEvent } from '../../src/core/audit.ts'
import { openStore } from '../../src/store/store.ts'
import { runInProcess } from '../cli/in-process.ts'
import { createPlace, run, type Ended, type Place } from '../cli/program.ts'
import { callEvent } from './events.ts'
import { newFolder } from './house.ts'

const HOUR_MS = 3_600_000

let place: Place
let keyFile: string
beforeAll(async () => {
  place = await createPlace()
  keyFile = auditKeyFile(join(place.folder, 'home'))
  await record([
    callEvent(0, { atMs: Date.now() - 5 * HOUR_MS, id: 'run-1', tool: 'code.run_script' }),
    callEvent(1, { atMs: Date.now(), parent: 'run-1', door: 'script', tool: 'files.write_file' }),
    callEvent(2, {
      atMs: Date.now(),
      principal: 'key:evil\u001b[31m',
      tool: '=cmd|calc',
      outcome: 'refused',
      code: 'unknown_tool',
    }),
  ])
})
afterAll(() => place.remove())

/** Records events as a gateway does. */
async function record(events: readonly AuditEvent[]): Promise<void> {
  const faults: Error[] = []
  const key = loadSigningKey(keyFile, () => {})
  const clock = { nowMs: Date.now, monotonicMs: () => performance.now() }
  const store = await openStore({
    path: join(place.folder, 'home', 'isogate.db'),
    clock,
    random: randomBytes,
  })
  const audit = createAudit({
    store: store.audit,
    key,
    anchor: openAnchor(anchorFile(keyFile)),
    settings: { checkpointRows: 1_000, checkpointMs: 60_000 },
    clock,
    newId: randomUUID,
    onFault: (error) => void faults.push(error),
  })
  for (const event of events) await audit.record(event)
  await audit.close()
  await store.close()
  expect(faults).toEqual([])
}

function runAudit(...args: readonly string[]): Promise<Ended> {
  return run(place, ['audit', ...args])
}

async function listed(...args: readonly string[]): Promise<readonly number[]> {
  const { stdout } = await runAudit('ls', '--json', ...args)
  return (JSON.parse(stdout) as { events: { seq: number }[] }).events.map(({ seq }) => seq)
}

test('ls shows the newest last, and nothing that acts on a terminal', async () => {
  const { code, stdout, stderr } = await runAudit('ls')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const lines = stdout.trimEnd().split('\n')
  expect(lines[0]).toMatch(/^SEQ +TIME +KIND +PRINCIPAL +DOOR +TOOL +OUTCOME +MS +RULE OR DETAIL$/)
  expect(lines).toHaveLength(4)
  expect(lines[3]).toMatch(/^3 .*key:evil +mcp +=cmd\|calc +unknown_tool/)
  expect(stdout).not.toContain('\u001b')
})

test('ls finds by time, principal, tool, kind and outcome', async () => {
  expect(await listed('--since', '1h')).toEqual([2, 3])
  expect(await listed('--until', '1h')).toEqual([1])
  expect(await listed('-p', 'key:build', '-t', 'files.write_file')).toEqual([2])
  expect(await listed('--outcome', 'refused')).toEqual([3])
  expect(await listed('--limit', '2')).toEqual([2, 3])
  expect(await listed('--kind', 'login')).toEqual([])
})

test.each([
  ['--since', 'yesterday'],
  ['--until', '2026-13-40'],
  ['--limit', '0'],
  ['--limit', '10001'],
  ['--kind', 'nothing'],
])('ls %s %s is wrong usage', async (...args) => {
  expect((await runInProcess(place.folder, ['audit', 'ls', ...args])).code).toBe(2)
})

test('show finds an event by its number, and all of a run by its id', async () => {
  const one = await runAudit('show', '3')
  expect(one.stdout).toMatch(/^3 call\n/)
  expect(one.stdout).toMatch(/\n {2}hash +[0-9a-f]{64}\n$/)
  const { stdout } = await runAudit('show', 'run-1', '--json')
  expect((JSON.parse(stdout) as { events: object[] }).events).toMatchObject([
    { seq: 1, id: 'run-1' },
    { seq: 2, parent: 'run-1' },
  ])
  expect(await runAudit('show', 'nothing')).toMatchObject({ code: 1, stdout: '' })
})

test('export writes every format, to the output and into a new file', async () => {
  const { stdout } = await runAudit('export', '--since', '1h')
  const lines = stdout.trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { seq: 2, event: { tool: 'files.write_file' } },
    { seq: 3, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ])
  const ocsf = await runAudit('export', '--format', 'ocsf')
  expect(
    ocsf.stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { class_uid: number }).class_uid),
  ).toEqual([6003, 6003, 6003])
  const written = await runAudit('export', '--format', 'csv', '--out', 'out.csv')
  expect(written).toMatchObject({ code: 0, stdout: '', stderr: '3 events written.\n' })
  const file = join(place.folder, 'out.csv')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const text = await readFile(file, 'utf8')
  expect(text.split('\r\n')).toHaveLength(5)
  expect(text).toContain(`"'=cmd|calc"`)
  expect(await runAudit('export', '--out', 'out.csv')).toMatchObject({ code: 1 })
  expect(await readFile(file, 'utf8')).toBe(text)
})

test('verify says that all is good, with the key of this home or another', async () => {
  const { code, stdout } = await runAudit('verify')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^✓ 3 rows and 1 checkpoint are good: rows 1 to 3, /)
  const { stdout: json } = await runAudit('verify', '--json', '--key', publicKeyFile(keyFile))
  expect(JSON.parse(json)).toMatchObject({ rows: 3, checkpoints: 1, signedSeq: 3, isAnchored: true })
  const other = newSigningKey().publicKey.export({ type: 'spki', format: 'pem' })
  const strange = await runAudit('verify', '--key', await place.write('other.pem', other.toString()))
  expect(strange).toMatchObject({ code: 1, stderr: expect.stringContaining('unknown key') })
  expect(await runAudit('verify', '--key', 'nowhere.pem')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('[audit_unavailable]'),
  })
})

test('verify names the first bad row, and ends with 1', { timeout: 90_000 }, async () => {
  const database = new DatabaseSync(join(place.folder, 'home', 'isogate.db'))
  const change = (from: string, to: string): void => {
    database.prepare('UPDATE "auditRow" SET "body" = replace("body", ?, ?) WHERE "seq" = 2').run(from, to)
  }
  change('files.write_file', 'files.read_file')
  const { code, stdout, stderr } = await runAudit('verify', '--json')
  expect(code).toBe(1)
  expect(stderr).toMatch(/\[audit_broken\] Row 2 was changed.* The row before it is good/)
  expect(JSON.parse(stdout)).toMatchObject({
    error: { code: 'audit_broken', detail: { seq: 2, upTo: 2, goodRows: 1 } },
  })
  change('files.read_file', 'files.write_file')
  expect((await runAudit('verify')).code).toBe(0)

  await record([callEvent(3, { atMs: Date.now() })])
  for (const table of ['auditRow', 'auditSearch', 'auditCheckpoint'])
    database.exec(`DELETE FROM "${table}" WHERE "seq" = 4`)
  database.close()
  expect((await runAudit('verify')).stderr).toContain('Row 4 is missing: this gateway wrote up to row 4.')
  const { code: accepted, stdout: unanchored } = await runAudit('verify', '--accept-end')
  expect(accepted).toBe(0)
  expect(unanchored).toContain('There is no audit.head.json')
  // The next start goes on from there.
  await record([callEvent(4, { atMs: Date.now() })])
  expect((await runAudit('verify')).stdout).toMatch(/^✓ 4 rows /)
})

test('where nothing was recorded yet every verb says so, and makes no store', async () => {
  const empty: Place = { ...place, env: { ...place.env, ISOGATE_HOME: join(await newFolder(), 'none') } }
  for (const verb of ['ls', 'verify'])
    expect(await run(empty, ['audit', verb])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing has been recorded yet.'),
    })
  expect(await run(empty, ['audit', 'export'])).toEqual({ code: 0, stdout: '', stderr: '' })
  expect((await run(empty, ['audit', 'show', '1'])).code).toBe(1)
  await expect(stat(empty.env['ISOGATE_HOME'] as string)).rejects.toThrow()
})
