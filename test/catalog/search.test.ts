import { describe, expect, test } from 'vitest'
import { createSearch, type SearchQuery } from '../../src/catalog/search.ts'
import { createTokenizer } from '../../src/catalog/tokenize.ts'
import { catalogOf, toolSpec } from './tool-specs.ts'

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

  test('nothing finds nothing', () => {
    expect(search.query({ text: 'zzzqqq', visible: everything })).toEqual({
      matches: [],
      total: 0,
      offset: 0,
    })
  })

  test('an empty text browses in order, by pages', () => {
    const page = search.query({ text: '  ', limit: 5, visible: everything })
    expect(page).toMatchObject({ total: 7, offset: 0, next: 5 })
    const rest = search.query({ text: '', limit: 5, offset: 5, visible: everything })
    expect(rest.next).toBeUndefined()
    expect([...page.matches, ...rest.matches].map(({ spec }) => spec)).toEqual(catalog.tools)
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
