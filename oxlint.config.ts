import { defineConfig } from 'oxlint'

/**
 * The floors of the house (docs/architecture.md). A folder may import from the folders named here and from nothing else
 * in src. `types` are held to it like values.
 */
const FLOORS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  conditions: ['core'],
  policy: ['core', 'conditions'],
  catalog: ['core'],
  config: ['core', 'conditions'],
  telemetry: ['core'],
  store: ['core'],
  tokens: ['core'],
  audit: ['core', 'secrets'],
  secrets: ['core'],
  identity: ['core', 'config', 'policy', 'telemetry'],
  approvals: ['core', 'config', 'policy', 'telemetry'],
  llm: ['core', 'config', 'catalog', 'policy', 'telemetry'],
  mcp: ['core', 'config', 'catalog', 'policy', 'secrets', 'telemetry'],
  scripts: ['core', 'config', 'catalog', 'policy', 'telemetry', 'tokens'],
  bench: ['core', 'conditions', 'config', 'catalog', 'llm'],
  gateway: ['core', 'conditions', 'config', 'catalog', 'policy', 'telemetry', 'tokens'],
  http: ['core', 'config', 'catalog', 'policy', 'telemetry', 'gateway'],
  cli: [
    'core',
    'bench',
    'config',
    'catalog',
    'policy',
    'telemetry',
    'audit',
    'identity',
    'approvals',
    'gateway',
    'tokens',
  ],
}

/** Packages that one folder has for all. */
const HOMES: readonly {
  readonly packages: readonly string[]
  readonly home: string
  /** A second folder that has it. */
  readonly also?: string
  readonly why: string
}[] = [
  {
    packages: ['@modelcontextprotocol/*'],
    home: 'src/mcp',
    why: 'the protocol is spoken in src/mcp and nowhere else',
  },
  { packages: ['fastify'], home: 'src/http', why: 'HTTP is served in src/http and nowhere else' },
  {
    packages: ['isolated-vm'],
    home: 'sandbox/cell',
    why: 'a script must never run in the process of the gateway',
  },
  {
    packages: ['ajv', 'ajv/*'],
    home: 'src/policy',
    why: 'schemas of strangers are compiled in src/policy/arguments.ts',
  },
  { packages: ['commander', 'yocto-spinner'], home: 'src/cli', why: 'only src/cli speaks with a terminal' },
  { packages: ['pino', 'pino-pretty'], home: 'src/telemetry', why: 'the log comes in through a port' },
  { packages: ['yaml', 'smol-toml'], home: 'src/config', why: 'documents are read in src/config' },
  {
    packages: ['zod'],
    home: 'src/config',
    also: 'src/http/admin',
    why: 'documents are read in src/config, and those of the admin API in src/http/admin',
  },
  {
    packages: ['@marcbachmann/cel-js'],
    home: 'src/conditions',
    why: 'conditions are compiled and bounded in src/conditions',
  },
  {
    packages: ['node:sqlite', 'kysely', 'pg'],
    home: 'src/store',
    why: 'SQL is spoken in src/store and nowhere else',
  },
  {
    packages: ['ts-morph', 'typescript', 'typescript/*'],
    home: 'src/scripts/check',
    why: 'scripts are compiled in src/scripts/check, away from the main thread',
  },
  { packages: ['tinybench'], home: 'bench', why: 'measuring has no place at run time' },
  {
    packages: ['gpt-tokenizer', 'gpt-tokenizer/*'],
    home: 'src/tokens',
    why: 'tokens are counted in a thread of their own, with bounds',
  },
]

interface Restriction {
  readonly group: string[]
  readonly message: string
}

function foreignPackages(folder: string): Restriction[] {
  const isIn = (home: string | undefined): boolean => folder === home || folder.startsWith(`${home}/`)
  return HOMES.filter(({ home, also }) => !isIn(home) && !isIn(also)).map(({ packages, why }) => ({
    group: [...packages],
    message: `Not here: ${why}.`,
  }))
}

function foreignFloors(folder: string, allowed: readonly string[]): Restriction[] {
  const foreign = Object.keys(FLOORS).filter((other) => other !== folder && !allowed.includes(other))
  return foreign.map((other) => ({
    group: [`**/${other}/**`, `!./**`],
    message: `src/${folder} stands below or beside src/${other}: dependencies go down only (docs/architecture.md).`,
  }))
}

function restrict(files: string[], patterns: Restriction[]) {
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }] as ['error', object] } }
}

export default defineConfig({
  plugins: ['typescript', 'import', 'unicorn', 'oxc', 'node'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'warn' },
  ignorePatterns: ['dist', 'node_modules', 'demo/scripts'],
  options: { typeAware: true },
  rules: {
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'import/no-default-export': 'error',
    'oxc/no-barrel-file': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-non-null-assertion': 'error',
    // Values from a wire are read through checks that the type system cannot see.
    'typescript/no-unsafe-type-assertion': 'off',
    // Sequences that must be sequences, sorts of fresh arrays, small closures beside their use: all wanted here.
    'no-await-in-loop': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'unicorn/prefer-add-event-listener': 'off',
    'unicorn/prefer-set-has': 'off',
    'unicorn/require-post-message-target-origin': 'off',
    'oxc/no-map-spread': 'off',
    'import/no-named-as-default-member': 'off',
    'no-underscore-dangle': 'off',
    'no-var': 'error',
    eqeqeq: 'error',
    'prefer-const': 'error',
    'no-console': 'error',
  },
  overrides: [
    ...Object.entries(FLOORS).map(([folder, allowed]) =>
      restrict(
        [`src/${folder}/**`],
        [...foreignFloors(folder, allowed), ...foreignPackages(`src/${folder}`)],
      ),
    ),
    // Homes inside a floor.
    restrict(
      ['src/http/admin/**'],
      [...foreignFloors('http', FLOORS['http'] ?? []), ...foreignPackages('src/http/admin')],
    ),
    restrict(
      ['src/scripts/check/**'],
      [...foreignFloors('scripts', FLOORS['scripts'] ?? []), ...foreignPackages('src/scripts/check')],
    ),
    restrict(
      ['sandbox/cell/**'],
      [
        ...foreignPackages('sandbox/cell'),
        { group: ['**/src/**'], message: 'A cell knows nothing of the gateway but sandbox/wire.ts.' },
      ],
    ),
    restrict(
      ['sandbox/guest/**'],
      [
        {
          group: ['../**', '*', '!./*'],
          message: 'The guest is plain ECMAScript: it imports only its own files.',
        },
      ],
    ),
    restrict(
      ['sandbox/wire.ts'],
      [{ group: ['*', '**/*'], message: 'Both sides import the wire, so it imports nothing.' }],
    ),
    // Taking methods off their prototypes is what the guest's primordials are for.
    { files: ['sandbox/guest/primordials.ts'], rules: { 'typescript/unbound-method': 'off' } },
    { files: ['sandbox/guest/call-promise.ts'], rules: { 'unicorn/no-thenable': 'off' } },
    { files: ['*.config.ts'], rules: { 'import/no-default-export': 'off' } },
    { files: ['bench/**', 'demo/**', 'test/**'], rules: { 'no-console': 'off' } },
  ],
})
