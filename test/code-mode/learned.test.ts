import { expect, test } from 'vitest'

import { mainText, openScriptHouse, runMeta, textsOf } from './script-house.ts'

const ISSUE = { id: 7, title: 'It is broken', labels: ['bug'], assignee: null }

test('what a tool gives is learned, shown with its count, and never an error of the check', async () => {
  await using scripts = openScriptHouse({
    servers: {
      tracker: {
        get_issue: { answer: () => ({ content: [{ type: 'text', text: JSON.stringify(ISSUE) }] }) },
      },
    },
  })
  const search = async (): Promise<string> => mainText(await scripts.call('search_tools', { query: 'issue' }))
  expect(await search()).toContain('Promise<unknown>')
  await scripts.run('await tools.tracker.get_issue({})\nawait tools.tracker.get_issue({})')
  expect(await search()).toMatch(/get_issue\(\): Promise<\{ .*id: number.*\}.*2x/)
  expect(await search()).not.toContain('broken')
  const described = mainText(await scripts.call('describe_tools', { tools: ['tracker.get_issue'] }))
  expect(described).toMatch(/title: string/)

  const mistaken = await scripts.run(`const issue = await tools.tracker.get_issue({})
return issue.titel.length`)
  expect(mainText(mistaken)).toContain('[script_error]')
  expect(runMeta(mistaken)['parts']).toContain('remarks')
  expect(textsOf(mistaken).join('\n')).toMatch(/hint, line 2: .*titel.*title/)
})
