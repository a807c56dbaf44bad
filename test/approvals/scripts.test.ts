import { afterAll, describe, expect, test } from 'vitest'

import type { HandMadeTool } from '../gateway/hand-made-backend.ts'
import { mainText, runId, runMeta, textsOf } from '../code-mode/script-house.ts'
import { chosen, openCells, openDeskHouse, personAt, type DeskHouseParts } from './desk-house.ts'

const READS: HandMadeTool = { extra: { annotations: { readOnlyHint: true } } }
const sandbox = openCells()
afterAll(() => sandbox.close())
const SHOP: DeskHouseParts = {
  sandbox,
  tools: { refund: {}, remove: {}, note: {}, list: READS },
  asks: ['shop.refund', 'shop.remove'],
}
const CLI = { by: 'cli', via: 'cli' } as const
const approve = { verdict: 'approve', ...CLI } as const

describe('a script whose call needs an approval', { timeout: 30_000 }, () => {
  test('is suspended at it, and goes on from there when somebody has said yes', async () => {
    await using house = openDeskHouse(SHOP)
    const code = `await tools.shop.note({ n: 1 })
const answer = await tools.shop.refund({ order: 7 })
await tools.shop.note({ n: 2 })
return answer`
    const suspended = await house.run(code)
    const [waiting] = await house.pending()
    const { id = '' } = waiting ?? {}
    expect(mainText(suspended)).toContain(`shop.refund waits for the approval ${id}`)
    expect(mainText(suspended)).toContain(`run_script({"resume":"${runId(suspended)}"})`)
    expect(waiting?.subject).toMatchObject({
      args: { order: 7 },
      run: { id: runId(suspended), done: ['shop.note({"n":1})'] },
    })
    expect(mainText(await house.resume(runId(suspended)))).toContain(id)

    await house.desk.decide(id, approve)
    expect(mainText(await house.resume(runId(suspended)))).toBe('refund')
    expect(house.made('note')).toEqual([{ n: 1 }, { n: 2 }])
    expect(house.made('refund')).toEqual([{ order: 7 }])
    await expect(house.resume(runId(suspended))).rejects.toMatchObject({ code: 'unknown_run' })
  })

  test('gets the no as an error that it can catch', async () => {
    await using house = openDeskHouse(SHOP)
    const suspended = await house.run(
      `try { await tools.shop.refund({}) } catch (error) { return error.code + ': ' + error.message }`,
    )
    await house.desk.decide((await house.pending())[0]?.id ?? '', {
      verdict: 'deny',
      reason: 'Not on Sundays.',
      ...CLI,
    })
    expect(mainText(await house.resume(runId(suspended)))).toMatch(/^approval_denied: .*Not on Sundays\./)
    expect(house.made('refund')).toEqual([])
  })

  test('of several calls each waits for itself, and the same call twice is two calls', async () => {
    await using house = openDeskHouse(SHOP)
    const code = `return Promise.all([1, 1, 2].map((order) => tools.shop.refund({ order })))`
    const suspended = await house.run(code)
    const waiting = await house.pending()
    expect(waiting).toHaveLength(3)
    for (const { id } of waiting.slice(0, 2)) await house.desk.decide(id, approve)
    expect(mainText(await house.resume(runId(suspended)))).toContain('The run is suspended')
    expect(house.made('refund')).toHaveLength(2)
    await house.desk.decide((await house.pending())[0]?.id ?? '', approve)
    await house.resume(runId(suspended))
    expect(house.made('refund')).toHaveLength(3)
  })

  test('needs one word where that is for the whole run, and another run needs its own', async () => {
    await using house = openDeskHouse(SHOP)
    const code = `for (const order of [1, 2]) await tools.shop.refund({ order })
await tools.shop.remove({})
return 'done'`
    const [first, other] = [await house.run(code), await house.run(code)]
    const waiting = await house.pending()
    const ofFirst = waiting.find(({ subject }) => subject.kind === 'call' && subject.run?.id === runId(first))
    await house.desk.decide(ofFirst?.id ?? '', { ...approve, scope: 'run' })
    expect(mainText(await house.resume(runId(first)))).toContain('shop.remove waits')
    expect(house.made('refund')).toEqual([{ order: 1 }, { order: 2 }])
    expect(mainText(await house.resume(runId(other)))).toContain('shop.refund waits')
    expect(house.made('refund')).toHaveLength(2)
  })

  test('a word for the whole run covers what waits already', async () => {
    await using house = openDeskHouse(SHOP)
    const suspended = await house.run(
      `return Promise.all([...[1, 2, 3].map((order) => tools.shop.refund({ order })), tools.shop.remove({})])`,
    )
    const refund = (await house.pending()).find(
      ({ subject }) => subject.kind === 'call' && subject.tool === 'shop.refund',
    )
    await house.desk.decide(refund?.id ?? '', { ...approve, scope: 'run' })
    expect((await house.pending()).map(({ subject }) => subject.kind === 'call' && subject.tool)).toEqual([
      'shop.remove',
    ])
    await house.resume(runId(suspended))
    expect(house.made('refund')).toHaveLength(3)
  })
})

