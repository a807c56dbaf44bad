import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { GatewayError } from '../../src/core/errors.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { rpc } from '../http/raw-request.ts'
import { mainText, openScriptHouse, runId, runMeta, textsOf, type ScriptHouse } from './script-house.ts'

const NUMBER: JsonObject = {
  type: 'object',
  properties: { n: { type: 'number' } },
  required: ['n'],
  additionalProperties: false,
}
const PNG = 'iVBORw0KGgo='

/** Tools that wait for an approval until they are told otherwise. */
const approvals = { open: false }
let scripts: ScriptHouse

beforeAll(() => {
  scripts = openScriptHouse({
    servers: {
      shop: {
        list: {
          extra: {
            annotations: { readOnlyHint: true },
            outputSchema: {
              type: 'object',
              properties: { ids: { type: 'array', items: { type: 'number' } } },
              required: ['ids'],
            },
          },
          answer: () => ({ content: [], structuredContent: { ids: [1, 2, 3] } }),
        },
        remove: {
          inputSchema: NUMBER,
          extra: { outputSchema: { type: 'object', properties: { removed: { type: 'boolean' } } } },
          answer: () => ({ content: [], structuredContent: { removed: true } }),
        },
        secret_read: { answer: () => ({ content: [{ type: 'text', text: 'read' }] }) },
        refund: {
          inputSchema: NUMBER,
          answer: ({ args }) => {
            if (!approvals.open) throw new GatewayError('approval_pending', 'A refund needs an approval.')
            return { content: [], structuredContent: { refunded: args['n'] ?? null } }
          },
        },
        photo: { answer: () => ({ content: [{ type: 'image', mimeType: 'image/png', data: PNG }] }) },
        broken: { answer: () => ({ content: [{ type: 'text', text: 'out of paper' }], isError: true }) },
      },
    },
    config: { policy: { readOnly: ['shop.secret_*'] } },
  })
})
afterAll(() => scripts[Symbol.asyncDispose]())

const backend = () => scripts.house.backends['shop']?.calls ?? []

describe('the check', () => {
  test('refuses a script that does not fit, before anything is executed', async () => {
    const before = backend().length
    const result = await scripts.run(
      `await tools.shop.remove({ n: 1 })\nreturn tools.shop.remove({ n: 'two' })`,
    )
    expect(result.isError).toBe(true)
    expect(mainText(result)).toMatch(/^\[script_check\].*\nline 2: /)
    expect(mainText(result)).not.toContain('line 1')
    expect(backend()).toHaveLength(before)
    expect(runMeta(result)['failure']).toMatchObject({ code: 'script_check', mendable: true })
  })

  test('tells and runs where that was asked for, and does not look where it was not', async () => {
    const code = `try { await tools.shop.remove({ m: 1 }) } catch (error) { return error.parameters }`
    const warned = await scripts.run(code, { args: { check: 'warn' } })
    expect(mainText(warned)).toBe('{ n: number }')
    expect(runMeta(warned)['parts']).toContain('remarks')
    const unchecked = await scripts.run(code, { args: { check: 'off' } })
    expect(mainText(unchecked)).toBe('{ n: number }')
    expect(runMeta(unchecked)['parts']).toEqual(['text'])
  })
})

