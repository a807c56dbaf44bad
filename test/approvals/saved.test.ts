import { afterEach, describe, expect, test } from 'vitest'

import { GatewayError } from '../../src/core/errors.ts'
import { textResult } from '../../src/core/result.ts'
import { mainText, runId } from '../code-mode/script-house.ts'
import { openScriptHouse, textIn, type ScriptHouse } from '../scripts/saved/house.ts'

/** A saved script whose second call waits until somebody has said yes. */
function open() {
  const world = { approved: false }
  const code = `const noted = await tools.shop.note({ n: input.n })
return [noted, await tools.shop.refund({ n: input.n })]`
  const manifest = {
    description: 'Refunds.',
    input: { type: 'object', properties: { n: { type: 'number' } } },
    uses: ['shop.note', 'shop.refund'],
  }
  house = openScriptHouse({
    servers: {
      shop: {
        note: { answer: ({ args }) => textResult(`noted ${JSON.stringify(args['n'])}`) },
        refund: {
          answer: () => {
            if (!world.approved) throw new GatewayError('approval_pending', 'Ada decides.')
            return textResult('refunded')
          },
        },
      },
    },
    files: { 'scripts/refunds.ts': code, 'scripts/refunds.json': JSON.stringify(manifest) },
  })
  return world
}

let house: ScriptHouse
afterEach(() => house.close())
const made = (tool: string): number =>
  house.backends['shop']?.calls.filter((call) => call.tool.name === tool).length ?? 0

describe('a saved script whose call waits', { timeout: 30_000 }, () => {
  test('goes on when it is called again as it was, and what it did is not done again', async () => {
    const world = open()
    const waiting = await house.call('scripts.refunds', { n: 1 })
    expect(textIn(waiting)).toContain('Ada decides.')
    await house.call('scripts.refunds', { n: 1 })
    expect(made('note')).toBe(1)
    world.approved = true
    expect(textIn(await house.call('scripts.refunds', { n: 1 }))).toBe('["noted 1","refunded"]')
    expect(made('note')).toBe(1)
    expect(textIn(await house.call('scripts.refunds', { n: 1 }))).toBe('["noted 1","refunded"]')
    expect(made('note')).toBe(2)
  })

  test('with other arguments, or of another caller, is another run', async () => {
    const world = open()
    await house.call('scripts.refunds', { n: 1 })
    world.approved = true
    expect(textIn(await house.call('scripts.refunds', { n: 2 }))).toBe('["noted 2","refunded"]')
    const bob = { principal: { id: 'bob', kind: 'local' } } as const
    expect(textIn(await house.call('scripts.refunds', { n: 1 }, bob))).toBe('["noted 1","refunded"]')
    expect(made('note')).toBe(3)
  })

  test('lets the script wait that called it, and both go on', async () => {
    const world = open()
    const code = `await tools.shop.note({ n: 0 })
return Promise.all([1, 1].map((n) => tools.scripts.refunds({ n })))`
    const suspended = await house.call('code.run_script', { code, check: 'off' })
    expect(mainText(suspended)).toContain('The run is suspended: Ada decides.')
    expect(made('note')).toBe(3)
    world.approved = true
    const ended = await house.call('code.run_script', { resume: runId(suspended) })
    expect(JSON.parse(mainText(ended))).toEqual([
      ['noted 1', 'refunded'],
      ['noted 1', 'refunded'],
    ])
    expect(made('note')).toBe(3)
  })
})
