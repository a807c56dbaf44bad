import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { afterEach, describe, expect, test } from 'vitest'

import type { JsonObject } from '../../../src/core/json.ts'
import type { ScriptDraft } from '../../../src/core/saved-scripts.ts'
import type { HandMadeTool } from '../../gateway/hand-made-backend.ts'
import { KEEPER, openScriptHouse, textIn, TITLES, TRACKER, until, type ScriptHouse } from './house.ts'

let house: ScriptHouse
afterEach(() => house.close())

const signal = new AbortController().signal
const save = (draft: Partial<ScriptDraft> = {}) =>
  house.saved.desk.save(
    KEEPER,
    {
      name: 'titles',
      code: TITLES,
      description: 'Titles.',
      examples: [{ repo: 'isogate' }],
      isForced: false,
      ...draft,
    },
    signal,
  )
const check = () => house.saved.desk.check(KEEPER, { signal })
const isThere = (path: string): boolean => existsSync(join(house.folder, path))

describe('saving', () => {
  test('writes code, manifest, recorded run and lock, and the tool is there', async () => {
    house = openScriptHouse()
    const saved = await save()
    expect(saved).toMatchObject({ uses: ['tracker.list_issues'], examples: 1, remarks: [] })
    expect(saved.signature).toContain('tools.scripts.titles({ repo: string })')
    expect(house.readJson('scripts/titles.json')).toEqual({
      description: 'Titles.',
      input: {
        type: 'object',
        properties: { repo: { type: 'string' } },
        required: ['repo'],
        additionalProperties: false,
      },
      output: {
        type: 'object',
        properties: { count: { type: 'number' }, titles: { type: 'array', items: { type: 'string' } } },
        required: ['count', 'titles'],
      },
      uses: ['tracker.list_issues'],
    })
    expect(house.readJson('scripts/titles.fixtures.json')).toMatchObject({
      cases: [
        {
          input: { repo: 'isogate' },
          calls: [
            {
              tool: 'tracker.list_issues',
              args: { repo: 'isogate' },
              result: { content: [{ type: 'text' }] },
            },
          ],
          value: { count: 2, titles: ['isogate is slow', 'No docs'] },
        },
      ],
    })
    expect(house.readJson('isogate.lock')).toMatchObject({
      version: 1,
      tools: { 'tracker.list_issues': { schema: expect.stringMatching(/^sha256:/) } },
    })
    const result = await house.call('scripts.titles', { repo: 'other' })
    expect(result.structuredContent).toEqual({ count: 2, titles: ['other is slow', 'No docs'] })
  })

  test('finds tools that only show when they are called', async () => {
    house = openScriptHouse()
    const code = `const name = 'close_' + 'issue'\nreturn await tools.tracker[name]({ repo: input.repo, id: 1 })`
    expect(await save({ code })).toMatchObject({ uses: ['tracker.close_issue'] })
  })

  test('does not replace a script unless it is told to', async () => {
    house = openScriptHouse()
    await save()
    await expect(save()).rejects.toMatchObject({ code: 'file_exists' })
    await expect(save({ isForced: true })).resolves.toMatchObject({ examples: 1 })
  })

  test('an example that does not come out the same twice is told and not kept', async () => {
    // Which of two answers comes first is not in the record.
    const sleeper: HandMadeTool = {
      inputSchema: { type: 'object', properties: { ms: { type: 'number' } } },
      answer: async ({ args }) => {
        await new Promise((resolve) => setTimeout(resolve, Number(args['ms'])))
        return { content: [{ type: 'text', text: JSON.stringify(args['ms']) }] }
      },
    }
    house = openScriptHouse({ servers: { tracker: { ...TRACKER, sleeper } } })
    const code = `return await Promise.race([tools.tracker.sleeper({ ms: 50 }), tools.tracker.sleeper({ ms: 0 })])`
    const saved = await save({ code, examples: [{}] })
    expect(saved).toMatchObject({ examples: 0, remarks: [expect.stringContaining('twice')] })
    expect((await check()).scripts).toMatchObject([{ state: 'fits' }])
  })

  const REFUSED: readonly (readonly [why: string, draft: Partial<ScriptDraft>, code: string])[] = [
    [
      'a mistake in the types',
      { code: `return await tools.tracker.list_issues({ repository: 1 })` },
      'script_check',
    ],
    [
      'a tool that is not there',
      { code: `return await tools.tracker.list_isues({ repo: 'x' })` },
      'script_check',
    ],
    [
      'an input that a tool does not take',
      { code: 'return await tools.tracker.list_issues({ repo: input.limit })', examples: [{ limit: 1 }] },
      'script_check',
    ],
    ['a failing example', { code: `throw new Error(input.repo)` }, 'script_error'],
    ['a script that does not parse', { code: 'const = (' }, 'script_syntax'],
    [
      'an example that does not fit the schema',
      { input: { type: 'object', required: ['other'] } },
      'invalid_arguments',
    ],
    ['a value that does not fit the schema', { output: { type: 'array' } }, 'invalid_arguments'],
    ['an input that nobody describes', { examples: [] }, 'invalid_arguments'],
    ['a description without an end', { description: 'x'.repeat(5_000) }, 'invalid_arguments'],
    ['code without an end', { code: `return 1 //${'x'.repeat(300_000)}` }, 'script_limit'],
    ['a name with a way out', { name: '../titles' }, 'invalid_arguments'],
    ['a name with capitals', { name: 'Titles' }, 'invalid_arguments'],
    ['a name that is too long', { name: 'a'.repeat(65) }, 'invalid_arguments'],
  ]
  test.each(REFUSED)('is refused for %s, and nothing is written', async (_why, draft, code) => {
    house = openScriptHouse()
    await expect(save(draft)).rejects.toMatchObject({ code })
    expect(isThere('scripts')).toBe(false)
    expect(isThere('isogate.lock')).toBe(false)
  })

  test('keeps its hands off a lock that it cannot read', async () => {
    house = openScriptHouse({ files: { 'isogate.lock': '<<<<<<< ours' } })
    await expect(save()).rejects.toMatchObject({ code: 'file_unreadable' })
  })
})

