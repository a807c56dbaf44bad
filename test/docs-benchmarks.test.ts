import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

import { BENCHMARKS } from '../bench/benchmarks.ts'
import { toMeasured } from '../bench/docs/measured.ts'
import { NOT_MEASURED, readMeasured, toPage } from '../bench/docs/page.ts'
import { SECTIONS } from '../bench/docs/sections.ts'
import { toTimeTables } from '../bench/docs/time-tables.ts'
import { toTokenTables } from '../bench/docs/token-tables.ts'
import { detailedFigure, figure } from '../bench/figure.ts'
import { isOfSize, toTokenFigures } from '../bench/tokens/figures.ts'
import { toLatencyFigures } from '../bench/latency/figures.ts'
import { judgeTargets } from '../src/bench/analysis/targets.ts'
import { madeUpReport } from './bench/report/made-up.ts'

const root = resolve(import.meta.dirname, '..')
const path = join(root, 'docs/benchmarks.md')
const page = readFileSync(path, 'utf8')
const measured = readMeasured(page)

/** The rows of the first table behind some words, cell by cell, without its titles; and of a block without one, none. */
function tableAfter(text: string, before: string): readonly (readonly string[])[] {
  const from = text.indexOf(before)
  if (from < 0) return []
  const [, , ...rows] = /(?:^\|.*\|$\n?)+/m.exec(text.slice(from))?.[0].trim().split('\n') ?? []
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  )
}

const toNumber = (text: string): number => Number(text.replaceAll(/[,%+ ]/g, ''))