describe('a dry run', () => {
  const code = `const { ids } = await tools.shop.list({})
await tools.shop.secret_read({})
const done = await Promise.all(ids.map((n: number) => tools.shop.remove({ n })))
return done.every((one) => one.removed !== undefined)`

  test('calls what reads, lists what does not, and names the plan', async () => {
    const before = backend().length
    const result = await scripts.run(code, { args: { dryRun: true } })
    expect(mainText(result)).toMatch(
      /^Dry run: the script would make 3 calls with effects\. None was made\.\nshop\.remove\(\{"n":1\}\)\nshop\.remove\(\{"n":2\}\)\nshop\.remove\(\{"n":3\}\)\nPlan: sha256:[0-9a-f]{64}$/,
    )
    expect(
      backend()
        .slice(before)
        .map(({ tool }) => tool.name),
    ).toEqual(['list', 'secret_read'])
    const again = await scripts.run(code, { args: { dryRun: true } })
    expect(runMeta(again)['plan']).toEqual(runMeta(result)['plan'])
    expect(scripts.house.records.filter(({ isSimulated }) => isSimulated)).toHaveLength(6)
  })

  test('refuses what a real run would refuse', async () => {
    const wrong = await scripts.run(`await tools.shop.remove({ n: 'x' } as never)`, {
      args: { dryRun: true, check: 'off' },
    })
    expect(mainText(wrong)).toContain('invalid_arguments')
  })
})

describe('what leaves a run', () => {
  test('is the value in one form', async () => {
    const result = await scripts.run('return { a: [1, 2] }')
    expect(result.content).toEqual([{ type: 'text', text: '{"a":[1,2]}' }])
    expect(result.structuredContent).toBeUndefined()
  })

  test('a large value is cut, and a later script of the same caller opens the whole', async () => {
    const result = await scripts.run('return Array.from({ length: 20_000 }, (_, n) => ({ n }))')
    const [shown, note] = textsOf(result)
    expect((JSON.parse(shown ?? '') as unknown[]).length).toBeLessThan(8_000)
    const handle = /runs\.open\("(h_[\w-]+)"\)/.exec(note ?? '')?.[1] ?? ''
    const code = `const all = await runs.open('${handle}')\nreturn [all.length, all.at(-1).n]`
    expect(mainText(await scripts.run(code))).toBe('[20000,19999]')
    const stranger = await scripts.run(code, { call: { principal: { id: 'eve', kind: 'token' } } })
    expect(mainText(stranger)).toContain('unknown_handle')
  })

  test('an image is a reference in the script and content for the client', async () => {
    const result = await scripts.run(`const [photo] = await tools.shop.photo({})
return { taken: true, photo, hasBytes: 'data' in photo, open: (await runs.open(photo.handle)).data }`)
    const value = JSON.parse(mainText(result)) as JsonObject
    expect(value).toMatchObject({
      hasBytes: false,
      open: PNG,
      photo: { type: 'image', mimeType: 'image/png', bytes: 9 },
    })
    expect(result.content.at(-1)).toEqual({ type: 'image', mimeType: 'image/png', data: PNG })
  })

  test('a failure is caught as a ToolError, with what happened', async () => {
    const result = await scripts.run(`try { await tools.shop.broken({}) } catch (error) {
  return [error instanceof ToolError, error.code, error.tool, error.message, error.retryable]
}`)
    expect(JSON.parse(mainText(result))).toEqual([true, 'tool_error', 'shop.broken', 'out of paper', false])
  })

  test('usage and savings are told with each result', async () => {
    const result = await scripts.run('await tools.shop.list({})\nawait tools.shop.list({})\nreturn 1')
    expect(runMeta(result)).toMatchObject({
      usage: { calls: 2, callsByTool: { 'shop.list': 2 } },
      savings: { calls: 2, turnsAvoided: 1, method: 'estimate' },
    })
  })
})