describe('recorded runs', () => {
  test('pass without any server', async () => {
    house = openScriptHouse()
    await save()
    const calls = house.backends['tracker']?.calls.length
    house.backends['tracker']?.become({})
    house.backends['tracker']?.turn({ state: 'down', reason: 'it fell over' })
    await until(() => house.gateway.snapshot().catalog.get('tracker.list_issues') === undefined)
    expect((await check()).scripts).toMatchObject([{ state: 'waiting', reasons: [], examples: 1 }])
    expect(house.backends['tracker']?.calls.length).toBe(calls)
  })

  const CHANGES: readonly (readonly [what: string, from: string, to: string, said: RegExp])[] = [
    ['another value', 'issues.length', 'issues.length + 1', /it returned .*3.* and not .*2/],
    [
      'other arguments',
      'repo: input.repo',
      `repo: input.repo, state: 'open'`,
      /it called tracker\.list_issues\(.*open.*which was not recorded/,
    ],
    [
      'a call less',
      `await tools.tracker.list_issues({ repo: input.repo })`,
      '[]',
      /did not call tracker\.list_issues/,
    ],
    ['a failure', 'return {', 'throw new Error("boom")\n  return {', /boom at line 3/],
  ]
  test.each(CHANGES)('fail when the code is changed to %s', async (_what, from, to, said) => {
    house = openScriptHouse()
    await save()
    house.write('scripts/titles.ts', TITLES.replace(from, to))
    house.saved.reload()
    const { scripts } = await check()
    expect(scripts).toMatchObject([{ name: 'titles', state: 'broken' }])
    expect(scripts[0]?.reasons.join('\n')).toMatch(said)
  })

  test('pass when the code is written otherwise and does the same', async () => {
    house = openScriptHouse()
    await save()
    house.write(
      'scripts/titles.ts',
      `\n\n// rewritten\nconst issues = await tools.tracker['list_issues']({ repo: input.repo })\nreturn { titles: issues.map(({ title }) => title), count: issues.length }`,
    )
    house.saved.reload()
    expect((await check()).scripts).toMatchObject([{ state: 'fits', reasons: [] }])
  })

  test('a refusal that the script catches is part of what is recorded', async () => {
    house = openScriptHouse({ config: { policy: { deny: ['tracker.close_issue'] } } })
    const code = `const name = 'close_issue'
try { return await tools.tracker[name]({ repo: 'x', id: 1 }) } catch (error) { return { code: error.code } }`
    const saved = await save({ code, examples: [{}] })
    expect(saved).toMatchObject({ examples: 1, remarks: [] })
  })

  test('clock and dice are those of the record', async () => {
    house = openScriptHouse()
    const code = `const before = Date.now(), dice = Math.random()\nawait tools.tracker.list_issues({ repo: 'x' })\nreturn { before, dice }`
    expect(await save({ code, examples: [{}] })).toMatchObject({ examples: 1, remarks: [] })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect((await check()).scripts).toMatchObject([{ state: 'fits', examples: 1 }])
  })

  test('fixtures that a schema no longer allows are a break', async () => {
    house = openScriptHouse()
    await save()
    const properties = { repo: { type: 'string', maxLength: 3 } }
    const list = {
      ...(TRACKER['list_issues'] as HandMadeTool),
      inputSchema: { type: 'object', properties } as JsonObject,
    }
    house.backends['tracker']?.become({ ...TRACKER, list_issues: list })
    await Promise.resolve()
    const refused = house.call('scripts.titles', { repo: 'x' })
    await expect(refused).rejects.toMatchObject({ code: 'script_check' })
    await expect(refused).rejects.toThrow(/example 1: tracker\.list_issues/)
  })
})

test('a script of a script is recorded as one call', async () => {
  house = openScriptHouse()
  await save()
  const code = `return (await tools.scripts.titles({ repo: 'y' })).count`
  expect(await save({ name: 'count', code, examples: [{}] })).toMatchObject({ uses: ['scripts.titles'] })
  expect((await check()).scripts).toMatchObject([
    { name: 'count', state: 'fits' },
    { name: 'titles', state: 'fits' },
  ])
  expect(textIn(await house.call('scripts.count'))).toBe('2')
})
