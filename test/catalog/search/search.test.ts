import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { type ToolRef, toolKey } from '../../../src/core/tool.ts'
import { createSearch, type SearchPage, type SearchQuery } from '../../../src/catalog/search/search.ts'
import { createTokenizer } from '../../../src/catalog/search/text/tokenize.ts'
import { catalogOf, toolSpec } from '../tool-specs.ts'

const everything = () => true

const catalog = catalogOf(
  toolSpec('github', 'list_issues', {
    description: 'List the issues of a repository.',
    inputSchema: {
      type: 'object',
      properties: {
        repo: { type: 'string' },
        state: { enum: ['open', 'closed'] },
        milestone: { type: 'string' },
      },
    },
  }),
  toolSpec('github', 'createPullRequest', { description: 'Opens a pull request.' }),
  toolSpec('github', 'delete_repo', { description: 'Deletes a repository for ever.' }),
  toolSpec('slack', 'post_message', { description: 'Sends a message to a channel.' }),
  toolSpec('slack', 'list_channels', { title: 'Rooms' }),
  toolSpec('weather', 'getForecast', { description: 'Weather of the coming days.' }),
  toolSpec('天气', '获取天气', { description: '查询指定城市的天气预报' }),
)
const search = createSearch(catalog)

function find(text: string, rest: Partial<SearchQuery> = {}): string[] {
  return search
    .query({ text, visible: everything, ...rest })
    .matches.map(({ spec }) => `${spec.ref.server}.${spec.ref.name}`)
}

