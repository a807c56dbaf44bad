import { describe, expect, test } from 'vitest'

import { playLive, type PlaySettings } from '../../../src/bench/live/play-live.ts'
import { DEFAULT_PRICING } from '../../../src/bench/analysis/price.ts'
import type { Stage } from '../../../src/bench/stage.ts'
import { modelAt } from '../../llm/chat/models.ts'
import { openDesk, taskOf } from './desk.ts'
import { startModelServer, type Policy } from './model-server.ts'

function settingsOf(stage: Stage, rest: Partial<PlaySettings> = {}): PlaySettings {
  return {
    mode: 'classic',
    stage,
    limits: { turns: 25, tokens: 10_000_000, dollars: 100 },
    pricing: DEFAULT_PRICING,
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    signal: new AbortController().signal,
    ...rest,
  }
}

/** What a good model does. */
const right: Policy = ({ turn }) =>
  turn === 0
    ? { calls: [{ name: 'desk__close_ticket', args: { id: 'T-1' } }] }
    : { text: 'It took 1,234 minutes.' }

describe.each(['openai', 'anthropic'] as const)('a model behind the format of %s', (api) => {
  async function play(policy: Policy, rest: Partial<PlaySettings> = {}, stage = openDesk(), task = taskOf()) {
    await using server = await startModelServer(policy)
    const { model } = modelAt(api, server.url, { timeoutMs: 2_000 })
    const played = await playLive(task, stage[rest.mode ?? 'classic'], model, settingsOf(stage, rest))
    return { ...played, requests: server.requests, counted: server.counted() }
  }

  test('that does the right thing solves the task, and all it used is told', async () => {
    const { play: played, requests, counted, transcript } = await play(right)
    expect(played).toMatchObject({
      task: 'close-one',
      kind: 'single',
      tools: 3,
      mode: 'classic',
      shown: 'classic',
      outcome: 'solved',
      ok: true,
      calls: 1,
    })
    expect(played.reason).toBeUndefined()
    expect(played.said).toBe('It took 1,234 minutes.')
    expect({ input: played.usage.input, output: played.usage.output }).toEqual(counted)
    expect(played.turns.map(({ input }) => input).reduce((a, b) => a + b)).toBe(counted.input)
    expect(played.turns.map(({ made }) => made)).toEqual([1, 0])
    expect(played.usage.cachedInput).toBeGreaterThan(0)
    expect(played.dollars).toBeGreaterThan(0)
    expect(requests[0]).toMatchObject({
      system: 'A desk.',
      goal: taskOf().goal,
      tools: ['desk__get_ticket', 'desk__close_ticket', 'desk__delete_ticket'],
    })
    expect(transcript).toMatchObject({
      system: 'A desk.',
      messages: [
        { role: 'user' },
        { role: 'assistant' },
        { role: 'results' },
        { role: 'assistant', text: 'It took 1,234 minutes.' },
      ],
    })
  })

  test('is shown what the endpoint of the mode shows', async () => {
    const { play: played, requests } = await play(
      ({ turn }) =>
        turn === 0
          ? { calls: [{ name: 'call_tool', args: { name: 'desk__close_ticket', arguments: { id: 'T-1' } } }] }
          : { text: '1234' },
      { mode: 'search' },
    )
    expect(played).toMatchObject({ ok: true, shown: 'search', mode: 'search' })
    expect(requests[0]?.tools).toEqual(['call_tool'])
  })

  test.each<[string, string, { readonly id: string }, string]>([
    ['a wrong tool', 'desk__get_ticket', { id: 'T-1' }, 'afterwards desk.get_ticket gives'],
    [
      'a tool that does more than was asked for',
      'desk__delete_ticket',
      { id: 'T-1' },
      'afterwards desk.get_ticket gives',
    ],
    ['a wrong argument', 'desk__close_ticket', { id: 'T-2' }, 'afterwards desk.get_ticket gives'],
    ['a tool that is none', 'desk__close', { id: 'T-1' }, 'afterwards desk.get_ticket gives'],
  ])('that uses %s does not solve it', async (_, name, args, reason) => {
    const { play: played } = await play(({ turn }) =>
      turn === 0 ? { calls: [{ name, args }] } : { text: 'It took 1,234 minutes.' },
    )
    expect(played).toMatchObject({ outcome: 'failed', ok: false })
    expect(played.reason).toContain(reason)
  })

  test.each([
    ['the wrong thing', 'It took 99 minutes.', 'the last words lack 1234'],
    ['nothing', ' ', 'the model said nothing in the end'],
  ])('that says %s does not solve it', async (_, text, reason) => {
    const { play: played } = await play((asked) => (asked.turn === 0 ? right(asked) : { text }))
    expect(played).toMatchObject({ outcome: 'failed', reason })
  })

  test('that answers where nothing shows whether it is right is told apart', async () => {
    const task = taskOf({ state: [], expected: 37_500, say: 'It is about care.' })
    expect((await play(() => ({ text: 'Hm.' }), {}, openDesk(), task)).play).toMatchObject({
      ok: true,
      isChecked: false,
    })
    expect((await play(right)).play.isChecked).toBe(true)
  })

  test('that does something besides what it was asked for does not solve it', async () => {
    const { play: played } = await play(({ turn }) =>
      turn === 0
        ? { calls: ['T-1', 'T-2'].map((id) => ({ name: 'desk__close_ticket', args: { id } })) }
        : { text: '1234' },
    )
    expect(played).toMatchObject({ outcome: 'failed', calls: 2 })
  })

  test('that writes nonsense, calls what is not there or gets an error is told so, and may do better', async () => {
    const { play: played, requests } = await play((asked) => {
      if (asked.turn === 0)
        return {
          calls: [
            { name: 'desk__close_ticket', args: '{"id": T-1' },
            { name: 'nothing', args: {} },
            { name: 'desk__get_ticket', args: { id: 'T-9' } },
          ],
        }
      return right({ ...asked, turn: asked.turn - 1 })
    })
    expect(played.outcome).toBe('solved')
    const [first, second, third] = requests[1]?.results ?? []
    expect(first?.text).toMatch(/^The arguments of this call are not/)
    expect(second?.text).toBe('There is no tool nothing.')
    expect(third?.text).toBe('No ticket T-9.')
  })

  test('that never ends is ended: by turns, by tokens, by cost', async () => {
    const endless: Policy = () => ({ calls: [{ name: 'desk__get_ticket', args: { id: 'T-1' } }] })
    const { play: byTurns, requests } = await play(endless)
    expect(byTurns).toMatchObject({ outcome: 'failed', reason: 'not done after 25 turns' })
    expect(requests).toHaveLength(25)
    const { play: byTokens } = await play(endless, { limits: { turns: 25, tokens: 1_000, dollars: 100 } })
    expect(byTokens.reason).toBe('not done after 1000 tokens')
    expect(byTokens.turns.length).toBeLessThan(25)
    const { play: byCost } = await play(endless, { limits: { turns: 25, tokens: 1e9, dollars: 0.005 } })
    expect(byCost.reason).toBe('not done after $0.005')
    expect(byCost.dollars).toBeGreaterThanOrEqual(0.005)
    const { play: byRun } = await play(endless, { dollarsLeft: 0.005 })
    expect(byRun).toMatchObject({ outcome: 'stopped', ok: false })
  })

  test('calls of one turn are under way at the same time', async () => {
    let waiting = 0
    const both = Promise.withResolvers<void>()
    const stage = openDesk(() => {
      if (++waiting === 2) both.resolve()
      return both.promise
    })
    const { play: played } = await play(
      ({ turn }) =>
        turn === 0
          ? { calls: ['close', 'get'].map((verb) => ({ name: `desk__${verb}_ticket`, args: { id: 'T-1' } })) }
          : { text: '1234' },
      {},
      stage,
    )
    expect(played.outcome).toBe('solved')
  })

  test('whose provider is busy for a moment still solves it', async () => {
    let refusals = 0
    const { play: played } = await play((asked) => (refusals++ < 2 ? { status: 429 } : right(asked)))
    expect(played).toMatchObject({ outcome: 'solved' })
    expect(played.turns).toHaveLength(2)
  })

  test.each<[string, Exclude<ReturnType<Policy>, { text?: string }>, string]>([
    ['fails for good', { status: 500 }, 'broken'],
    ['answers nonsense', { raw: '<html>' }, 'broken'],
    ['answers without end', { raw: ' '.repeat(9 * 1024 * 1024) }, 'broken'],
    ['is silent', 'hang', 'broken'],
    ['does not know the key', { status: 401 }, 'broken'],
    ['finds the request too long', { status: 400, body: { error: { message: 'too long' } } }, 'refused'],
  ])('whose provider %s: what was used before is kept', async (_, step, outcome) => {
    const { play: played, counted } = await play((asked) => (asked.turn === 0 ? right(asked) : step))
    expect(played).toMatchObject({ outcome, ok: false, calls: 1 })
    expect(played.turns).toHaveLength(1)
    expect(played.usage.input).toBe(counted.input)
    expect(played.reason).toContain('The model at 127.0.0.1')
  })

  test('whose usage cannot be is not believed', async () => {
    const { play: played } = await play((asked) => ({
      ...(right(asked) as object),
      usage: { prompt_tokens: -1, input_tokens: -1 },
    }))
    expect(played).toMatchObject({ outcome: 'broken', usage: { input: 0, output: 0 } })
  })

  test('that is stopped, in its turn or while a tool works, leaves what it used', async () => {
    const stop = new AbortController()
    const { play: thinking } = await play(
      (asked) => {
        if (asked.turn === 0) return right(asked)
        stop.abort()
        return 'hang'
      },
      { signal: stop.signal },
    )
    expect(thinking).toMatchObject({ outcome: 'stopped', turns: [{ made: 1 }] })
    const halt = new AbortController()
    const stage = openDesk(() => {
      halt.abort()
      return Promise.withResolvers<void>().promise
    })
    const { play: working, counted } = await play(right, { signal: halt.signal }, stage)
    expect(working.outcome).toBe('stopped')
    expect(working.usage.input).toBe(counted.input)
  })
})
