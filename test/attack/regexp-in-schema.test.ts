import { expect, test } from 'vitest'

import type { ToolSpec } from '../../src/core/tool.ts'
import { createArgumentValidator } from '../../src/policy/arguments.ts'

/** Each takes longer than anybody lives on an engine that backtracks. */
const HOSTILE = ['(a+)+$', '^(a|a)*$', '^(a*)*$', '^([a-z]+)+$', '(.*a){20}$']

/** Fits none of them: the end spoils it, after every way to read the rest. */
const TEXT = `${'a'.repeat(50_000)}!`

function specWith(property: object): ToolSpec {
  return {
    ref: { server: 'alpha', name: 'read' },
    inputSchema: { type: 'object', properties: { text: { type: 'string', ...property } } },
    definition: {},
  }
}

test.each(HOSTILE)('the pattern %s of a schema cannot hold up the process', (pattern) => {
  const problems = createArgumentValidator().problems(specWith({ pattern }), { text: TEXT })
  expect(problems.length).toBeLessThanOrEqual(1)
})

test('a hostile pattern over the names of properties cannot either', () => {
  const spec: ToolSpec = {
    ref: { server: 'alpha', name: 'read' },
    inputSchema: { type: 'object', patternProperties: { '(a+)+$': { type: 'string' } } },
    definition: {},
  }
  expect(createArgumentValidator().problems(spec, { [TEXT]: 'x' })).toEqual([])
})

test('an ordinary pattern is still checked', () => {
  const validator = createArgumentValidator()
  const spec = specWith({ pattern: '^[a-z]+$' })
  expect(validator.problems(spec, { text: 'abc' })).toEqual([])
  expect(validator.problems(spec, { text: 'ABC' })).toHaveLength(1)
})

test('a pattern that the linear engine does not know is not checked, and breaks nothing', () => {
  const validator = createArgumentValidator()
  for (const pattern of ['(a)\\1', 'b(?=a)', '[', '(a+)+$\\1']) {
    expect(validator.problems(specWith({ pattern }), { text: TEXT })).toEqual([])
  }
})