describe('docs/benchmarks.md', () => {
  test('has a section with its command for each benchmark of the runner, and for no other', () => {
    expect(Object.keys(SECTIONS).toSorted()).toEqual(Object.keys(BENCHMARKS).toSorted())
    const told = [...page.matchAll(/^## (.+)$/gm)].map((match) => match[1])
    expect(told).toEqual(Object.values(SECTIONS).map(({ title }) => title))
    const commands = [...page.matchAll(/^```sh\nnpm run bench -- (\w+)\n```$/gm)].map((match) => match[1])
    expect(commands).toEqual(Object.keys(SECTIONS))
  })

  test('has the texts of bench/docs: `npm run bench -- docs texts` would change nothing', () => {
    expect(toPage(measured)).toBe(page)
  })

  test('leads only to what is there', () => {
    const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(
      (match) =>
        `#${(match[1] ?? '')
          .toLowerCase()
          .replaceAll(/[^\w -]/g, '')
          .replaceAll(' ', '-')}`,
    )
    const links = [...page.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '')
    expect(links.length).toBeGreaterThanOrEqual(Object.keys(SECTIONS).length)
    const dead = links
      .filter((link) => !/^\w+:/.test(link))
      .filter((link) =>
        link.startsWith('#') ? !anchors.includes(link) : !existsSync(join(dirname(path), link)),
      )
    expect(dead).toEqual([])
  })

  const blocks = [...measured].filter(([, text]) => text !== NOT_MEASURED)

  test('has measured sections, tokens among them', () => {
    expect(blocks.map(([name]) => name)).toContain('tokens')
  })

  test.each(blocks)('%s: says when and where, and its figures are judged as they are', (_name, text) => {
    expect(text).toMatch(/^Measured on \d{4}-\d\d-\d\d with Isogate \S+, Node 2\S+/)
    expect(text).toMatch(/Machine: .+ processors?, \d+ GB of memory, \w+-\w+\.$/m)
    const rows = tableAfter(text, '| Figure')
    expect(rows.length).toBeGreaterThan(0)
    for (const [name = '', value = '', , target = '', met = ''] of rows) {
      expect(toNumber(value.split('±')[0] ?? ''), name).not.toBeNaN()
      const [sign = '', limit = ''] = target.split(' ')
      if (target === '') continue
      const [own, other] = [toNumber(value.split('±')[0] ?? ''), toNumber(limit)]
      expect(['**no**', 'yes'], name).toContain(met)
      // What is shown is rounded: equal may be either.
      if (met === 'yes') expect(sign === '≥' ? own >= other : own <= other, name).toBe(true)
    }
    const missed = rows.filter(([, , , , met]) => met === '**no**')
    expect(text.includes('**Missed: ')).toBe(missed.length > 0)
    for (const [name = ''] of missed) expect(text.split('| Figure')[0]).toContain(name)
  })

  test('no section names a place on the machine', () => {
    expect(page).not.toMatch(/(?:^|[\s(`'"])\/(?:tmp|home|root|work|Users)\b/m)
  })

  test('the changes of the tokens section follow from its sums', () => {
    const text = measured.get('tokens') ?? ''
    const rows = tableAfter(text, '### Tokens and cost by number of tools')
    const inputOf = (tools: string, mode: string): number =>
      toNumber(rows.find((row) => row[0] === tools && row[1] === mode)?.[4] ?? '')
    for (const tools of ['96', '251', '508']) {
      const change = (inputOf(tools, 'code') / inputOf(tools, 'classic') - 1) * 100
      const told = tableAfter(text, '| Figure').find(
        ([name]) => name === `input tokens of code, ${tools} tools`,
      )
      expect(toNumber(told?.[1] ?? '')).toBeCloseTo(change, 1)
    }
  })
})

describe('the page', () => {
  test('keeps what other sections have, and a section that was never measured says so', () => {
    const own = toPage(new Map([['micro', 'old']]))
    const next = new Map(readMeasured(own)).set('flow', 'new')
    const read = readMeasured(toPage(next))
    expect([read.get('micro'), read.get('flow'), read.get('load')]).toEqual(['old', 'new', NOT_MEASURED])
  })

  const where = { date: '2026-01-01', machine: 'a machine', versions: 'Isogate 1' }

  test('tells a missed target in the table and before it', () => {
    const text = toMeasured({
      ...where,
      figures: [
        figure('quick', 2, 'ms', 1, 'a | b'),
        detailedFigure('many', 5, 'calls/s', { target: 3, better: 'higher' }),
        figure('told', 0.25, 'ms'),
      ],
    })
    expect(text).toContain('**Missed: 1 of 2 targets**: quick.')
    expect(tableAfter(text, '| Figure')).toEqual([
      ['quick', '2', 'ms', '≤ 1', '**no**', 'a \\| b'],
      ['many', '5', 'calls/s', '≥ 3', 'yes', ''],
      ['told', '0.25', 'ms', '', '', ''],
    ])
    expect(toMeasured({ ...where, figures: [figure('quick', 1, 'ms', 1)] })).toContain(
      'All targets are met (1).',
    )
  })
})

describe('figures of tasks', () => {
  const report = madeUpReport({ failing: ['join-1'] })

  test('each target is told once, by tokens or by latency, and fails where it fails', () => {
    const figures = [...toTokenFigures(report), ...toLatencyFigures(report)].filter((each) => !isOfSize(each))
    const targets = judgeTargets(report)
    const [single, counted] = [false, true].map((is) =>
      targets.filter(({ unit }) => (unit === 'tasks') === is),
    )
    for (const { name, measured: value, isRequired, ok } of single ?? []) {
      const told = figures.filter((each) => name.startsWith(each.name) && Math.abs(each.value - value) < 0.01)
      expect(told, name).toHaveLength(1)
      expect(told[0]?.ok, name).toBe(ok || !isRequired)
    }
    const lost = (counted ?? []).reduce((sum, target) => sum + target.measured, 0)
    expect(lost).toBeGreaterThan(0)
    const unsolved = figures.filter(({ unit }) => unit === 'tasks')
    expect(unsolved.reduce((sum, { value }) => sum + value, 0)).toBe(lost)
    expect(unsolved.filter(({ ok }) => !ok).map(({ name }) => name)).toContain(
      'tasks that classic solves and code does not, all sizes',
    )
  })

  test('tables have a row for each size and mode, with the sums of the points', () => {
    const text = toTokenTables({ report, limited: [], generated: undefined }).join('\n\n')
    const rows = tableAfter(text, '### Tokens and cost by number of tools')
    expect(rows).toHaveLength(report.catalog.sizes.length * report.modes.length)
    const input = report.points
      .filter(({ tools, mode }) => tools === 508 && mode === 'code')
      .flatMap(({ turns }) => turns)
      .reduce((sum, turn) => sum + turn.input, 0)
    expect(rows.find(([tools, mode]) => tools === '508' && mode === 'code')?.[4]).toBe(
      input.toLocaleString('en'),
    )
  })

  test('what a model takes that makes fewer calls at once stands beside the default', () => {
    const limited = [{ parallelCalls: 1, report: madeUpReport({ sizes: [508] }) }]
    const text = toTimeTables({ report, limited }).join('\n\n')
    const rows = tableAfter(text, '### Time and calls in one turn')
    expect(rows.map(([calls, kind]) => `${calls} ${kind}`)).toEqual(
      ['all that can', '1'].flatMap((calls) =>
        ['all tasks', 'fan-out', 'join', 'single'].map((kind) => `${calls} ${kind}`),
      ),
    )
  })
})
