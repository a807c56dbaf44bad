import { afterEach, describe, expect, test } from 'vitest'
import { EXTRA_RESULT, EXTRA_TOOL } from '../fixtures/servers/extra.ts'
import { callOf, canonical, closeAll, eventually, settle, stdioPlan } from './harness.ts'

afterEach(closeAll)

const ERAS = [[], ['--modern']]

describe('a list of tools', () => {
  test.for(ERAS)('loses to a malformed tool only that tool %s', async (args) => {
    const { backend } = await settle(stdioPlan('malformed-tools', args))
    expect(backend.status()).toEqual({ state: 'ready' })
    const good = Array.from({ length: 9 }, (_, index) => `good_${index}`)
    expect(backend.tools().map((tool) => tool.ref.name)).toEqual([...good, 'no_type'])
    expect(backend.quarantined().map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
      'no_input_schema: It has no inputSchema.',
      'output_is_array: Its outputSchema is not an object.',
      '#12: Its name has 200 characters; the limit is 128.',
      '#13: It has no name.',
      '#14: Its name holds a control character.',
      '#15: It has no name.',
      'input_is_string: The type of its inputSchema is not "object".',
      'deep: It is nested deeper than 64 levels.',
      '#19: The definition is not an object.',
      'good_0: Another tool of this server has the same name.',
    ])
  })

  test.for(ERAS)('keeps what nobody knows, and so does a result %s', async (args) => {
    const { backend } = await settle(stdioPlan('extra-members', args))
    expect(canonical(backend.tools()[0]?.definition)).toBe(canonical(EXTRA_TOOL))
    expect(canonical(await backend.call(callOf('strange')))).toBe(canonical(EXTRA_RESULT))
  })

  test('is read to its last page', async () => {
    const { backend } = await settle(stdioPlan('pages'))
    expect(backend.tools().map((tool) => tool.ref.name)).toEqual(['tool_0', 'tool_1', 'tool_2'])
    expect(backend.quarantined()).toEqual([])
  })

  test.for([
    ['--endless', 64],
    ['--loop', 2],
  ] as const)('that never ends is cut (%s)', async ([mode, count]) => {
    const { backend } = await settle(stdioPlan('pages', [mode]))
    expect(backend.tools()).toHaveLength(count)
    expect(backend.quarantined().at(-1)?.reason).toMatch(/does not end/)
  })

  test('is read again when it changes, but not at each of fifty announcements', async () => {
    const { backend } = await settle(stdioPlan('changing'))
    let changes = 0
    backend.onChange(() => (changes += 1))
    await backend.call(callOf('flood'))
    await eventually(() => expect(backend.tools()[0]?.ref.name).toBe('tool_v50'))
    const { structuredContent } = await backend.call(callOf('lists'))
    expect((structuredContent as { lists: number }).lists).toBeLessThan(12)
    expect(changes).toBeGreaterThan(0)
  })

  test('of a 2026-07-28 server is subscribed to', async () => {
    const { backend } = await settle(stdioPlan('modern'))
    const names = (): string[] => backend.tools().map((tool) => tool.ref.name)
    expect(names()).not.toContain('grown')
    await backend.call(callOf('grow'))
    await eventually(() => expect(names()).toContain('grown'))
  })
})
