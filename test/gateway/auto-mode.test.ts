import { describe, expect, test } from 'vitest'

import { chooseMode, type ModeFacts } from '../../src/gateway/listing/choose-mode.ts'
import { broughtBy } from '../../src/gateway/listing/known-clients.ts'

const FACTS: ModeFacts = {
  configured: 'auto',
  wish: undefined,
  credential: undefined,
  operator: undefined,
  bringsItsOwn: false,
  can: { code: true, search: true },
  costTokens: () => 1_000,
  thresholdTokens: 1_000,
  before: undefined,
}

const NO_CODE = { code: false, search: true }
const NOTHING = { code: false, search: false }
const DEAR = (): number => 1_001
const neverAsked = (): number => {
  throw new Error('the cost does not matter here')
}

type Row = readonly [what: string, facts: Partial<ModeFacts>, mode: string, reason: string]

const BY_COST: readonly Row[] = [
  ['a cost at the threshold', {}, 'classic', 'cost'],
  ['a cost above it', { costTokens: DEAR }, 'code', 'cost'],
  ['a cost above it without scripts', { costTokens: DEAR, can: NO_CODE }, 'search', 'cost'],
  ['a cost above it without own tools', { costTokens: DEAR, can: NOTHING }, 'classic', 'cost'],
  ['a cost below it without own tools', { can: NOTHING }, 'classic', 'cost'],
]

const BY_CLIENT: readonly Row[] = [
  ['a client with its own', { bringsItsOwn: true, costTokens: neverAsked }, 'classic', 'client'],
  ['the word of the operator', { operator: 'search', costTokens: neverAsked }, 'search', 'operator'],
  ['that word before what is known', { operator: 'code', bringsItsOwn: true }, 'code', 'operator'],
  ['that word where scripts are denied', { operator: 'code', can: NO_CODE }, 'search', 'operator'],
  ['that word where both are', { operator: 'search', can: NOTHING }, 'classic', 'operator'],
  ['its `auto`', { operator: 'auto', bringsItsOwn: true, costTokens: DEAR }, 'code', 'cost'],
]

const BY_WISH: readonly Row[] = [
  ['a wish', { wish: 'search', costTokens: neverAsked }, 'search', 'wish'],
  ['a wish against the configuration', { wish: 'classic', configured: 'code' }, 'classic', 'wish'],
  [
    'a wish for scripts that are denied',
    { wish: 'code', configured: 'search', can: NO_CODE },
    'search',
    'configuration',
  ],
  ['a wish before the operator', { wish: 'code', operator: 'classic' }, 'code', 'wish'],
  ['a wish before the credential', { wish: 'code', credential: 'classic' }, 'code', 'wish'],
  ['the credential', { credential: 'search', configured: 'code' }, 'search', 'credential'],
  [
    'a credential for what is denied',
    { credential: 'code', can: NO_CODE, configured: 'classic' },
    'classic',
    'configuration',
  ],
  ['a wish for `auto`', { wish: 'auto', configured: 'code' }, 'classic', 'cost'],
  ['a fixed mode', { configured: 'code', bringsItsOwn: true, operator: 'search' }, 'code', 'configuration'],
]

/** Around a threshold of 1,000 tokens: what a session was shown before, the cost now, and what it is shown next. */
const SESSIONS = [
  ['classic', 1_250, 'classic'],
  ['classic', 1_251, 'code'],
  ['code', 750, 'code'],
  ['code', 749, 'classic'],
  ['search', 750, 'code'],
  [undefined, 1_001, 'code'],
  [undefined, 1_000, 'classic'],
] as const

describe('the choice', () => {
  test.each([...BY_COST, ...BY_CLIENT, ...BY_WISH])('follows %s', (_what, facts, mode, reason) => {
    expect(chooseMode({ ...FACTS, ...facts })).toEqual({ mode, reason })
  })

  test.each(SESSIONS)('of a session in %s that costs %i is %s', (before, costTokens, mode) => {
    expect(chooseMode({ ...FACTS, before, costTokens: () => costTokens }).mode).toBe(mode)
  })

  test('of a session that may run scripts no more is search, whatever it was shown', () => {
    expect(chooseMode({ ...FACTS, before: 'code', costTokens: () => 800, can: NO_CODE }).mode).toBe('search')
  })
})

describe('a client that brings its own', () => {
  test.each([
    ['claude-code', '2.1.330', true],
    ['claude-code', '2.1.7', true],
    ['claude-code', '2.1.6', false],
    ['claude-code', '1.9.0', false],
    ['claude-code', undefined, true],
    ['claude-code', 'dev', true],
    ['claude-code (via mcp-remote 0.1.16)', '2.1.330', true],
    ['claude-code-reviewer', '2.1.330', false],
    ['Claude-Code', '2.1.330', false],
    ['codex-mcp-client', '0.169.0', true],
    ['opencode', '1.4.2', false],
    ['opencode', '2.0.1-beta.3', true],
    ['executor-mcp', '0.1.0', true],
    ['isogate', '0.0.1', true],
    ['gemini-cli-mcp-client', '0.61.0', false],
    ['', '1.0.0', false],
    [undefined, undefined, false],
  ])('%s %s: %s', (name, version, isKnown) => {
    const client = {
      isLasting: false,
      ...(name === undefined ? {} : { name }),
      ...(version === undefined ? {} : { version }),
    }
    expect(broughtBy(client) !== undefined).toBe(isKnown)
  })
})
