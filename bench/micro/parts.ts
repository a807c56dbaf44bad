import { createFrameReader, encodeFrame, type HostMessage } from '../../sandbox/wire.ts'
import { prepareScript } from '../../sandbox/cell/script/prepare.ts'
import { createCatalog, type Catalog } from '../../src/catalog/catalog.ts'
import { createSearch } from '../../src/catalog/search/search.ts'
import { printDeclarations } from '../../src/catalog/stubs/declarations.ts'
import { printSignature } from '../../src/catalog/stubs/signature.ts'
import { createConditions } from '../../src/conditions/conditions.ts'
import type { RuleSettings } from '../../src/core/rule.ts'
import { createJudge } from '../../src/policy/judge.ts'
import { compileLevel } from '../../src/policy/level.ts'
import { createScriptChecker } from '../../src/scripts/check/create.ts'
import { createTools, QUERIES } from './tools.ts'

/** One part of the work of the gateway, to be timed alone. */
export interface Part {
  readonly name: string
  /** What is done, for the note of its figure. */
  readonly what: string
  /** So many times in one sample; the quick ones are too short for a clock. */
  readonly times: number
  readonly work: () => unknown
}

/** Parts that are ready to be timed. */
export interface Parts {
  readonly parts: readonly Part[]
  readonly close: () => Promise<void>
}

const RULES = 50
const CONDITIONS = 10

/** A script as a model writes it, over two tools of the catalog. */
function toScript(catalog: Catalog, seed: number): string {
  const path = (index: number): string => {
    const spec = catalog.tools[index % catalog.tools.length]
    return spec === undefined ? '' : (catalog.names.of(spec.ref)?.path ?? '')
  }
  return `const numbers = [1, 2, 3, ${seed}]
const found = await Promise.all(numbers.map((number) => ${path(seed)}({ number, state: 'open' })))
const open = found.filter((one) => (one.rows?.length ?? 0) > 0)
const totals = new Map<string, number>()
for (const { title = 'none', rows = [] } of open) {
  totals.set(title, (totals.get(title) ?? 0) + rows.length)
}
const [first] = open
if (first !== undefined) {
  const more = await ${path(seed + 7)}({ number: first.number })
  console.log('more', more.title)
}
return { count: open.length, totals: Object.fromEntries(totals) }`
}

/** Makes the parts: everything is warm and made of the same tools each time. */
export async function openParts(): Promise<Parts> {
  const catalog = createCatalog({ revision: 1, specs: createTools(5_000) })
  const small = createCatalog({ revision: 1, specs: createTools(500) })
  const search = createSearch(catalog)
  const checker = createScriptChecker()
  const judge = createBenchJudge()
  const check = async (seed: number): Promise<void> => {
    const { problems, skipped } = await checker.check({
      code: toScript(small, seed),
      catalog: small,
      isVisible: () => true,
    })
    if (skipped !== undefined) throw new Error(skipped)
    if (problems.length > 0)
      throw new Error(`A script of the benchmark is judged wrongly: ${problems[0]?.text}`)
  }
  await check(0)
  const read = createFrameReader(1_048_576)
  const script = toScript(catalog, 11)
  // Each time another one, as in life: nothing may be remembered from the time before.
  let turn = 0
  const spec = () => catalog.tools[(turn += 17) % catalog.tools.length] ?? fail('no tool')
  return {
    parts: [
      {
        name: 'prepare',
        what: 'a script of 14 lines: types off, form, marks',
        times: 5,
        work: () => prepareScript(script),
      },
      {
        name: 'check',
        what: 'a warm type check of 14 lines that were not seen before; 500 tools visible',
        times: 1,
        work: () => check(++turn),
      },
      {
        name: 'search',
        what: 'a query of five words over 5,000 tools',
        times: 1,
        work: () => search.query({ text: QUERIES[++turn % QUERIES.length] ?? '', visible: () => true }),
      },
      {
        name: 'stub: declaration',
        what: 'of one tool, with its descriptions and results',
        times: 10,
        work: () => printDeclarations([spec()], catalog.names),
      },
      {
        name: 'stub: signature',
        what: 'the line of one tool',
        times: 10,
        work: () => printSignature(spec(), catalog.names),
      },
      {
        name: 'admit',
        what: `the verdict over a call: ${RULES} rules, ${CONDITIONS} of them with conditions over its arguments`,
        times: 200,
        work: judge,
      },
      {
        name: 'frames',
        what: 'encodes and decodes ten results of 200 bytes',
        times: 50,
        work: () => read(Buffer.from(encodeFrame(SETTLE, RESULTS))),
      },
    ],
    close: () => checker.close(),
  }
}

const SETTLE: HostMessage = {
  type: 'settle',
  run: 7,
  atMs: 1_700_000_000_000,
  items: Array.from({ length: 10 }, (_, id) => ({ id, ok: true })),
}
const RESULTS = Array.from({ length: 10 }, (_, id) => JSON.stringify({ id, text: 'x'.repeat(180) }))

/** A judge at the hot path: it knows the tool and the caller, and the arguments decide. */
function createBenchJudge(): () => void {
  const rules = Array.from({ length: RULES }, (_, index): RuleSettings =>
    index < CONDITIONS
      ? { tools: ['bench.echo'], verdict: 'deny', when: `args.text.startsWith("forbidden-${index}")` }
      : { tools: [`server${index}.*`], verdict: 'ask' },
  )
  const { judge } = createJudge({
    common: [compileLevel({ rules }, 'the gateway', 'policy')],
    standings: { of: () => STANDING },
    conditions: createConditions(),
    classification: { readOnly: [], writes: [] },
  })
  const call = {
    principal: { id: 'bench', kind: 'local' },
    door: 'mcp',
    tool: { server: 'bench', name: 'echo' },
    args: { text: 'hello' },
  } as const
  return () => {
    if (judge(call).verdict !== 'allow') fail('The call of the benchmark is judged wrongly.')
  }
}

const STANDING = { levels: [] }

function fail(message: string): never {
  throw new Error(message)
}
