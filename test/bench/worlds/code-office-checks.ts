import type { ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createStages } from '../../../src/bench-stage.ts'
import { createDialogue } from '../../../src/bench/play/dialogue.ts'
import { playDirect } from '../../../src/bench/play/direct.ts'
import { evaluate, type Steps } from '../../../src/bench/play/expressions.ts'
import { createMeter } from '../../../src/bench/play/meter.ts'
import { playTask } from '../../../src/bench/play/play.ts'
import {
  MockFailure,
  type Answer,
  type MockServer,
  type Stage,
  type StageClient,
} from '../../../src/bench/stage.ts'
import type { World } from '../../../src/bench/worlds/world.ts'
import { TASK_SCHEMA, type Task } from '../../../src/config/tasks/schema.ts'
import { isJsonObject, type JsonObject } from '../../../src/core/json.ts'
import { createLog } from '../../../src/telemetry/log.ts'
import { countText } from '../../../src/tokens/count.ts'

/** Calls a tool of mock servers by `server.tool`; failures of tools are answers. */
export function callMock(servers: readonly MockServer[], name: string, args: JsonObject): Answer {
  const tool = servers
    .flatMap((server) =>
      server.tools.map((each) => ({ key: `${server.name}.${each.definition.name}`, ...each })),
    )
    .find(({ key }) => key === name)
  if (tool === undefined) throw new Error(`no tool ${name}`)
  expectFits(tool.definition.inputSchema, args, `arguments of ${name}`)
  try {
    const value = tool.run(args)
    const { outputSchema } = tool.definition
    if (isJsonObject(outputSchema)) expectFits(outputSchema, value, `result of ${name}`)
    return { text: JSON.stringify(value), isError: false, value }
  } catch (error) {
    if (!(error instanceof MockFailure)) throw error
    return { text: error.message, isError: true, value: null }
  }
}

/** What is true of each world. */
export function checkWorld(world: World): void {
  const servers = world.open()
  const tasks = world.tasks.map((task) => TASK_SCHEMA.parse(task))
  const definitions = servers.flatMap(({ tools }) => tools.map(({ definition }) => definition))
  const reset = (): void => servers.forEach((server) => server.reset())

  it('has ten tools, as large as real ones are', () => {
    const tokens = definitions.map(({ name, description, inputSchema }) =>
      countText(JSON.stringify({ name, description, inputSchema })),
    )
    expect(tokens).toHaveLength(10)
    const mean = tokens.reduce((sum, each) => sum + each, 0) / tokens.length
    expect(mean).toBeGreaterThan(110)
    expect(mean).toBeLessThan(150)
  })

  it('has a task for each tool, and tasks of their own names', () => {
    const used = new Set(
      tasks.flatMap(({ direct }) => direct.flatMap(({ calls }) => calls.map(({ tool }) => tool))),
    )
    expect(used.size).toBe(10)
    expect(new Set(tasks.map(({ name }) => name)).size).toBe(tasks.length)
    expect(tasks.every(({ name }) => name.startsWith(`${world.name}-`))).toBe(true)
  })

  it('never asks a tool for its own name', () => {
    for (const { tool, lookups } of tasks.flatMap(({ tools }) => tools)) {
      const name = tool.slice(tool.indexOf('.') + 1)
      expect(lookups.map((lookup) => lookup.replaceAll(' ', '_'))).not.toContain(name)
    }
  })

  it.each(tasks)('$name is solved by calls', async (task) => {
    reset()
    const steps = await playCalls(servers, task)
    expect(evaluate(task.answer.direct, { steps })).toEqual(task.expected)
    expect(wrongStates(servers, task)).toEqual([])
  })

  it.each(tasks.filter(({ state }) => state.length > 0))('$name is not solved by doing nothing', (task) => {
    reset()
    expect(wrongStates(servers, task)).not.toEqual([])
  })

  it('begins anew after a reset', async () => {
    const play = async (): Promise<readonly Steps[]> => {
      const all: Steps[] = []
      for (const task of tasks) {
        reset()
        all.push(await playCalls(servers, task))
      }
      return all
    }
    expect(await play()).toEqual(await play())
  })

  describe('behind a gateway', () => {
    let stage: Stage
    beforeAll(async () => {
      stage = await createStages({ log: createLog('silent', false), version: '0' })({
        servers: world.open(),
        fillers: [],
      })
    })
    afterAll(() => stage.close())

    it.each(tasks)('$name is solved in all modes', async (task) => {
      const meter = createMeter((text) => text.length)
      for (const mode of ['classic', 'search', 'code'] as const) {
        const { ok, reason } = await playTask(task, mode, stage, { meter })
        expect({ mode, ok, reason }).toEqual({ mode, ok: true, reason: undefined })
      }
    })
  })
}

async function playCalls(servers: readonly MockServer[], task: Task): Promise<Steps> {
  const client: StageClient = {
    show: () => Promise.resolve({ instructions: '', tools: [] }),
    call: (name, args) => Promise.resolve(callMock(servers, name, args)),
    forget: () => Promise.resolve(),
  }
  const meter = createMeter((text) => text.length)
  const dialogue = createDialogue(client, meter, { definitions: 0, instructions: 0 }, task.goal)
  return playDirect(task, dialogue, (name, args) => ({ name, args }), Infinity)
}

/** The expectations that do not hold. */
function wrongStates(servers: readonly MockServer[], { state }: Task): readonly string[] {
  return state.flatMap(({ tool, args, expect: expected }) => {
    const { isError, text, value } = callMock(servers, tool, args)
    return !isError && evaluate(expected, { result: value }) === true ? [] : [`${tool}: ${text}`]
  })
}

const compiled = new WeakMap<JsonObject, ValidateFunction>()

function expectFits(schema: JsonObject, value: unknown, what: string): void {
  let validate = compiled.get(schema)
  if (validate === undefined)
    compiled.set(schema, (validate = new Ajv2020({ strict: false, allErrors: true }).compile(schema)))
  const fits = validate(value)
  expect({ what, errors: fits ? [] : validate.errors }).toEqual({ what, errors: [] })
}
