import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { sampleResult } from '../../src/catalog/sample.ts'
import { GatewayError } from '../../src/core/errors.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { Principal } from '../../src/core/principal.ts'
import type { Result } from '../../src/core/result.ts'
import { mainText, openScriptHouse, runId, runMeta, textsOf, type ScriptHouse } from './script-house.ts'

const NUMBER: JsonObject = {
  type: 'object',
  properties: { n: { type: 'number' } },
  required: ['n'],
  additionalProperties: false,
}
const READS = { annotations: { readOnlyHint: true } }
const PNG = 'iVBORw0KGgo='

/** The machine may be busy with other things. */
const PATIENCE = { timeout: 15_000 }

/** What the tools of a test wait for, and what else they do. */
const world = { approved: false, held: Promise.withResolvers<Result>() }
let scripts: ScriptHouse

const wait = (): Result => {
  if (!world.approved) throw new GatewayError('approval_pending', 'Ada decides.')
  return { content: [], structuredContent: { done: true } }
}

beforeAll(() => {
  scripts = openScriptHouse({
    servers: {
      shop: {
        list: { extra: READS, answer: () => ({ content: [], structuredContent: { ids: [1] } }) },
        remove: { inputSchema: NUMBER },
        refund: { inputSchema: NUMBER, answer: wait },
        look: { extra: READS, answer: wait },
        held: { answer: () => world.held.promise },
        read: { extra: READS, answer: () => world.held.promise },
        gone: {
          answer: () => {
            throw new GatewayError('upstream_unavailable', '"shop" is not connected.')
          },
        },
        asking: {
          answer: () => {
            throw new GatewayError('client_cannot', 'The client cannot be asked.')
          },
        },
        burst: {
          answer: () => {
            throw new TypeError('x of undefined')
          },
        },
        photo: { answer: () => ({ content: [{ type: 'image', mimeType: 'image/png', data: PNG }] }) },
        secret_wipe: { inputSchema: NUMBER },
      },
    },
  })
})
afterAll(() => scripts[Symbol.asyncDispose]())
beforeEach(() => {
  world.approved = false
  world.held = Promise.withResolvers()
})

const backend = () => scripts.house.backends['shop']?.calls ?? []
const failureOf = (result: Result): JsonObject => runMeta(result)['failure'] as JsonObject

describe('the endpoint of a caller', () => {
  const whole: Principal = { id: 'ada', kind: 'token' }
  const part: Principal = {
    ...whole,
    scope: [
      { pattern: 'code.*', verdict: 'allow', source: 'test' },
      { pattern: 'shop.remove', verdict: 'allow', source: 'test' },
      { pattern: 'shop.refund', verdict: 'allow', source: 'test' },
    ],
  }

  test('the check tells of no tool that is hidden there, even where it looked at the same script elsewhere', async () => {
    const code = `return tools.shop.secret_wip({ n: 1 })`
    const seen = await scripts.run(code, { call: { principal: whole } })
    expect(mainText(seen)).toContain('secret_wipe')
    const hidden = await scripts.run(code, { call: { principal: part } })
    expect(textsOf(hidden).join('\n')).not.toContain('secret_wipe')
  })

  test('a run that was suspended elsewhere has the rules of the one who resumes it', async () => {
    const code = `await tools.shop.refund({ n: 1 })\nreturn tools.shop.secret_wipe({ n: 1 })`
    const id = runId(await scripts.run(code, { call: { principal: whole } }))
    world.approved = true
    const before = backend().length
    const ended = await scripts.call('run_script', { resume: id }, { principal: part })
    expect(failureOf(ended)).toMatchObject({ code: 'script_error' })
    expect(mainText(ended)).toContain('unknown_tool')
    expect(
      backend()
        .slice(before)
        .map(({ tool }) => tool.name),
    ).toEqual(['refund'])
  })

  test('a script finds no tool there that is hidden', async () => {
    const code = `const { tools: found } = await tools.$search('')\nreturn found.map(({ name }) => name)`
    const found = await scripts.run(code, { call: { principal: part } })
    expect(JSON.parse(mainText(found))).toEqual(['tools.shop.remove', 'tools.shop.refund'])
    const described = await scripts.run(`return tools.$describe(['shop.secret_wipe'])`, {
      call: { principal: part },
    })
    expect(mainText(described)).not.toContain('secret_wipe(')
  })
})