describe('search', () => {
  test.each([
    ['issue', 'github.list_issues'],
    ['listing issues in repositories', 'github.list_issues'],
    ['pull request', 'github.createPullRequest'],
    ['createpullrequest', 'github.createPullRequest'],
    ['milestone', 'github.list_issues'],
    ['closed', 'github.list_issues'],
    ['rooms', 'slack.list_channels'],
    ['forecasts', 'weather.getForecast'],
    ['forec', 'weather.getForecast'],
    ['天气预报', '天气.获取天气'],
  ])('%s finds %s', (text, expected) => {
    expect(find(text)[0]).toBe(expected)
  })

  test.each(['slack.list_channels', 'slack__list_channels', 'tools.slack.list_channels', 'list_channels'])(
    'the exact name %s comes first',
    (text) => {
      expect(find(text)[0]).toBe('slack.list_channels')
    },
  )

  test.each([
    'Slack.LIST_CHANNELS',
    'slack list-channels',
    'tools.slack.listChannels',
    'SLACK__LIST_CHANNELS',
    'List Channels',
    'listchannels',
  ])('case and separators of the name %s do not matter', (text) => {
    expect(find(text)[0]).toBe('slack.list_channels')
  })

  test('nothing finds nothing', () => {
    expect(search.query({ text: 'zzzqqq', visible: everything })).toEqual({
      matches: [],
      total: 0,
      offset: 0,
      nearest: [],
    })
  })

  test('an unknown name has the nearest ones, of those that are visible', () => {
    const nearest = (visible: SearchQuery['visible']) =>
      search.query({ text: 'slakc.lsit_chanels', visible }).nearest?.map(({ ref }) => ref.name)
    expect(nearest(everything)?.[0]).toBe('list_channels')
    expect(nearest((spec) => spec.ref.name !== 'list_channels')).not.toContain('list_channels')
  })

  test('an empty text browses in order, by pages', () => {
    const page = search.query({ text: '  ', limit: 5, visible: everything })
    expect(page).toMatchObject({ total: 7, offset: 0 })
    const rest = search.query({ text: '', limit: 5, cursor: page.nextCursor ?? '', visible: everything })
    expect(rest.nextCursor).toBeUndefined()
    expect([...page.matches, ...rest.matches].map(({ spec }) => spec)).toEqual(catalog.tools)
  })

  test('pages of a ranking are parts of the same ranking', () => {
    const specs = Array.from({ length: 300 }, (_, at) =>
      toolSpec(`s${at}`, at < 250 ? 'search' : `search_${at}`, { description: 'search '.repeat(at % 13) }),
    )
    const many = createSearch(catalogOf(...specs))
    const pages: string[][] = []
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: SearchPage = many.query({ text: 'search', limit: 50, cursor, visible: everything })
      pages.push(page.matches.map(({ spec }) => toolKey(spec.ref)))
      cursor = page.nextCursor
    }
    expect(pages.map((page) => page.length)).toEqual([50, 50, 50, 50, 50, 50])
    expect(new Set(pages.flat()).size).toBe(300)
  })

  test.each([
    ['broken', '8', 'issue'],
    ['broken', 'abc.def', 'issue'],
    ['negative', '-5.abcd', 'issue'],
    ['endless', `${'9'.repeat(400)}.abcd`, 'issue'],
  ])('a %s cursor is refused', (_, cursor, text) => {
    expect(() => search.query({ text, cursor, visible: everything })).toThrow(
      expect.objectContaining({ code: 'invalid_arguments' }),
    )
  })

  test('a cursor belongs to its query and server, whatever the limit', () => {
    const { nextCursor: cursor = '' } = search.query({ text: '', limit: 5, visible: everything })
    expect(search.query({ text: '', limit: 20, cursor, visible: everything }).offset).toBe(5)
    for (const other of [{ text: 'issue' }, { text: '', server: 'slack' }])
      expect(() => search.query({ ...other, cursor, visible: everything })).toThrow(
        expect.objectContaining({ code: 'invalid_arguments' }),
      )
  })

  test('a limit is at least five and at most fifty, and nonsense is the default', () => {
    const many = catalogOf(...Array.from({ length: 80 }, (_, at) => toolSpec('s', `tool_${at}`)))
    const counts = [undefined, 1, -3, 20, 1000, Number.NaN, 7.9].map(
      (limit) =>
        createSearch(many).query({
          text: 'tool',
          ...(limit === undefined ? {} : { limit }),
          visible: everything,
        }).matches.length,
    )
    expect(counts).toEqual([8, 5, 5, 20, 50, 8, 7])
  })

  test('a server narrows, in any spelling, and an unknown one has nothing', () => {
    expect(find('list', { server: 'slack' })).toEqual(['slack.list_channels'])
    expect(find('', { server: 'nobody' })).toEqual([])
  })

  test('what is hidden is neither found nor counted, not even by its exact name', () => {
    const visible: SearchQuery['visible'] = (spec) => spec.ref.name !== 'delete_repo'
    for (const text of ['', 'repository', 'delete_repo', 'github.delete_repo', 'github']) {
      const page = search.query({ text, limit: 50, visible })
      expect(page.matches.map(({ spec }) => spec.ref.name)).not.toContain('delete_repo')
      expect(page.total).toBe(page.matches.length)
    }
  })

  test('hostile text ends', () => {
    for (const text of [
      'a'.repeat(1e6),
      'list '.repeat(1e5),
      '\ud800'.repeat(1e5),
      '名'.repeat(1e5),
      'aB1'.repeat(1e5),
    ])
      expect(search.query({ text, visible: everything }).matches.length).toBeLessThanOrEqual(8)
  })

  test.each([
    ['remove a repository', 'github.delete_repo'],
    ['erase repo', 'github.delete_repo'],
    ['show tickets', 'github.list_issues'],
    ['temperature', 'weather.getForecast'],
  ])('words of one class stand for each other: %s', (text, expected) => {
    expect(find(text)[0]).toBe(expected)
  })

  test('the word itself is worth more than one like it', () => {
    const both = createSearch(catalogOf(toolSpec('a', 'remove_page'), toolSpec('b', 'delete_page')))
    const first = (text: string) => both.query({ text, visible: everything }).matches[0]?.spec.ref.name
    expect(first('delete a page')).toBe('delete_page')
    expect(first('remove a page')).toBe('remove_page')
  })

  test('a task of several steps finds a tool for each', () => {
    const text =
      'Look up the weather of the coming days in Oslo. Then send a short message about the weather to the channel. ' +
      'Finally open a pull request with the forecast.'
    expect(find(text).slice(0, 4)).toEqual(
      expect.arrayContaining(['weather.getForecast', 'slack.post_message', 'github.createPullRequest']),
    )
  })

  test('quoted values count less than words', () => {
    expect(find("post a message 'delete the repository of issues'")[0]).toBe('slack.post_message')
  })

  test('a path speaks of files', () => {
    const some = createSearch(
      catalogOf(toolSpec('fs', 'read_file'), toolSpec('notes', 'read_note'), toolSpec('mail', 'read_mail')),
    )
    expect(some.query({ text: 'read /root/list.bib', visible: everything }).matches[0]?.spec.ref.name).toBe(
      'read_file',
    )
  })

  test('a page is not filled with one name', () => {
    const specs = Array.from({ length: 30 }, (_, at) =>
      toolSpec(`shop${at}`, 'search', { description: 'Search' }),
    )
    const mixed = createSearch(
      catalogOf(...specs, toolSpec('zoo', 'search_animals', { description: 'Search animals' })),
    )
    const { matches } = mixed.query({ text: 'I would like to search', visible: everything })
    expect(matches.map(({ spec }) => spec.ref.name)).toContain('search_animals')
  })

  test('a server that is named lifts its tools', () => {
    const two = createSearch(
      catalogOf(
        toolSpec('notion', 'create_page'),
        toolSpec('confluence', 'create_page'),
        toolSpec('jira', 'x'),
      ),
    )
    expect(
      two.query({ text: 'create a page in Confluence', visible: everything }).matches[0]?.spec.ref.server,
    ).toBe('confluence')
  })

  test('use settles near-ties, and lifts nothing that does not match', () => {
    const twins = catalogOf(
      toolSpec('a', 'read_text', { description: 'Reads' }),
      toolSpec('b', 'text_read', { description: 'Reads' }),
      toolSpec('c', 'other'),
    )
    const names = (usage?: (ref: ToolRef) => number) =>
      createSearch(twins, { usage })
        .query({ text: 'please read text', visible: everything })
        .matches.map(({ spec }) => spec.ref.name)
    expect(names()).toEqual(['read_text', 'text_read'])
    expect(names((ref) => (ref.name === 'text_read' ? 40 : 0))).toEqual(['text_read', 'read_text'])
    expect(names((ref) => (ref.name === 'other' ? 1e9 : Number.NaN))).toEqual(['read_text', 'text_read'])
  })

  test('what is hidden does not change what is found by way of its words', () => {
    const secret = toolSpec('vault', 'rotate', { description: 'Rotates the zanzibar key' })
    const shown = toolSpec('maps', 'zanzibar_map', { description: 'A map of an island' })
    const { matches } = createSearch(catalogOf(secret, shown)).query({
      text: 'rotate',
      visible: (spec) => spec !== secret,
    })
    expect(matches).toEqual([])
  })

  test('hostile tools cost themselves only', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, at) => [`con${at.toString(36)}`, { description: 'x'.repeat(100) }]),
    )
    const deep = JSON.parse(`${'{"properties":{"a":'.repeat(2000)}{}${'}}'.repeat(2000)}`) as JsonObject
    const hostile = createSearch(
      catalogOf(
        ...catalog.tools,
        toolSpec('evil', 'issue_'.repeat(20_000), { description: 'issue '.repeat(200_000) }),
        toolSpec('evil', 'properties', { inputSchema: { type: 'object', properties } }),
        toolSpec('evil', 'deep', { inputSchema: deep }),
        toolSpec('evil', '__proto__', { description: 'constructor toString __proto__ hasOwnProperty' }),
      ),
    )
    const names = (text: string) =>
      hostile.query({ text, visible: everything }).matches.map(({ spec }) => spec.ref.name)
    expect(names('list the issues of a repository')[0]).toBe('list_issues')
    expect(names('constructor')[0]).toBe('__proto__')
    expect(names('conz')).not.toContain('list_issues')
    expect(hostile.base.usedTerms).toBeLessThan(1000)
  })

  test('the same query gives the same answer', () => {
    expect(find('list a repository message')).toEqual(find('list a repository message'))
  })
})

describe('tokenizer', () => {
  test.each([
    ['listIssues', ['list', 'issu', 'listissu']],
    ['list_issues-of', ['list', 'issu']],
    ['getURLForID', ['get', 'url', 'id']],
    ['s3', ['s', '3', 's3']],
    ['GitHub', ['git', 'hub', 'github']],
    ['REPOSITORIES', ['repositori']],
    ['天气预', ['天气', '气预']],
    ['the and of', []],
  ])('%s gives %j', (text, terms) => {
    expect(createTokenizer()(text)).toEqual(terms)
  })
})
