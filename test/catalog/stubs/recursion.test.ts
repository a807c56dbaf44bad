import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { printDeclarations } from '../../../src/catalog/stubs/declarations.ts'
import { catalogOf, toolSpec } from '../tool-specs.ts'
import { compile } from './compile.ts'

const NAMES = ['A', 'B', 'C']

/** Schemas that refer to each other through everything that can hold a schema. */
const schema = fc.letrec<{ node: JsonObject; ref: JsonObject }>((tie) => ({
  ref: fc.constantFrom(...NAMES.map((name) => `#/$defs/${name}`), '#').map(($ref) => ({ $ref })),
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie('ref'),
    fc.constantFrom({ type: 'string' }, { type: ['number', 'null'] }, { enum: ['a', 'b'] }),
    tie('node').map((items) => ({ type: 'array', items })),
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((prefixItems) => ({ prefixItems })),
    fc.record({ prefixItems: fc.array(tie('node'), { minLength: 1, maxLength: 2 }), items: tie('node') }),
    tie('node').map((additionalProperties) => ({ type: 'object', additionalProperties })),
    fc.record({ properties: fc.dictionary(fc.constantFrom('x', 'y'), tie('node'), { maxKeys: 2 }) }),
    fc.record({
      properties: fc.dictionary(fc.constantFrom('x', 'y'), tie('node'), { minKeys: 1, maxKeys: 2 }),
      additionalProperties: tie('node'),
    }),
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((allOf) => ({ allOf })),
    fc.record({ $ref: fc.constantFrom('#/$defs/A', '#/$defs/B'), nullable: fc.constant(true) }),
  ),
})).node

const recursive = fc
  .record({ root: schema, A: schema, B: schema, C: schema })
  .map(({ root, ...$defs }): JsonObject => ({ properties: { root }, required: ['root'], $defs }))

test('schemas that refer to themselves in any way compile', async () => {
  const schemas = fc.sample(recursive, { numRuns: 600, seed: 11 })
  const { tools, names } = catalogOf(
    ...schemas.map((inputSchema, at) => toolSpec('s', `t${at}`, { inputSchema, outputSchema: inputSchema })),
  )
  const text = printDeclarations(tools, names)
  expect(text.match(/^type /gm)?.length).toBeGreaterThan(300)
  expect(await compile({ 'a.ts': `${text}export {}\n` })).toEqual([])
})