describe('the calls already made', () => {
  test('those that were in flight when the script failed are told', async () => {
    const result = await scripts.run(
      `await Promise.all([tools.shop.held({}), tools.shop.remove({ n: 1 }).then(() => { throw new Error('late') })])`,
    )
    expect(mainText(result)).toContain('shop.held (outcome unknown)')
    expect(mainText(result)).toMatch(/Calls already made: .*shop\.remove/)
  })

  test('one that ended in an unforeseen way, or in a question to the client, may have taken effect', async () => {
    const result = await scripts.run(
      `for (const name of ['burst', 'asking', 'gone']) await tools.shop[name]({}).catch(() => {})\nthrow new Error('x')`,
    )
    expect(mainText(result)).toContain(
      'Calls already made: shop.burst (outcome unknown), shop.asking (outcome unknown).',
    )
  })

  test('of all legs of a run are told as what they were', async () => {
    const code = `await tools.shop.list({})
await tools.shop.remove({ n: 'x' } as never).catch(() => {})
await tools.shop.nothing({}).catch(() => {})
await tools.shop.remove({ n: 1 })
await tools.shop.refund({ n: 1 })
throw new Error('after all')`
    const id = runId(await scripts.run(code, { args: { check: 'off' } }))
    world.approved = true
    const ended = await scripts.resume(id)
    expect(mainText(ended)).toContain('Calls already made: shop.remove, shop.refund (and 1 that only read).')
  })
})

describe('a run that is cut short while it is resumed', { timeout: 40_000 }, () => {
  const cutShort = async (code: string, tool: string): Promise<string> => {
    const id = runId(await scripts.run(code))
    world.approved = true
    const before = backend().length
    const caller = new AbortController()
    const gone = scripts.call('run_script', { resume: id }, { signal: caller.signal })
    await expect
      .poll(
        () =>
          backend()
            .slice(before)
            .some(({ tool: { name } }) => name === tool),
        PATIENCE,
      )
      .toBe(true)
    caller.abort()
    await expect(gone).rejects.toMatchObject({ code: 'call_cancelled' })
    world.held.resolve({ content: [{ type: 'text', text: 'read' }] })
    return id
  }

  test('can be resumed again where it had only read', async () => {
    const id = await cutShort('await tools.shop.look({})\nreturn tools.shop.read({})', 'read')
    await expect
      .poll(() => scripts.resume(id).then(mainText, ({ message }: Error) => message), PATIENCE)
      .toBe('read')
  })

  test('can be resumed where it may have had an effect too, and nothing of it is made again', async () => {
    const code = `await tools.shop.look({})
return tools.shop.held({}).catch((error) => error.code)`
    const id = await cutShort(code, 'held')
    const before = backend().length
    // Whether its answer still came in time is chance.
    await expect
      .poll(() => scripts.resume(id).then(mainText, ({ message }: Error) => message), PATIENCE)
      .toMatch(/^(?:effect_unknown|read)$/)
    expect(
      backend()
        .slice(before)
        .filter(({ tool: { name } }) => name === 'held'),
    ).toEqual([])
  })
})

test('what is simulated has the kind that it is declared to have', () => {
  const [inputSchema, text] = [{ type: 'object' }, { type: 'string' }]
  const outputSchema: JsonObject = {
    type: 'object',
    properties: { a: { allOf: [{ $ref: '#/$defs/s' }, { $ref: '#/$defs/t' }] } },
    required: ['a'],
    $defs: { s: text, t: { ...text, format: 'x' } },
  }
  const ref = { server: 's', name: 't' }
  expect(sampleResult({ ref, inputSchema, outputSchema, definition: {} })).toEqual({ a: 'simulated' })
})

test('a dry run attaches and keeps nothing of its value', async () => {
  const code = `await tools.shop.list({})\nreturn input`
  const kept = await scripts.run('const [photo] = await tools.shop.photo({})\nreturn photo')
  const input = [JSON.parse(mainText(kept)), 'x'.repeat(100_000)]
  const result = await scripts.run(code, { args: { dryRun: true, input } })
  expect(result.content).toHaveLength(1)
})

