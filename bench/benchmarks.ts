import type { Figure } from './figure.ts'

type Measure = () => Promise<readonly Figure[]>

/** A benchmark of the runner. */
export interface Benchmark {
  readonly what: string
  readonly load: () => Promise<Measure>
  /**
   * How often it is run where its figures are kept or compared, so that their noise is known. Fewer than 5: it measures its noise in rounds of its own, and
   * only what differs from run to run is missing; or it counts and has none; or it takes minutes.
   */
  readonly repeats: number
}

/** All benchmarks of the runner, by name. */
export const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  tokens: {
    what: 'input tokens and cost of tasks in each mode, 10 to 5,000 tools',
    load: async () => (await import('./tokens/tokens.ts')).measureTokens,
    repeats: 1,
  },
  latency: {
    what: 'time of the same tasks: a model by parameters, gateway and tools as measured',
    load: async () => (await import('./latency/latency.ts')).measureLatency,
    repeats: 1,
  },
  micro: {
    what: 'prepare, check, search, stub, admit, frames, run and calls in one process; memory of an idle gateway and a cell',
    load: async () => (await import('./micro/micro.ts')).measureMicro,
    repeats: 3,
  },
  flow: {
    what: 'scripts: from handler to result, calls in a row and at once, scripts a second, runs that wait',
    load: async () => (await import('./flow/flow.ts')).measureFlow,
    repeats: 5,
  },
  load: {
    what: 'calls over HTTP against a bare pass-through and the SDK: processor time, added latency, highest rates, memory',
    load: async () => (await import('./load/load.ts')).measureLoad,
    repeats: 3,
  },
  peers: {
    what: 'other gateways and script runners from npm, installed on demand, beside this one',
    load: async () => (await import('./peers/peers.ts')).measurePeers,
    repeats: 1,
  },
  surface: {
    what: 'tokens that a client of Code Mode has in its context before its first call',
    load: async () => (await import('./surface/surface.ts')).measureSurface,
    repeats: 1,
  },
  stubs: {
    what: 'tokens of signatures and declarations, what the compiler says of them, time to print',
    load: async () => (await import('./stubs/stubs.ts')).measureStubs,
    repeats: 5,
  },
  search: {
    what: 'quality of the search over real queries, its times at 5,000 and 50,000 tools',
    load: async () => (await import('./search/search.ts')).measureSearch,
    repeats: 1,
  },
  check: {
    what: 'time of the type check of a script, first and warm, of both compilers',
    load: async () => (await import('./check/check.ts')).measureCheck,
    repeats: 5,
  },
  idle: {
    what: 'memory of 1,000 clients that do nothing, with a session and without',
    load: async () => (await import('./load/idle.ts')).measureIdle,
    repeats: 5,
  },
  soak: {
    what: 'five minutes at half of the highest rate: failed calls, growth of memory',
    load: async () => (await import('./load/soak.ts')).measureSoak,
    repeats: 1,
  },
  governance: {
    what: 'what keys, rules, limits and the audit cost a call over HTTP, against the gateway without them',
    load: async () => (await import('./governance/governance.ts')).measureGovernance,
    repeats: 5,
  },
  store: {
    what: 'what blocks the main thread: kept values, suspended runs, counts, learning of results',
    load: async () => (await import('./store/store.ts')).measureStore,
    repeats: 5,
  },
}
