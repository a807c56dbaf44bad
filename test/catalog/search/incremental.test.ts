import { describe, expect, test } from 'vitest'
import { createSearch, type Search } from '../../../src/catalog/search/search.ts'
import { createSearches } from '../../../src/catalog/search/searches.ts'
import type { ToolSpec } from '../../../src/core/tool.ts'
import { catalogOf, toolSpec } from '../tool-specs.ts'

const SUBJECTS = ['issue', 'page', 'invoice', 'channel', 'forecast', 'branch', 'customer']
const ACTIONS = ['create', 'list', 'delete', 'update', 'archive']

/** Fifty servers of different sizes. */
const servers = Array.from({ length: 50 }, (_, server) =>
  Array.from({ length: 3 + (server % 5) }, (__, at) =>
    toolSpec(`server_${server}`, `${ACTIONS[at % 5]}_${SUBJECTS[(server + at) % 7]}_${at}`, {
      description: `Does something with ${SUBJECTS[(server * at) % 7]} number ${server}.`,
    }),
  ),
)

const QUERIES = [
  'list issues',
  'remove the page',
  'forecast',
  'server_7',
  'archive customers and create an invoice',
]

function answers(search: Search) {
  return QUERIES.map((text) => search.query({ text, limit: 50, visible: () => true }))
}

describe('the search of the next revision', () => {
  test('analyses the tools of the changed server, and no others', () => {
    const before = createSearch(catalogOf(...servers.flat()))
    expect(before.base.analysed).toBe(servers.flat().length)
    const changed = [
      ...(servers[20] ?? []),
      toolSpec('server_20', 'list_ledgers', { description: 'A new tool.' }),
    ]
    const specs = servers.with(20, changed).flat()
    const after = createSearch(catalogOf(...specs), { previous: before.base })
    expect(after.base.analysed).toBe(changed.length)
    expect(answers(after)).toEqual(answers(createSearch(catalogOf(...specs))))
    expect(after.query({ text: 'ledger', visible: () => true }).matches[0]?.spec.ref.name).toBe(
      'list_ledgers',
    )
  })

  test('forgets a server that has gone, and leaves the search before as it was', () => {
    const before = createSearch(catalogOf(...servers.flat()))
    const answered = answers(before)
    const left = servers.slice(0, 49).flat()
    const after = createSearch(catalogOf(...left), { previous: before.base })
    expect(after.base.analysed).toBe(0)
    expect(answers(after)).toEqual(answers(createSearch(catalogOf(...left))))
    expect(answers(before)).toEqual(answered)
  })

  test('begins a new dictionary when most of the old one is of servers that have gone', () => {
    const babble = (round: number): ToolSpec =>
      toolSpec('babble', 'say', {
        description: Array.from({ length: 1300 }, (_, at) => `w${(round * 1300 + at).toString(36)}q`)
          .join(' ')
          .slice(0, 8000),
      })
    const create = createSearches()
    let search = create(catalogOf(...servers.flat(), babble(0)))
    let largest = 0
    for (let round = 1; round < 40; round++) {
      search = create(catalogOf(...servers.flat(), babble(round)))
      largest = Math.max(largest, search.base.dictionary.size())
      expect(search.base.analysed).toBe(1)
    }
    expect(largest).toBeLessThan(20_000)
    expect(answers(search)).toEqual(answers(createSearch(catalogOf(...servers.flat(), babble(39)))))
  })
})
