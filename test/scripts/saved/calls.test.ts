import { afterEach, describe, expect, test } from 'vitest'

import { GatewayError } from '../../../src/core/errors.ts'
import type { HandMadeTool } from '../../gateway/hand-made-backend.ts'
import {
  openScriptHouse,
  textIn,
  TITLES_FILES,
  TRACKER,
  type ScriptHouse,
  type ScriptHouseParts,
} from './house.ts'

let house: ScriptHouse
const open = (parts: ScriptHouseParts = {}): ScriptHouse =>
  (house = openScriptHouse({ files: TITLES_FILES, ...parts }))
afterEach(() => house.close())

describe('a call', () => {
  test('gives the value, as text and as the declared structure', async () => {
    open()
    const result = await house.call('scripts.titles', { repo: 'isogate' })
    expect(result.isError, textIn(result)).toBeUndefined()
    expect(result.structuredContent).toEqual({ count: 2, titles: ['isogate is slow', 'No docs'] })
    expect(JSON.parse(textIn(result))).toEqual(result.structuredContent)
  })

  test('makes its calls as calls of its own, under its id and for its caller', async () => {
    open()
    await house.call('scripts.titles', { repo: 'isogate' }, { id: 'the-call' })
    expect(
      house.records.map(({ tool, door, parent, principal }) => ({ tool, door, parent, principal })),
    ).toEqual([
      { tool: 'tracker.list_issues', door: 'script', parent: 'the-call', principal: 'keeper' },
      { tool: 'scripts.titles', door: 'mcp', parent: undefined, principal: 'keeper' },
    ])
  })

  test('is validated like any other', async () => {
    open()
    await expect(house.call('scripts.titles', { repository: 'x' })).rejects.toMatchObject({
      code: 'invalid_arguments',
    })
    expect(house.backends['tracker']?.calls).toEqual([])
  })

  test('reaches no tool that is not pinned', async () => {
    const code = `const [server, tool] = ['tracker', 'close_issue']
return await tools[server][tool]({ repo: input.repo, id: 1 })`
    open({ files: { ...TITLES_FILES, 'scripts/titles.ts': code } })
    const result = await house.call('scripts.titles', { repo: 'x' })
    expect(result.isError).toBe(true)
    expect(textIn(result)).toContain('unknown_tool')
    expect(house.backends['tracker']?.calls).toEqual([])
  })

  test('whose value does not fit the declared output is an error', async () => {
    open({ files: { ...TITLES_FILES, 'scripts/titles.ts': 'return { count: "two" }' } })
    const result = await house.call('scripts.titles', { repo: 'x' })
    expect(result).toMatchObject({ isError: true })
    expect(textIn(result)).toContain('output schema')
  })

  test('of a script without an object as its value gives it as `result`', async () => {
    const manifest = {
      description: 'x',
      input: { type: 'object' },
      output: { type: 'array', items: { type: 'number' } },
      uses: [],
    }
    open({
      files: { 'scripts/numbers.ts': 'return [1, 2]', 'scripts/numbers.json': JSON.stringify(manifest) },
    })
    const result = await house.call('scripts.numbers')
    expect(result.structuredContent).toEqual({ result: [1, 2] })
    const [spec] = house.saved.backend.tools()
    expect(spec?.outputSchema).toMatchObject({ type: 'object', required: ['result'] })
  })

  test('logs into _meta, so that the value stays what it is', async () => {
    open({
      files: { ...TITLES_FILES, 'scripts/titles.ts': 'console.log("hi")\nreturn { count: 0, titles: [] }' },
    })
    const result = await house.call('scripts.titles', { repo: 'x' })
    expect(result.content).toHaveLength(1)
    expect(result._meta?.['isogate/run']).toMatchObject({ logs: ['log: hi'] })
  })

  test('that fails names the script and the calls that were made', async () => {
    const code = `await tools.tracker.close_issue({ repo: 'x', id: 1 })\nthrow new Error('boom')`
    const manifest = { description: 'x', input: { type: 'object' }, uses: ['tracker.close_issue'] }
    open({ files: { 'scripts/close.ts': code, 'scripts/close.json': JSON.stringify(manifest) } })
    const result = await house.call('scripts.close')
    expect(result.isError).toBe(true)
    expect(textIn(result)).toMatch(/^scripts\.close: \[script_error\] Error: boom at line 2/)
    expect(textIn(result)).toContain('tracker.close_issue')
  })

  test('says that it waits where a call waits for an approval, and how it goes on', async () => {
    const close_issue: HandMadeTool = {
      answer: () => Promise.reject(new GatewayError('approval_pending', 'Somebody must allow it.')),
    }
    const code = `await tools.tracker.list_issues({ repo: 'x' })\nreturn await tools.tracker.close_issue({})`
    const manifest = {
      description: 'x',
      input: { type: 'object' },
      uses: ['tracker.list_issues', 'tracker.close_issue'],
    }
    open({
      servers: { tracker: { ...TRACKER, close_issue } },
      files: { 'scripts/close.ts': code, 'scripts/close.json': JSON.stringify(manifest) },
    })
    const result = await house.call('scripts.close')
    expect(result.isError).toBe(true)
    expect(textIn(result)).toMatch(/^\[approval_pending\] scripts\.close .*Somebody must allow it/)
    expect(textIn(result)).toContain('tracker.list_issues (1)')
    expect(textIn(result)).not.toContain('"resume"')
  })

  test('can be a dry run: nothing is changed', async () => {
    const code = `return await tools.tracker.close_issue({ repo: 'x', id: 1 })`
    const manifest = { description: 'x', input: { type: 'object' }, uses: ['tracker.close_issue'] }
    open({ files: { 'scripts/close.ts': code, 'scripts/close.json': JSON.stringify(manifest) } })
    const result = await house.call('scripts.close', {}, { meta: { 'isogate/dryRun': true } })
    expect(textIn(result)).toContain('tracker.close_issue({"repo":"x","id":1})')
    expect(house.backends['tracker']?.calls).toEqual([])
  })
})

describe('scripts that call scripts', () => {
  const nested = (name: string, code: string, uses: readonly string[]): Record<string, string> => ({
    [`scripts/${name}.ts`]: code,
    [`scripts/${name}.json`]: JSON.stringify({ description: name, input: { type: 'object' }, uses }),
  })

  test('go three deep and no further', async () => {
    open({
      files: {
        ...nested('a', 'return "a" + await tools.scripts.b({})', ['scripts.b']),
        ...nested('b', 'return "b" + await tools.scripts.c({})', ['scripts.c']),
        ...nested('c', 'return "c"', []),
        ...nested('d', 'return "d" + await tools.scripts.a({})', ['scripts.a']),
        ...nested('e', 'return await tools.scripts.e({})', ['scripts.e']),
      },
    })
    expect(textIn(await house.call('scripts.a'))).toBe('abc')
    for (const name of ['scripts.d', 'scripts.e']) {
      const result = await house.call(name)
      expect(result.isError).toBe(true)
      expect(textIn(result)).toContain('script_limit')
    }
  })

  test('run_script calls them like any tool', async () => {
    open()
    const code = `const { titles } = await tools.scripts.titles({ repo: 'isogate' })\nreturn titles.length`
    expect(textIn(await house.call('code.run_script', { code }))).toBe('2')
  })

  test('and its mistakes are found before it runs', async () => {
    open()
    const code = `return await tools.scripts.titles({ repository: 'isogate' })`
    const result = await house.call('code.run_script', { code })
    expect(result.isError).toBe(true)
    expect(textIn(result)).toContain('[script_check]')
    expect(house.backends['tracker']?.calls).toEqual([])
  })
})
