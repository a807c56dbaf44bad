import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { expect, test } from 'vitest'

import { openMemoryStore } from '../../../src/store/store.ts'
import { randomBytes } from 'node:crypto'
import { createTestClock, makeFolder, openTestStore, runOf } from '../house.ts'

/** A file as the first version wrote it. */
const FIRST = `
  PRAGMA application_id = 0x69736f67;
  CREATE TABLE migration (version INTEGER PRIMARY KEY, appliedAtMs INTEGER NOT NULL) STRICT;
  CREATE TABLE handle (seq INTEGER PRIMARY KEY AUTOINCREMENT, handle TEXT NOT NULL UNIQUE, owner TEXT NOT NULL,
    bytes INTEGER NOT NULL, savedAtMs INTEGER NOT NULL, expiresAtMs INTEGER NOT NULL, kind TEXT NOT NULL, mimeType TEXT,
    name TEXT, json TEXT NOT NULL) STRICT;
  CREATE INDEX handle_owner ON handle (owner, bytes);
  CREATE INDEX handle_expiry ON handle (expiresAtMs);
  CREATE TABLE run (owner TEXT NOT NULL, id TEXT NOT NULL, bytes INTEGER NOT NULL, savedAtMs INTEGER NOT NULL,
    expiresAtMs INTEGER NOT NULL, claim TEXT, claimUntilMs INTEGER NOT NULL DEFAULT 0, reasons TEXT NOT NULL,
    options TEXT NOT NULL, code TEXT NOT NULL, input TEXT, record TEXT NOT NULL, PRIMARY KEY (owner, id)) STRICT;
  CREATE INDEX run_owner ON run (owner, bytes);
  CREATE INDEX run_expiry ON run (expiresAtMs);
  CREATE TABLE shape (key TEXT PRIMARY KEY, savedAtMs INTEGER NOT NULL, samples INTEGER NOT NULL,
    results INTEGER NOT NULL, shape TEXT NOT NULL) STRICT;
  CREATE INDEX shape_age ON shape (savedAtMs);
  CREATE TABLE usage (key TEXT PRIMARY KEY, usedAtMs INTEGER NOT NULL, count INTEGER NOT NULL) STRICT;
  CREATE INDEX usage_age ON usage (usedAtMs);
  CREATE TABLE savings (day INTEGER NOT NULL, principal TEXT NOT NULL, method TEXT NOT NULL, runs INTEGER NOT NULL,
    calls INTEGER NOT NULL, turnsAvoided INTEGER NOT NULL, directTokens INTEGER NOT NULL, usedTokens INTEGER NOT NULL,
    PRIMARY KEY (day, principal, method)) STRICT, WITHOUT ROWID;
  INSERT INTO migration VALUES (1, 0);
  INSERT INTO run VALUES ('ann', 'old', 10, 1, 9000000000000, NULL, 0, '["approval"]', '{}', 'return 1', NULL, '{"turns":[]}');
  INSERT INTO usage VALUES ('a.b', 1, 3);
`

test('a file of the first version is brought up to date, with all that it holds', async () => {
  const path = join(makeFolder(), 'isogate.db')
  const database = new DatabaseSync(path)
  database.exec(FIRST)
  const { store } = await openTestStore({ path })
  expect(await store.runs.load('ann', 'old')).toMatchObject({ code: 'return 1', reasons: ['approval'] })
  expect((await store.usage.load()).get('a.b')).toBe(3)
  expect((await store.identity.load()).keys).toEqual([])
  await store.runs.save(runOf('new'))
  await store.close()
  const versions = database.prepare('SELECT version FROM migration ORDER BY version').all()
  expect(versions.map(({ version }) => version)).toEqual([1, 2])
  // The first step of today still makes what the first version made.
  const schemaOf = (from: DatabaseSync): readonly unknown[] =>
    ['handle', 'run', 'shape', 'usage', 'savings'].map((table) => [
      from.prepare(`PRAGMA table_info(${table})`).all(),
      from.prepare(`SELECT strict, wr FROM pragma_table_list('${table}')`).all(),
      from.prepare(`SELECT name FROM pragma_index_list('${table}') ORDER BY name`).all(),
    ])
  const fresh = join(makeFolder(), 'isogate.db')
  await (await openTestStore({ path: fresh })).store.close()
  const other = new DatabaseSync(fresh)
  expect(schemaOf(other)).toEqual(schemaOf(database))
  other.close()
  database.close()
})

test('a store in memory is there at once, and is made when it is used', async () => {
  const store = openMemoryStore({ clock: createTestClock(), random: randomBytes })
  const saved = await Promise.all([
    store.runs.save(runOf('a')),
    store.runs.save(runOf('b')),
    store.identity.version(),
  ])
  expect(saved.slice(0, 2)).toMatchObject([{ id: 'a' }, { id: 'b' }])
  expect(await store.runs.list()).toHaveLength(2)
  await store.close()
  const unused = openMemoryStore({ clock: createTestClock(), random: randomBytes })
  await unused.close()
})
