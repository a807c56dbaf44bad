import { expect, test } from 'vitest'

import { judgeTargets } from '../../../src/bench/analysis/targets.ts'
import { unjudgedTargets } from '../../../src/bench/analysis/unjudged.ts'
import { madeUpReport } from '../report/made-up.ts'

const whyOf = (report: ReturnType<typeof madeUpReport>) =>
  new Map(unjudgedTargets(report).map(({ name, why }) => [name, why]))

test('a report with all sizes, modes and kinds is judged by everything', () => {
  expect(unjudgedTargets(madeUpReport({ perKind: 1 }))).toEqual([])
})

test('a report without points is judged by nothing, and what it would be judged by is named', () => {
  const all = { ...madeUpReport({ perKind: 1 }), points: [] }
  const asked = unjudgedTargets(all).map(({ name }) => name)
  expect(new Set(asked).size).toBe(asked.length)
  const judged = judgeTargets(madeUpReport({ perKind: 1 })).filter(({ isRequired }) => isRequired)
  for (const { name } of judged) expect(asked.filter((each) => name.startsWith(each))).toHaveLength(1)
})

test('what is missing is told: a size, a mode, a kind, a task that is solved', () => {
  const small = whyOf(madeUpReport({ sizes: [96], perKind: 1 }))
  expect(small.get('input tokens of code, 508 tools')).toBe('nothing was played at 508 tools')
  expect(small.has('input tokens of code, 96 tools')).toBe(false)

  const two = whyOf(madeUpReport({ sizes: [508], modes: ['classic', 'auto'], perKind: 1 }))
  expect(two.get('input tokens of code, 508 tools')).toBe('not played: mode code')
  expect(two.get('cost of auto against the best mode, nothing cached')).toMatch(/^not played: mode .*search/)
  expect(two.has('wall time of auto, cold cache, single, 508 tools')).toBe(false)

  const full = madeUpReport({ sizes: [508], perKind: 1 })
  const some = whyOf({ ...full, points: full.points.filter(({ kind }) => kind !== 'join') })
  expect([...some]).toContainEqual(['turns of code, join, 508 tools', 'no task of kind join'])

  const failed = whyOf({ ...full, points: full.points.map((point) => ({ ...point, ok: false })) })
  expect(failed.get('input tokens of code, 508 tools')).toMatch(/no task was solved/)
})