describe('the person at the client of a script', { timeout: 30_000 }, () => {
  test('is asked one thing at a time, and a word for the run is enough', async () => {
    await using house = openDeskHouse(SHOP)
    let open = 0
    const { client, questions } = personAt(async (_message, choices) => {
      open += 1
      expect(open).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 20))
      open -= 1
      return chosen(choices[1])
    })
    const result = await house.run(
      `return Promise.all([1, 2, 3].map((order) => tools.shop.refund({ order })))`,
      { client },
    )
    expect(mainText(result)).toBe('["refund","refund","refund"]')
    expect(questions).toHaveLength(1)
    expect(await house.pending()).toEqual([])
  })

  test('who turns away leaves the run waiting, and somebody else decides', async () => {
    await using house = openDeskHouse(SHOP)
    const { client } = personAt(() => ({ action: 'cancel' }))
    const suspended = await house.run('return tools.shop.refund({})', { client })
    await house.desk.decide((await house.pending())[0]?.id ?? '', approve)
    expect(mainText(await house.resume(runId(suspended)))).toBe('refund')
  })

  test('whose client goes away in the middle leaves the run as it was, for another session', async () => {
    await using house = openDeskHouse(SHOP)
    const caller = new AbortController()
    const asked = Promise.withResolvers<void>()
    const { client } = personAt(() => {
      asked.resolve()
      return new Promise(() => {})
    })
    const running = house.run('await tools.shop.note({})\nreturn tools.shop.refund({})', {
      client,
      signal: caller.signal,
    })
    await asked.promise
    caller.abort()
    await running
    const [waiting] = await house.pending()
    await house.desk.decide(waiting?.id ?? '', approve)
    const run = waiting?.subject.kind === 'call' ? (waiting.subject.run?.id ?? '') : ''
    expect(mainText(await house.resume(run))).toBe('refund')
    expect(house.made('note')).toHaveLength(1)
    expect(house.made('refund')).toHaveLength(1)
  })
})

describe('run_script with `resume` and `approve`', { timeout: 30_000 }, () => {
  test.each([{ resume: false }, { resume: true, fourEyes: true }])(
    'decides nothing with %j',
    async (settings) => {
      await using house = openDeskHouse({ ...SHOP, settings })
      const suspended = await house.run('return tools.shop.refund({})')
      await expect(house.resume(runId(suspended), { approve: true })).rejects.toMatchObject({
        code: 'approval_forbidden',
      })
      expect(await house.pending()).toHaveLength(1)
    },
  )

  test.each([
    [true, '["refund","refund"]'],
    [false, '[approval_denied]'],
  ])('%s decides all that the run waits for', async (isApproved, text) => {
    await using house = openDeskHouse({ ...SHOP, settings: { resume: true } })
    const other = await house.run('return tools.shop.remove({})')
    const suspended = await house.run(
      'return Promise.all([1, 2].map((order) => tools.shop.refund({ order })))',
    )
    expect(mainText(await house.resume(runId(suspended), { approve: isApproved }))).toContain(
      text.slice(1, -1),
    )
    expect(await house.pending()).toHaveLength(1)
    expect(mainText(await house.resume(runId(other)))).toContain('suspended')
  })

  test('decides nothing of another caller', async () => {
    await using house = openDeskHouse({ ...SHOP, settings: { resume: true } })
    const suspended = await house.run('return tools.shop.refund({})')
    const bob = { principal: { id: 'bob', kind: 'token' } } as const
    await expect(house.resume(runId(suspended), { approve: true }, bob)).rejects.toMatchObject({
      code: 'unknown_run',
    })
    expect(await house.pending()).toHaveLength(1)
  })
})

