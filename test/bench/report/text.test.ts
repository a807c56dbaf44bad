import { describe, expect, it } from 'vitest'

import { compareReports } from '../../../src/bench/analysis/compare.ts'
import { toCompareText } from '../../../src/bench/report/terminal/compare-text.ts'
import { toTargetText } from '../../../src/bench/report/terminal/targets.ts'
import { toTerminal } from '../../../src/bench/report/terminal/text.ts'
import { madeUpReport } from './made-up.ts'

const PIPE = { isTerminal: false, columns: 80 }

describe('the report on a terminal', () => {
  const report = madeUpReport({ sizes: [10, 508], perKind: 2, failing: ['loop-2'] })

  it('has the sums of each size and mode', () => {
    const text = toTerminal(report, PIPE)
    for (const { tools } of report.catalog.sizes) {
      for (const mode of report.modes) {
        const points = report.points.filter((point) => point.tools === tools && point.mode === mode)
        const input = points.flatMap(({ turns }) => turns).reduce((sum, turn) => sum + turn.input, 0)
        const solved = points.filter(({ ok }) => ok).length
        const line = new RegExp(
          `^ *${String(tools)}  ${mode} +${String(solved)}/${String(points.length)} .* ${input.toLocaleString('en')} `,
          'm',
        )
        expect(text).toMatch(line)
      }
    }
  })

  it('says what fails and why, and counts what it does not list', () => {
    const text = toTerminal(report, PIPE)
    expect(text).toContain('Failures: 3 of 160 plays.')
    expect(text).toContain('loop-2, 508 tools, auto (code): The answer is 12 and should be 14.')
    const [, more = ''] = /and (\d+) more; the HTML/.exec(text) ?? []
    const [, search = '', code = ''] = /search in (\d+) of \d+, code in (\d+) of/.exec(text) ?? []
    expect(Number(more) + 10).toBe(Number(search) + Number(code))
  })

  it.each([60, 80, 100, 140])('fits a terminal of %s columns', (columns) => {
    const lines = toTerminal(report, { isTerminal: true, columns }).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns)
  })

  it('is plain text, whatever strangers write', () => {
    const evil = 'a\u001b]0;title\u0007\u001b[31mb\r\nc\u202e'
    const points = report.points.map((point) => (point.ok ? point : { ...point, task: evil, reason: evil }))
    const text = toTerminal({ ...report, points, catalog: { ...report.catalog, source: evil } }, PIPE)
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    expect(text).toContain('catalog: ab c;')
    expect(text).toContain('ab c, 508 tools')
  })

  it.each([
    ['no points', { ...report, points: [] }],
    ['only code', madeUpReport({ modes: ['code'], sizes: [10], perKind: 1 })],
    ['no time', madeUpReport({ isTimed: false, sizes: [10], perKind: 1 })],
  ])('is told with what there is: %s', (_, lacking) => {
    expect(toTerminal(lacking, PIPE)).not.toMatch(/NaN|undefined|Infinity/)
  })
})

describe('the judgement on a terminal', () => {
  const report = madeUpReport({ sizes: [10, 508], perKind: 2, failing: ['loop-2'] })

  it('says of each target what was asked and measured, and what could not be judged', () => {
    const text = toTargetText(report, PIPE)
    expect(text).toMatch(/^Targets: \d+ of \d+ met, \d+ missed\.$/m)
    expect(text).toMatch(/^ {2}(?:met|missed): input tokens of code, 508 tools: -\d+%, at most -94%$/m)
    expect(text).toMatch(
      /^ {2}missed: tasks that classic solves and code does not, 508 tools: 1, at most 0$/m,
    )
    expect(text).toMatch(/^ {2}input tokens of code, 251 tools: nothing was played at 251 tools$/m)
    expect(text).toContain('Not solved: 3 plays')
    expect(text).not.toMatch(/NaN|undefined|Infinity|told only/)
  })

  it('says so where nothing can be judged', () => {
    const text = toTargetText(madeUpReport({ modes: ['code'], sizes: [508], perKind: 1 }), PIPE)
    expect(text).toMatch(/^Targets: nothing could be judged\.$/m)
    expect(text).toContain('input tokens of code, 508 tools: not played: mode classic')
    expect(text).toContain('All tasks were solved.')
  })

  it('fits a narrow terminal', () => {
    const lines = toTargetText(report, { isTerminal: true, columns: 60 }).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60)
  })
})

describe('a comparison on a terminal', () => {
  const before = madeUpReport({ sizes: [10, 508], perKind: 2 })

  it('says so where nothing changed', () => {
    const text = toCompareText(compareReports(before, before))
    expect(text).toContain('Settings: the same.')
    expect(text).toContain('Compared: 160 plays; none differs.')
    expect(text).toMatch(/Regressions .*: none\./)
  })

  it('tells settings, sums and regressions', () => {
    const failing = madeUpReport({ sizes: [10, 508], perKind: 2, failing: ['loop-2'] })
    const after = {
      ...failing,
      pricing: { ...failing.pricing, input: 5 },
      points: failing.points.map((point) =>
        point.task === 'single-1' && point.mode === 'code'
          ? { ...point, turns: point.turns.map((turn) => ({ ...turn, input: turn.input * 2 })) }
          : point,
      ),
    }
    const text = toCompareText(compareReports(before, after))
    expect(text).toMatch(/3 -> 5/)
    expect(text).toMatch(/^ +508 +code +20 -> 19 of 20/m)
    expect(text).toContain('loop-2, 508 tools, code: failed, was solved')
    expect(text).toMatch(/single-1, 10 tools, code: input [\d,]+ -> [\d,]+ \(\+100%\)/)
    expect(text).toMatch(/Regressions .*: 5\./)
  })

  it('names tasks that only one has', () => {
    const fewer = { ...before, points: before.points.filter(({ task }) => task !== 'join-1') }
    expect(toCompareText(compareReports(before, fewer))).toContain('Tasks only in the first: join-1')
    expect(toCompareText(compareReports(fewer, before))).toContain('Tasks only in the second: join-1')
  })
})
