import { afterEach, describe, expect, test } from 'vitest'

import { BROKEN_MARK } from '../../../src/scripts/saved/spec.ts'
import type { HandMadeTool } from '../../gateway/hand-made-backend.ts'
import { KEEPER, openScriptHouse, TITLES_FILES, textIn, TRACKER, until, type ScriptHouse } from './house.ts'

let house: ScriptHouse
afterEach(() => house.close())

const signal = new AbortController().signal
const LIST = TRACKER['list_issues'] as HandMadeTool

/** The tracker with another way to list issues. */
function tracker(listing: Readonly<Record<string, HandMadeTool>>): Readonly<Record<string, HandMadeTool>> {
  const { list_issues: _old, ...others } = TRACKER
  return { ...others, ...listing }
}

const withParameter = (name: string): HandMadeTool => ({
  ...LIST,
  inputSchema: {
    type: 'object',
    properties: { [name]: { type: 'string' } },
    required: [name],
    additionalProperties: false,
  },
})

const description = (): string => house.saved.backend.tools()[0]?.description ?? ''
const check = (options: object = {}) => house.saved.desk.check(KEEPER, { signal, ...options })

async function openLocked(): Promise<void> {
  house = openScriptHouse({ files: TITLES_FILES })
  await house.gateway.settled()
  await check({ update: true })
}

describe('when a tool changes so that the script no longer fits', () => {
  test('it is told in the log, in the list and in its description before anybody runs it', async () => {
    await openLocked()
    house.backends['tracker']?.become(tracker({ list_issues: withParameter('project') }))
    await until(() => description().startsWith(BROKEN_MARK))
    expect(house.warnings.filter((text) => text.includes('scripts.titles'))).toHaveLength(1)
    const { scripts } = await house.saved.desk.list()
    expect(scripts).toMatchObject([{ name: 'titles', state: 'broken' }])
    expect(scripts[0]?.reasons.join()).toContain('line 2')
    const listed = await house.call('code.search_tools', { query: 'titles of issues' })
    expect(textIn(listed)).toContain('scripts.titles')
  })

  test('a call is refused with the reason, and nothing runs', async () => {
    await openLocked()
    house.backends['tracker']?.become(tracker({ list_issues: withParameter('project') }))
    // Before anybody can have looked at it: a new catalog takes one turn.
    await Promise.resolve()
    expect(description()).not.toContain(BROKEN_MARK)
    const refused = house.call('scripts.titles', { repo: 'x' })
    await expect(refused).rejects.toMatchObject({ code: 'script_check' })
    await expect(refused).rejects.toThrow(/project/)
    expect(house.backends['tracker']?.calls).toEqual([])
  })

  test('who does not see its tools is not told about them', async () => {
    await openLocked()
    house.backends['tracker']?.become(tracker({ list_issues: withParameter('project') }))
    await until(() => description().startsWith(BROKEN_MARK))
    const scope = [{ pattern: 'scripts.*', verdict: 'allow', source: 'test' }] as const
    const refused = house.call(
      'scripts.titles',
      { repo: 'x' },
      { principal: { id: 'guest', kind: 'token', scope } },
    )
    await expect(refused).rejects.toMatchObject({ code: 'script_check' })
    await expect(refused).rejects.not.toThrow(/project|list_issues/)
  })

  test('it works again when the tool is what it was', async () => {
    await openLocked()
    house.backends['tracker']?.become(tracker({ list_issues: withParameter('project') }))
    await until(() => description().startsWith(BROKEN_MARK))
    house.backends['tracker']?.become(TRACKER)
    await until(() => !description().startsWith(BROKEN_MARK))
    expect((await house.call('scripts.titles', { repo: 'x' })).isError).toBeUndefined()
  })

  test('the script that is mended works after the folder is read again', async () => {
    await openLocked()
    house.backends['tracker']?.become(tracker({ list_issues: withParameter('project') }))
    await until(() => description().startsWith(BROKEN_MARK))
    house.write(
      'scripts/titles.ts',
      TITLES_FILES['scripts/titles.ts'].replace('repo: input.repo', 'project: input.repo'),
    )
    house.saved.reload()
    expect((await house.call('scripts.titles', { repo: 'x' })).isError).toBeUndefined()
  })
})

test('code that was written wrongly is told when the folder is read, although no tool has changed', async () => {
  await openLocked()
  const wrong = TITLES_FILES['scripts/titles.ts'].replace('repo: input.repo', 'project: input.repo')
  house.write('scripts/titles.ts', wrong)
  house.saved.reload()
  await until(() => description().startsWith(BROKEN_MARK))
  house.saved.reload()
  await house.saved.desk.list()
  expect(house.warnings.filter((text) => text.includes('no longer fits'))).toHaveLength(1)
})