describe('the plan of a dry run', { timeout: 30_000 }, () => {
  const code = `const orders = [1, 2]
await tools.shop.note({ n: 0 })
for (const order of orders) await tools.shop.refund({ order })
return 'done'`
  const dryRun = { given: { dryRun: true } }

  test('is put up as one approval, and the same code passes once when it is there', async () => {
    await using house = openDeskHouse(SHOP)
    const planned = await house.run(code, dryRun)
    const [waiting, ...others] = await house.pending()
    expect(others).toEqual([])
    const { id = '' } = waiting ?? {}
    expect(mainText(planned)).toContain('would make 3 calls with effects')
    expect(mainText(planned)).toContain(`2 of these calls need an approval: ${id}`)
    const plan = runMeta(planned)['plan'] as { hash: string }
    expect(waiting?.subject).toMatchObject({
      kind: 'plan',
      hash: plan.hash,
      effects: [
        { tool: 'shop.refund', args: { order: 1 } },
        { tool: 'shop.refund', args: { order: 2 } },
      ],
    })
    await house.run(code, dryRun)
    expect(await house.pending()).toHaveLength(1)
    expect(house.shop.calls).toEqual([])

    await house.desk.decide(id, approve)
    expect(mainText(await house.run(code))).toBe('done')
    expect(house.made('refund')).toEqual([{ order: 1 }, { order: 2 }])
    expect(mainText(await house.run(code))).toContain('suspended')
    expect(house.made('refund')).toHaveLength(2)
  })

  test('does not cover other code, another caller or a call that is not in it', async () => {
    await using house = openDeskHouse(SHOP)
    await house.run(code, dryRun)
    await house.desk.decide((await house.pending())[0]?.id ?? '', approve)
    expect(mainText(await house.run(`${code}\n`))).toContain('suspended')
    const bob = { principal: { id: 'bob', kind: 'token' } } as const
    expect(mainText(await house.run(code, bob))).toContain('suspended')
    expect(house.made('refund')).toEqual([])
  })

  test('with `atMost` further calls of its tools pass, and no more of them', async () => {
    await using house = openDeskHouse(SHOP)
    const looping = `let n = 0
for (const order of input.orders) { await tools.shop.refund({ order }); n++ }
return n`
    await house.run(looping, { given: { dryRun: true, input: { orders: [1] } } })
    const [waiting] = await house.pending()
    await house.desk.decide(waiting?.id ?? '', { ...approve, atMost: { 'shop.ref*': 2 } })
    const run = await house.run(looping, { given: { input: { orders: [5, 1, 6, 7] } } })
    expect(mainText(run)).toContain('suspended')
    expect(house.made('refund')).toEqual([{ order: 5 }, { order: 1 }, { order: 6 }])
  })

  test('needs nobody where no call of it does', async () => {
    await using house = openDeskHouse(SHOP)
    const planned = await house.run('await tools.shop.note({})', dryRun)
    expect(mainText(planned)).not.toContain('approval')
    expect(await house.pending()).toEqual([])
  })

  test('of a dry run that waited in the middle is whole', async () => {
    await using house = openDeskHouse({ ...SHOP, asks: ['shop.refund', 'shop.list'] })
    const waits = `await tools.shop.refund({ order: 1 })
await tools.shop.list({})
await tools.shop.refund({ order: 2 })`
    const suspended = await house.run(waits, dryRun)
    await house.desk.decide((await house.pending())[0]?.id ?? '', approve)
    expect(textsOf(await house.resume(runId(suspended)))[0]).toContain('2 of these calls need an approval')
    const [plan] = await house.pending()
    expect(plan?.subject).toMatchObject({
      kind: 'plan',
      effects: [{ args: { order: 1 } }, { args: { order: 2 } }],
    })
  })
})
