import { describe, expect, test } from 'vitest'
import { createIndex } from '../../src/catalog/index.ts'
import { createSearch } from '../../src/catalog/search/search.ts'
import { estimateTokens } from '../../src/catalog/tokens.ts'
import { catalogOf, toolSpec } from './tool-specs.ts'

const everything = () => true
const many = Array.from({ length: 60 }, (_, at) =>
  toolSpec('big', `tool_${at}`, { description: `Does thing ${at}.` }),
)
const catalog = catalogOf(
  ...many,
  toolSpec('my-server', 'say-hi', { description: 'Says hi. And more.' }),
  toolSpec('slack', 'post'),
)
const index = createIndex(catalog)

describe('the catalog for a model', () => {
  test('shows all there is where the budget allows', () => {
    const small = createIndex(
      catalogOf(
        toolSpec('my-server', 'say-hi', { description: 'Says hi. And more.' }),
        toolSpec('slack', 'post'),
      ),
    )
    expect(small.renderCatalog({ visible: everything, budgetTokens: 1500 })).toBe(
      [
        'Servers (tools): my_server (1), slack (1)',
        'COMPLETE (all 2 tools)',
        'tools.my_server.',
        '  say_hi(): Promise<unknown> // Says hi',
        'tools.slack.',
        '  post(): Promise<unknown>',
      ].join('\n'),
    )
  })

  test('shows every server with its count and a part of the tools where it does not', () => {
    const text = index.renderCatalog({ visible: everything, budgetTokens: 200 })
    expect(text).toMatch(
      /^Servers \(tools\): big \(60\), my_server \(1\), slack \(1\)\nPARTIAL \(\d+ of 62 tools shown\)\n/,
    )
    expect(text).toContain('say_hi(')
    expect(text).toContain('post(')
    expect(estimateTokens(text)).toBeLessThanOrEqual(200)
  })

  test('shows with no budget how much there is, and with a small one as many servers as fit', () => {
    expect(index.renderCatalog({ visible: everything, budgetTokens: 0 })).toBe(
      '3 servers with 62 tools; search_tools with an empty query lists them.',
    )
    const wide = createIndex(
      catalogOf(...Array.from({ length: 200 }, (_, at) => toolSpec(`server-${at}`, 'go'))),
    )
    const text = wide.renderCatalog({ visible: everything, budgetTokens: 100 })
    expect(text).toMatch(/^Servers \(tools\): server_0 \(1\), .*, and 1\d\d more servers\nPARTIAL/)
    expect(estimateTokens(text)).toBeLessThanOrEqual(100)
  })

  test('has pinned tools first, in any spelling', () => {
    const text = index.renderCatalog({
      visible: everything,
      budgetTokens: 60,
      pinned: ['tools.big.tool_41', 'nobody.none'],
    })
    expect(text).toContain('tool_41(')
  })

  test('says nothing of hidden tools and servers, pinned or not', () => {
    const text = index.renderCatalog({
      visible: (spec) => spec.ref.server !== 'my-server',
      budgetTokens: 5000,
      pinned: ['my-server.say-hi'],
    })
    expect(text).not.toMatch(/my_server|say_hi/)
    expect(text).toContain('COMPLETE (all 61 tools)')
    expect(index.renderCatalog({ visible: () => false, budgetTokens: 5000 })).toBe('No tools.')
  })
})

describe('matches for a model', () => {
  const search = createSearch(catalog)

  test('are callable lines with the way to the next page', () => {
    const text = index.renderMatches(search.query({ text: 'tool', limit: 5, visible: everything }))
    const lines = text.split('\n')
    expect(lines).toHaveLength(6)
    expect(lines[0]).toMatch(/^tools\.big\.tool_\d+\(\): Promise<unknown> \/\/ Does thing \d+$/)
    expect(lines[5]).toMatch(/^1 to 5 of 60; 55 left out, next: cursor "5\.\w+"\.$/)
  })

  test('say where they end', () => {
    expect(index.renderMatches(search.query({ text: 'hi', visible: everything }))).toMatch(
      /\n1 to 1 of 1; nothing is left out\.$/,
    )
    expect(index.renderMatches(search.query({ text: 'zzzqqq', visible: everything }))).toMatch(
      /^No matches\./,
    )
  })
})
