import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, expect, test } from 'vitest'

import { readBaselineVerdict, readOutcomes, type Outcome } from './outcome.ts'
import { describeAll, describeReport, tallyReport, type SetReport } from './report.ts'

const folders: string[] = []

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

const passing: Outcome = { scenario: 'ping', failed: [] }
const failing: Outcome = {
  scenario: 'tools-list',
  failed: [
    { id: 'one', message: 'first' },
    { id: 'two', message: 'second' },
  ],
}

function report(parts: Partial<SetReport>): SetReport {
  return { title: 'suite', outcomes: [passing, failing], unscored: [], expected: [], stale: [], ...parts }
}

test('a failure that nobody expects is wrong, with what its checks said', () => {
  expect(tallyReport(report({}))).toEqual({ passed: 1, all: 2, expected: 0, wrong: 1 })
  expect(describeReport(report({}))).toContain('one: first')
})

test('an expected failure is not wrong, as a whole or check by check', () => {
  const whole = report({ expected: ['tools-list'] })
  expect(tallyReport(whole)).toEqual({ passed: 1, all: 2, expected: 1, wrong: 0 })
  const byCheck = report({ expected: ['tools-list:one', 'tools-list:two'] })
  expect(tallyReport(byCheck)).toEqual({ passed: 1, all: 2, expected: 1, wrong: 0 })
})

test('a check beside the expected one is still wrong', () => {
  const partly = report({ expected: ['tools-list:one'] })
  expect(tallyReport(partly).wrong).toBe(1)
  expect(describeReport(partly)).toContain('two: second')
  expect(describeReport(partly)).not.toContain('one: first')
})

test('what was expected to fail and passes is wrong', () => {
  const stale = report({ outcomes: [passing], stale: ['ping'] })
  expect(tallyReport(stale)).toEqual({ passed: 1, all: 1, expected: 0, wrong: 1 })
  expect(describeReport(stale)).toContain('ping is expected to fail and passes')
})

test('a scenario that was not run has not passed, and nothing at all is wrong', () => {
  const quiet = report({ outcomes: [{ scenario: 'ping', failed: [], remark: 'it was not run' }] })
  expect(tallyReport(quiet)).toEqual({ passed: 0, all: 1, expected: 0, wrong: 1 })
  expect(tallyReport(report({ outcomes: [], remark: 'it did not start' })).wrong).toBe(1)
})

test('scenarios that do not count change nothing', () => {
  const beside = report({ outcomes: [passing], unscored: [failing] })
  expect(tallyReport(beside)).toEqual({ passed: 1, all: 1, expected: 0, wrong: 0 })
  expect(describeReport(beside)).toContain('not scored: 0 of 1 pass; not tools-list')
})

test('the table has a line for each report', () => {
  expect(describeAll([report({}), report({ title: 'other' })]).split('\n')).toHaveLength(3)
})

test('what the suite prints about expected failures is read', () => {
  const output = [
    '\u001b[33mExpected failures (in baseline):\u001b[0m',
    '  ~ caching',
    '  ~ server-stateless:some-check',
    '',
    '\u001b[31mStale baseline entries (now passing - remove from baseline):\u001b[0m',
    '  ✓ ping',
    '',
  ].join('\n')
  expect(readBaselineVerdict(output)).toEqual({
    expected: ['caching', 'server-stateless:some-check'],
    stale: ['ping'],
  })
  expect(readBaselineVerdict('')).toEqual({ expected: [], stale: [] })
})

test('what the suite writes is read by scenario; a warning counts as a failure', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'isogate-outcomes-'))
  folders.push(folder)
  const write = async (name: string, checks: object): Promise<void> => {
    await mkdir(join(folder, name), { recursive: true })
    await writeFile(join(folder, name, 'checks.json'), JSON.stringify(checks))
  }
  await write('server-server-stateless-2026-07-28T10-00-00-000Z', [
    { id: 'good', status: 'SUCCESS' },
    { id: 'odd', status: 'WARNING', errorMessage: 'hm' },
    { id: 'bad', status: 'FAILURE', description: 'no', details: { got: 1 } },
    { id: 'left', status: 'SKIPPED' },
  ])
  await write('auth/basic-2026-07-28T10-00-00-000Z', [{ id: 'good', status: 'SUCCESS' }])
  const outcomes = await readOutcomes(folder)
  expect([...outcomes.keys()].sort()).toEqual(['auth/basic', 'server-stateless'])
  expect(outcomes.get('server-stateless')?.failed).toEqual([
    { id: 'odd', message: 'warning: hm' },
    { id: 'bad', message: 'no {"got":1}' },
  ])
})