describe('what is no break', () => {
  test('a tool that changed and still fits: the lock is behind, and says so', async () => {
    await openLocked()
    const wider = {
      ...LIST,
      inputSchema: {
        ...LIST.inputSchema,
        properties: { repo: { type: 'string' }, sort: { type: 'string' } },
      },
    }
    house.backends['tracker']?.become(tracker({ list_issues: wider }))
    await until(() => house.gateway.snapshot().revision > 1)
    expect((await house.saved.desk.list()).scripts).toMatchObject([
      { state: 'fits', behind: ['tracker.list_issues'] },
    ])
    expect((await house.call('scripts.titles', { repo: 'x' })).isError).toBeUndefined()
    expect((await check({ update: true })).isUpdated).toBe(true)
    expect((await house.saved.desk.list()).scripts).toMatchObject([{ state: 'fits', behind: [] }])
  })

  test('a server that is down', async () => {
    await openLocked()
    house.backends['tracker']?.become({})
    house.backends['tracker']?.turn({ state: 'down', reason: 'it fell over' })
    await until(() => house.gateway.stateOf('tracker') === 'down')
    expect((await house.saved.desk.list()).scripts).toMatchObject([
      { state: 'waiting', waitingFor: ['tracker'] },
    ])
    expect((await check()).scripts).toMatchObject([{ state: 'waiting' }])
    expect(house.warnings.join()).not.toContain('no longer fits')
  })
})

test('a tool that is gone, and a server that nobody configures, are breaks', async () => {
  await openLocked()
  house.backends['tracker']?.become(tracker({}))
  await until(() => description().startsWith(BROKEN_MARK))
  const manifest = { description: 'x', input: { type: 'object' }, uses: ['nowhere.tool'] }
  house.write('scripts/lost.json', manifest)
  house.write('scripts/lost.ts', 'return 1')
  house.saved.reload()
  expect((await house.saved.desk.list()).scripts).toMatchObject([
    { name: 'lost', state: 'broken', reasons: ['nowhere.tool is gone: no server "nowhere" is configured.'] },
    { name: 'titles', state: 'broken', reasons: ['tracker.list_issues is gone.'] },
  ])
})

describe('a tool that was renamed', () => {
  test('is proposed, written as an alias, and then the script goes on as it is', async () => {
    await openLocked()
    house.backends['tracker']?.become(tracker({ 'issues-list': LIST }))
    await until(() => description().startsWith(BROKEN_MARK))
    const proposed = await check()
    expect(proposed).toMatchObject({
      renames: { 'tracker.list_issues': 'tracker.issues-list' },
      isUpdated: false,
    })
    expect(proposed.scripts).toMatchObject([{ state: 'broken' }])
    const updated = await check({ update: true })
    expect(updated).toMatchObject({ isUpdated: true, scripts: [{ state: 'fits', behind: [] }] })
    expect(house.readJson('isogate.lock')).toMatchObject({
      aliases: { 'tracker.list_issues': 'tracker.issues-list' },
      tools: { 'tracker.issues-list': {} },
    })
    const result = await house.call('scripts.titles', { repo: 'x' })
    expect(result.structuredContent).toMatchObject({ count: 2 })
    expect(house.backends['tracker']?.calls.map(({ tool }) => tool.name)).toEqual(['issues-list'])
  })

  test('and once more: the alias leads to the newest name', async () => {
    await openLocked()
    house.backends['tracker']?.become(tracker({ second: LIST }))
    await until(() => description().startsWith(BROKEN_MARK))
    await check({ update: true })
    house.backends['tracker']?.become(tracker({ third: LIST }))
    await until(() => description().startsWith(BROKEN_MARK))
    await check({ update: true })
    expect(house.readJson('isogate.lock')['aliases']).toEqual({ 'tracker.list_issues': 'tracker.third' })
    expect((await house.call('scripts.titles', { repo: 'x' })).isError).toBeUndefined()
  })
})

test('one that is to read only is refused when a tool of it no longer does', async () => {
  const manifest = { ...(JSON.parse(TITLES_FILES['scripts/titles.json']) as object), readOnly: true }
  house = openScriptHouse({ files: { ...TITLES_FILES, 'scripts/titles.json': JSON.stringify(manifest) } })
  expect((await house.call('scripts.titles', { repo: 'x' })).isError).toBeUndefined()
  house.backends['tracker']?.become(tracker({ list_issues: { ...LIST, extra: {} } }))
  await until(() => house.gateway.snapshot().revision > 1)
  await expect(house.call('scripts.titles', { repo: 'x' })).rejects.toThrow(/read only/)
})
