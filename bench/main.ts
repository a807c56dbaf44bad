/**
 * `npm run bench -- NAME [--json] [--check]`: measures and prints figures. `--check` exits with 1 where a target is
 * missed. Times depend on the machine; the targets are for two quiet cores.
 */
import { parseArgs } from 'node:util'

import { printFigures, type Figure } from './figure.ts'

type Measure = () => Promise<Figure[]>

const BENCHMARKS: Readonly<Record<string, { readonly what: string; readonly load: () => Promise<Measure> }>> =
  {
    micro: {
      what: 'runs, calls and their parts in one process; memory of an idle gateway and of a cell',
      load: async () => (await import('./micro/micro.ts')).measureMicro,
    },
    flow: {
      what: 'scripts: from handler to result, calls in a row and at once, scripts a second, runs that wait',
      load: async () => (await import('./flow/flow.ts')).measureFlow,
    },
    load: {
      what: 'processor time and added latency of a call over HTTP, against a bare pass-through and the SDK',
      load: async () => (await import('./load/load.ts')).measureLoad,
    },
    surface: {
      what: 'tokens that a client of Code Mode has in its context before its first call',
      load: async () => (await import('./surface/surface.ts')).measureSurface,
    },
    stubs: {
      what: 'tokens of signatures and declarations, what the compiler says of them, time to print',
      load: async () => (await import('./stubs/stubs.ts')).measureStubs,
    },
    search: {
      what: 'quality of the search over real queries, its times at 5,000 and 50,000 tools',
      load: async () => (await import('./search/search.ts')).measureSearch,
    },
    check: {
      what: 'time of the type check of a script, first and warm, of both compilers',
      load: async () => (await import('./check/check.ts')).measureCheck,
    },
    idle: {
      what: 'memory of 1,000 clients that do nothing, with a session and without',
      load: async () => (await import('./load/idle.ts')).measureIdle,
    },
    soak: {
      what: 'five minutes at half of the highest rate: failed calls, growth of memory',
      load: async () => (await import('./load/soak.ts')).measureSoak,
    },
    governance: {
      what: 'what keys, rules, limits and the audit cost a call over HTTP, against the gateway without them',
      load: async () => (await import('./governance/governance.ts')).measureGovernance,
    },
    store: {
      what: 'what blocks the main thread: kept values, suspended runs, counts, learning of results',
      load: async () => (await import('./store/store.ts')).measureStore,
    },
  }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, check: { type: 'boolean', default: false } },
})
const [name = ''] = positionals
const benchmark = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined

if (benchmark === undefined) {
  const known = Object.entries(BENCHMARKS).map(([key, { what }]) => `  ${key.padEnd(8)} ${what}`)
  console.error(['Usage: npm run bench -- NAME [--json] [--check]', ...known].join('\n'))
  process.exitCode = 2
} else {
  const measure = await benchmark.load()
  const figures = await measure()
  if (values.json) console.log(JSON.stringify(figures, null, 2))
  else printFigures(figures)
  if (values.check && figures.some(({ ok }) => !ok)) process.exitCode = 1
}
