import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

import type { JournalRecord } from '../../src/core/ports.ts'
import { createLogJournal, teeJournal } from '../../src/telemetry/journal.ts'
import type { Log } from '../../src/telemetry/log.ts'

const RECORD: JournalRecord = {
  id: 'call-1',
  atMs: 1,
  door: 'mcp',
  principal: 'token',
  tool: 'alpha.read',
  durationMs: 1.23456,
  outcome: 'ok',
}

/** A log that keeps what it is given. */
function keptLog(): { log: Log; lines: [string, object, string][] } {
  const lines: [string, object, string][] = []
  const at = (level: string) => (detail: object, message: string) => void lines.push([level, detail, message])
  return { lines, log: { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') } }
}

test('what went well is a detail; what was refused or failed is news', () => {
  const { log, lines } = keptLog()
  const journal = createLogJournal(log)
  journal.write(RECORD)
  journal.write({ ...RECORD, outcome: 'tool_error' })
  journal.write({ ...RECORD, outcome: 'refused', code: 'overloaded' })
  expect(lines.map(([level]) => level)).toEqual(['debug', 'info', 'info'])
  expect(lines[2]?.[1]).toMatchObject({
    id: 'call-1',
    tool: 'alpha.read',
    code: 'overloaded',
    durationMs: 1.2,
  })
})

test('several journals each get every record', () => {
  const [one, other]: JournalRecord[][] = [[], []]
  const journal = teeJournal([
    { write: (record) => void one?.push(record) },
    { write: (record) => void other?.push(record) },
  ])
  journal.write(RECORD)
  expect([one, other]).toEqual([[RECORD], [RECORD]])
})

test('the log is JSON lines on the error output, and leaves the standard output to the protocol', () => {
  const file = fileURLToPath(new URL('../../src/telemetry/log.ts', import.meta.url))
  const program = `
    const { createLog } = await import(${JSON.stringify(file)})
    const log = createLog('info', false)
    log.info({ a: 1 }, 'said')
    log.debug({}, 'not said')`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  })
  expect(stdout).toBe('')
  const lines = stderr.trim().split('\n')
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info', a: 1, msg: 'said' })
})
