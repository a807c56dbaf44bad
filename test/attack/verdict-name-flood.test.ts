import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { expect, test } from 'vitest'

import { SOMEBODY } from '../policy/call-of.ts'
import { judgeOf } from '../policy/judge-of.ts'

const MIB = 1_048_576

/**
 * The attack: URIs of resources and names of methods are made up by callers, a megabyte each, and a verdict over each of them is asked for.
 * What is remembered of verdicts must not grow with them.
 */
test.each(['resource', 'method', undefined] as const)('made-up names of kind %s are not kept', (kind) => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const judge = judgeOf({ lists: [{ pattern: '*', verdict: 'allow', source: 'list' }] })
  const ask = (index: number): void => {
    const name = `${index}`.padStart(MIB, 'x')
    const tool = { server: 'alpha', name, ...(kind === undefined ? {} : { kind }) }
    expect(judge.isVisible(SOMEBODY, 'mcp', tool)).toBe(true)
  }
  ask(0)
  collect()
  const before = process.memoryUsage().heapUsed
  for (let index = 1; index <= 100; index++) ask(index)
  collect()
  expect((process.memoryUsage().heapUsed - before) / MIB).toBeLessThan(20)
})