describe('a suspended run', () => {
  const code = `const start = Date.now(), luck = Math.random()
const removed = await tools.shop.remove({ n: 7 })
const [refund] = await Promise.all([tools.shop.refund({ n: 5 }), tools.shop.remove({ n: 8 })])
return { removed, refund, start, luck }`

  test('goes on where it waited, and makes no call twice', async () => {
    approvals.open = false
    const before = backend().length
    const waiting = await scripts.run(code)
    expect(waiting.isError).toBeUndefined()
    expect(mainText(waiting)).toContain('The run is suspended: A refund needs an approval.')
    expect(mainText(waiting)).toContain('Calls already made: shop.remove, shop.remove.')
    const id = runId(waiting)
    // It waits as long as it has to.
    expect(mainText(await scripts.resume(id))).toContain('suspended')
    await expect(scripts.resume(id, 'eve')).rejects.toMatchObject({ code: 'unknown_run' })
    approvals.open = true
    const ended = await scripts.resume(id)
    expect(JSON.parse(mainText(ended))).toMatchObject({ removed: { removed: true }, refund: { refunded: 5 } })
    const made = backend()
      .slice(before)
      .map(({ tool, args }) => `${tool.name} ${JSON.stringify(args['n'])}`)
    expect(made.filter((call) => call.startsWith('remove'))).toEqual(['remove 7', 'remove 8'])
    await expect(scripts.resume(id)).rejects.toMatchObject({ code: 'unknown_run' })
  })

  test('is resumed by one of two that try at the same time', async () => {
    approvals.open = false
    const id = runId(await scripts.run(code))
    approvals.open = true
    const both = await Promise.allSettled([scripts.resume(id), scripts.resume(id)])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('the how-to', () => {
  test('comes with the first failure of a caller and with no other', async () => {
    const call = { principal: { id: 'newcomer', kind: 'token' } } as const
    const first = await scripts.run('return nothing', { call })
    expect(runMeta(first)['parts']).toContain('how-to')
    const second = await scripts.run('return nothing', { call })
    expect(runMeta(second)['parts']).not.toContain('how-to')
  })

  test('does not come where a tool failed: the script is not to blame', async () => {
    const call = { principal: { id: 'another newcomer', kind: 'token' } } as const
    const failed = await scripts.run('await tools.shop.broken({})', { call })
    expect(mainText(failed)).toContain('ToolError [tool_error] shop.broken')
    expect(runMeta(failed)['parts']).not.toContain('how-to')
    const own = await scripts.run('return nothing', { call })
    expect(runMeta(own)['parts']).toContain('how-to')
  })
})

describe('in a script', () => {
  test('tools are found and described', async () => {
    const result = await scripts.run(`const { tools: found, total } = await tools.$search('remove')
const text = await tools.$describe([found[0].name])
return { name: found[0].name, signature: found[0].signature, total, described: text.includes('remove(') }`)
    expect(JSON.parse(mainText(result))).toMatchObject({
      name: 'tools.shop.remove',
      signature: expect.stringContaining('tools.shop.remove({ n: number })'),
      described: true,
    })
  })

  test('the input is there', async () => {
    expect(mainText(await scripts.run('return input.a + 1', { args: { input: { a: 41 } } }))).toBe('42')
  })

  test('progress reaches the caller', async () => {
    const heard: unknown[] = []
    await scripts.run('await tools.shop.list({})', {
      call: { onProgress: (progress) => heard.push(progress) },
    })
    expect(heard).toEqual([{ progress: 1, message: 'shop.list ended' }])
  })
})

describe('the how-to at endpoints', () => {
  test('is a resource and a prompt where there are scripts, and nowhere else', async () => {
    const { url } = await scripts.house.listenHttp()
    const listed = async (path: string, method: string): Promise<string> => {
      const { last } = await rpc(`${url}${path}`, 'modern', method)
      return JSON.stringify(last.result)
    }
    expect(await listed('/mcp/code', 'resources/list')).toContain('guide://isogate/scripts')
    expect(await listed('/mcp/code', 'prompts/list')).toContain('code__write_scripts')
    expect(await listed('/mcp/classic', 'resources/list')).not.toContain('guide://')
    expect(await listed('/mcp/classic', 'prompts/list')).not.toContain('write_scripts')
    const read = await rpc(`${url}/mcp/code`, 'legacy', 'resources/read', { uri: 'guide://isogate/scripts' })
    expect(JSON.stringify(read.last.result)).toContain('Scripts for run_script')
    const prompt = await rpc(`${url}/mcp/code`, 'legacy', 'prompts/get', { name: 'code__write_scripts' })
    expect(JSON.stringify(prompt.last.result)).toContain('Scripts for run_script')
  })
})
