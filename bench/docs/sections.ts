/** The words of a section of docs/benchmarks.md. */
export interface Section {
  readonly title: string
  /** A few words for the list of contents. */
  readonly about: string
  /** What is measured. */
  readonly what: string
  /** How to read it. */
  readonly reading: string
  /** Packages of npm whose version matters. */
  readonly packages: readonly string[]
}

/** A section for each benchmark, in the order of the page. */
export const SECTIONS: Readonly<Record<string, Section>> = {
  tokens: {
    title: 'Tokens and cost',
    about: 'what a provider would bill for the same tasks in each mode',
    what: `Tasks of ten kinds (single call, chain, fan-out, join, filter of a large result, loop, recovery from an error, nothing to find, whole result
wanted, judgement between two calls) are played in four modes, among 10 to 5,000 tools. The tools are the first ones of a fixed list of 5,883 definitions of
public MCP servers; their texts belong to others, so the list is not in this repository, and without it generated tools stand in their place. The
same as \`isogate bench tokens\`, which can also play among your own servers.`,
    reading: `The input is what counts for money: classic sends all definitions with every turn. Code and search take more turns, since a tool must be found first. Where
the model must read a whole result itself, or there is nothing to find, a script saves nothing over search. The targets of turns are judged for a model that makes
all independent calls in one turn, which is the best case for classic; what becomes of them otherwise stands under [calls in one turn](#calls-in-one-turn).`,
    packages: ['gpt-tokenizer'],
  },
  latency: {
    title: 'Time of tasks',
    about: 'how long the same tasks take in each mode',
    what: `The same tasks with a clock: the time of gateway and tools is measured (the median of three), the time of the model is added by parameters. The same as
\`isogate bench latency\`, where the parameters can be set.`,
    reading: `Nearly all of the time is the model, and that part is not measured. The defaults lean to classic: they read long inputs fast and write slowly. Look at what
hangs on the parameters before you quote a figure.`,
    packages: ['gpt-tokenizer', 'isolated-vm', 'typescript'],
  },
  surface: {
    title: 'Context before the first call',
    about: 'definitions and instructions that a client of Code Mode gets',
    what: 'Tokens of definitions and instructions in mode code, at 10 to 5,000 tools and with several budgets for the list of tools (`codeMode.catalogTokens`).',
    reading: 'With a budget of 0 the size of the catalog must not matter.',
    packages: ['gpt-tokenizer'],
  },
  stubs: {
    title: 'Signatures and declarations',
    about: 'tokens of what a model reads about a tool, and whether it compiles',
    what: 'Declarations of thousands of real tools: their tokens against those of the JSON schema, what the strict compiler says of them, and the time to print one.',
    reading: 'Needs the list of real definitions. Errors of the compiler must be none.',
    packages: ['typescript', 'gpt-tokenizer'],
  },
  search: {
    title: 'Search for tools',
    about: 'whether the right tool is found, and how fast',
    what: 'Questions with known answers from twelve public sets, against plain BM25 over the same tools; and times at 5,000 and 50,000 tools.',
    reading:
      'Quality is told in points behind BM25: below 0 is better. Needs the lists of tools and questions, which are not in this repository.',
    packages: ['stemmer'],
  },
  check: {
    title: 'Type check of scripts',
    about: 'what it takes before a script runs',
    what: 'The first check of a fresh compiler, and checks of scripts that it has not seen, for the native compiler and for the one that stands in where that cannot start.',
    reading: 'A script is checked once before it runs, so this time is part of every run.',
    packages: ['typescript', 'ts-morph'],
  },
  micro: {
    title: 'Parts by themselves',
    about: 'prepare, check, search, stub, admit, frames, run',
    what: 'Single steps in one process, each in rounds, and the memory of an idle gateway and of one cell.',
    reading:
      'Each time also stands as a multiple of a yardstick, a fixed piece of work that ran in the same round: that ratio can be compared with another day.',
    packages: ['tinybench', 'isolated-vm', 'typescript'],
  },
  flow: {
    title: 'Scripts',
    about: 'from the handler to the result, and scripts that wait',
    what: 'Whole runs of scripts without HTTP: one that does nothing, calls in a row and at once, as many scripts a second as there can be, and suspended runs that go on.',
    reading: 'The tools answer at once or after a fixed wait, so what is left is the engine.',
    packages: ['isolated-vm'],
  },
  load: {
    title: 'Calls over HTTP',
    about: 'what the gateway adds to a call, and how many it can take',
    what: `The load, each gateway and the server behind it are processes of their own on loopback. Closed loop: a client waits for each answer. Open loop: calls
are due at a fixed rate, and the latency counts from when a call was due, so that a stall is not hidden. Beside the gateway stand a bare pass-through
that checks nothing, and a proxy made of the official SDK. The gateway has all of its layers, but no keys, conditions, budgets and audit: what these cost is
a section of its own.`,
    reading:
      'On two processors the load and the gateway share them, so absolute rates are low. The ratios to the pass-through are from the same run.',
    packages: ['@modelcontextprotocol/server', 'undici'],
  },
  governance: {
    title: 'Keys, rules and audit',
    about: 'what governance costs a call',
    what: 'The same call over HTTP with keys, rules with conditions, rates, budgets and the audit, against the gateway without them; the gateways take turns.',
    reading: 'All but the first figures are ratios within one run.',
    packages: ['@marcbachmann/cel-js'],
  },
  store: {
    title: 'Store',
    about: 'what blocks the main thread',
    what: 'Kept values, suspended runs, counts and learned shapes on a store in a file.',
    reading:
      'While SQLite works, nothing else does. Compare with the write and sync of the disk in the same run.',
    packages: ['kysely'],
  },
  idle: {
    title: 'Idle clients',
    about: 'memory of clients that do nothing',
    what: 'What each further client costs the process of the gateway, beyond a thousand of them: with a stream of the revision 2026-07-28, and with a session of the older ones.',
    reading: 'Resident memory, which the system gives in pages: small differences mean nothing.',
    packages: [],
  },
  peers: {
    title: 'Other projects',
    about: 'other gateways and script runners from npm, in the same harness',
    what: `Gateways stand before the same stdio server and are asked by the same client in turns; script runners run the same scripts. Each is installed on demand
in a fixed version, and set up as its own documentation advises.`,
    reading: `They do different things: a pass-through has no policy, no audit and no search, and a runner in the process of its user has no border to cross. What
could not be installed or started is a line with the reason.`,
    packages: [],
  },
  soak: {
    title: 'Five minutes of load',
    about: 'failed calls and growth of memory',
    what: 'Half of the highest rate for five minutes. Only measured where it is named: `npm run bench -- docs soak`.',
    reading: 'No call may fail, and memory may not grow after the first minute.',
    packages: [],
  },
}