describe('a dry run that waits', () => {
  const code = `await tools.shop.remove({ n: 1 })
await tools.shop.look({})
await tools.shop.remove({ n: 2 })`

  test('gives no plan before it is whole, and then the plan of all its legs', async () => {
    const waiting = await scripts.run(code, { args: { dryRun: true } })
    expect(mainText(waiting)).toContain('The run is suspended: Ada decides.')
    expect(runMeta(waiting)['plan']).toBeUndefined()
    world.approved = true
    const before = backend().length
    const ended = await scripts.resume(runId(waiting))
    const straight = await scripts.run(code, { args: { dryRun: true } })
    expect(mainText(ended)).toContain('would make 2 calls with effects')
    expect(runMeta(ended)['plan']).toEqual(runMeta(straight)['plan'])
    expect(
      backend()
        .slice(before)
        .map(({ tool }) => tool.name),
    ).toEqual(['look', 'look'])
  })
})

describe('content', () => {
  test('of an earlier leg, or of an earlier run, comes along as that of this one does', async () => {
    const code = `const [photo] = await tools.shop.photo({})\nawait tools.shop.refund({ n: 1 })\nreturn photo`
    const id = runId(await scripts.run(code))
    world.approved = true
    const ended = await scripts.resume(id)
    const block = { type: 'image', mimeType: 'image/png', data: PNG }
    expect(ended.content.at(-1)).toEqual(block)
    const { handle } = JSON.parse(mainText(ended)) as { handle: string }
    const later = await scripts.run('return { handle: input }', { args: { input: handle } })
    expect(later.content.at(-1)).toEqual(block)
    const stranger = await scripts.run('return { handle: input }', {
      args: { input: handle },
      call: { principal: { id: 'eve', kind: 'token' } },
    })
    expect(stranger.content).toHaveLength(1)
  })
})

test('arguments that are nested too deeply are refused before they are planned', async () => {
  const deepest = `let deep: unknown = 0
for (let depth = 20_000; ; depth -= 100) {
  deep = 0
  for (let n = 0; n < depth; n++) deep = [deep]
  try { JSON.stringify(deep); break } catch {}
}`

  const result = await scripts.run(
    `${deepest}\nreturn tools.shop.photo({ deep }).catch((error) => error.code)`,
    { args: { dryRun: true } },
  )
  expect(mainText(result)).toContain('the script would change nothing')
})

describe('what no other script would mend', () => {
  test('is told as such, with its cause', async () => {
    const result = await scripts.run('await tools.shop.remove({ n: 1 })\nreturn tools.shop.gone({})')
    expect(failureOf(result)).toMatchObject({
      code: 'script_error',
      cause: 'upstream_unavailable',
      mendable: false,
    })
    expect(mainText(result)).not.toContain('Correct the script')
    expect(mainText(result)).toContain('Calls already made: shop.remove.')
  })

  test('a mistake in the script is still one, whatever it says of itself', async () => {
    const result = await scripts.run(
      `await tools.shop.gone({}).catch(() => {})
throw new TypeError('ToolError [upstream_unavailable] shop.gone: no')`,
    )
    expect(failureOf(result)).toMatchObject({ code: 'script_error', mendable: true })
  })
})

test('what comes after the end of a run is no progress of it', async () => {
  const heard: unknown[] = []
  await scripts.run('void tools.shop.held({})\nreturn 1', {
    call: { onProgress: (progress) => heard.push(progress) },
  })
  const held = backend().findLast(({ tool }) => tool.name === 'held')
  held?.onProgress?.({ progress: 1, message: 'late' })
  expect(heard).toEqual([])
})

test('a script with odd characters goes on as the one that was suspended', async () => {
  const code = `const odd = ['\u0000', '\ud800', '\u2028'].map((text) => text.charCodeAt(0))
await tools.shop.refund({ n: 1 })
return odd`
  const id = runId(await scripts.run(code))
  world.approved = true
  const straight = mainText(await scripts.run(code))
  expect(mainText(await scripts.resume(id))).toBe(straight)
})
