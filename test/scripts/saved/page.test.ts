import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { parseLock } from '../../../src/config/schema/scripts.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { KEEPER, openScriptHouse, textIn, TRACKER } from './house.ts'

const page = readFileSync(new URL('../../../docs/saved-scripts.md', import.meta.url), 'utf8')
const fenceOf = (language: string): string =>
  new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'm').exec(page)?.[1] ?? ''

const toInput = (text: string): JsonObject => JSON.parse(text) as JsonObject

test('the script of docs/saved-scripts.md can be saved as the page says, and called', async () => {
  await using house = openScriptHouse({ servers: { github: TRACKER } })
  const [, example = ''] = /save titles --file titles\.ts --example '(.*)'/.exec(page) ?? []
  const saved = await house.saved.desk.save(
    KEEPER,
    {
      name: 'titles',
      code: fenceOf('js'),
      description: 'Titles.',
      examples: [toInput(example)],
      isForced: false,
    },
    new AbortController().signal,
  )
  expect(saved).toMatchObject({ uses: ['github.list_issues'], examples: 1 })
  const result = await house.call('scripts.titles', { repo: 'isogate' })
  expect(JSON.parse(textIn(result))).toEqual({ count: 2, titles: ['isogate is slow', 'No docs'] })
})

test('the lock of docs/saved-scripts.md is one', () => {
  expect(parseLock(fenceOf('json'))).toMatchObject({
    value: { aliases: { 'github.list_issues': 'github.issues_list' } },
  })
})
