import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'

import type { Catalog } from '../../src/catalog/catalog.ts'
import { printDeclarations } from '../../src/catalog/stubs/declarations.ts'
import { printSignature } from '../../src/catalog/stubs/signature.ts'
import type { ToolSpec } from '../../src/core/tool.ts'
import { HAS_SHARED_DATA } from '../../test/catalog/shared-data.ts'
import { compile } from '../../test/catalog/stubs/compile.ts'
import { judgeInstances, readCatalog, readOddCatalog, toFiles } from '../../test/catalog/stubs/instances.ts'
import { figure, type Figure } from '../figure.ts'

/** The figures of `npm run bench -- stubs`, over the tools of ../shared/data. */
export async function measureStubs(): Promise<Figure[]> {
  if (!HAS_SHARED_DATA) {
    console.error('No ../shared/data beside the checkout: nothing is measured.')
    return []
  }
  const catalog = readCatalog()
  return [
    ...measureTokens(catalog),
    ...(await measureTypes(catalog)),
    ...measureTimes(catalog),
    figure('tools measured', catalog.tools.length, 'tools'),
  ]
}

/**
 * Tokens of o200k_base. A ratio is a mean over a mean, which is the sum over all tools by the sum over all tools: tokens of
 * the declarations, all in one text with what is around them, by tokens of the JSON that they stand for.
 */
function measureTokens({ tools, names }: Catalog): Figure[] {
  const mean = (text: (spec: ToolSpec) => string) =>
    tools.reduce((sum, spec) => sum + countTokens(text(spec)), 0) / tools.length
  const inOneText = (specs: readonly ToolSpec[], docs: boolean) =>
    countTokens(printDeclarations(specs, names, { docs })) / tools.length
  const schemas = mean(
    ({ inputSchema, outputSchema }) =>
      JSON.stringify(inputSchema) + (outputSchema === undefined ? '' : JSON.stringify(outputSchema)),
  )
  const definitions = mean(({ ref, description, inputSchema, outputSchema }) =>
    JSON.stringify({ name: ref.name, description, inputSchema, outputSchema }),
  )
  const full = inOneText(tools, true)
  const described = inOneText(tools.map(withoutDescription), true)
  const alone = mean((spec) => printDeclarations([spec], names))
  return [
    figure(
      'one line, callable path and all',
      mean((spec) => printSignature(spec, names)),
      'tokens',
      30,
    ),
    figure(
      'one line under the heading of its server',
      mean((spec) => printSignature(spec, names, 'name')),
      'tokens',
    ),
    figure(
      'declaration with the descriptions that its schemas have / schemas',
      described / schemas,
      'ratio',
      0.58,
    ),
    figure('declaration without descriptions / schemas', inOneText(tools, false) / schemas, 'ratio', 0.33),
    figure(
      'declaration with all descriptions / definition',
      full / definitions,
      'ratio',
      0.58,
      'definition: name, description, schemas',
    ),
    figure('declaration with all descriptions', full, 'tokens'),
    figure('a declaration alone, with what is around it', alone, 'tokens'),
    figure('schemas of a tool', schemas, 'tokens', undefined, 'input and output, as JSON'),
    figure('definition of a tool', definitions, 'tokens'),
  ]
}

/** No schema has the description of its tool. */
function withoutDescription({ ref, inputSchema, outputSchema, definition }: ToolSpec): ToolSpec {
  return { ref, inputSchema, definition, ...(outputSchema === undefined ? {} : { outputSchema }) }
}

async function measureTypes(catalog: Catalog): Promise<Figure[]> {
  const real = await compile(toFiles(catalog))
  const odd = await compile(toFiles(readOddCatalog()))
  const { valid, validRefused, invalid, invalidRefused } = await judgeInstances()
  return [
    figure('errors under strict, tools.json', real.length, 'errors', 0),
    figure('errors under strict, schemas.json', odd.length, 'errors', 0),
    figure('valid arguments refused', (validRefused / valid) * 100, '%', 0.1, `of ${valid}`),
    figure('invalid arguments accepted', (1 - invalidRefused / invalid) * 100, '%', 1.4, `of ${invalid}`),
  ]
}

/** Means over all tools, the best of a few rounds: what disturbs a round only makes it longer. */
function measureTimes({ tools, names }: Catalog): Figure[] {
  const usPerTool = (work: (spec: ToolSpec) => unknown) => {
    let best = Infinity
    for (let round = 0; round < 5; round++) {
      const start = performance.now()
      for (const spec of tools) work(spec)
      best = Math.min(best, performance.now() - start)
    }
    return (best * 1_000) / tools.length
  }
  const reading = usPerTool((spec) => JSON.parse(JSON.stringify(spec.definition)))
  const line = usPerTool((spec) => printSignature(spec, names))
  const declaration = usPerTool((spec) => printDeclarations([spec], names))
  return [
    figure('time of one line', line, 'us'),
    figure('time of a declaration', declaration, 'us'),
    figure('time of a declaration / writing and reading its JSON', declaration / reading, 'ratio'),
  ]
}
