import { Ajv, type ValidateFunction } from 'ajv'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { createStages } from '../../../src/bench-stage.ts'
import { evaluate, isSame, toEntry } from '../../../src/bench/play/expressions.ts'
import { createMeter } from '../../../src/bench/play/meter.ts'
import { playTask } from '../../../src/bench/play/play.ts'
import type { MockServer, MockTool, Stage } from '../../../src/bench/stage.ts'
import type { World } from '../../../src/bench/worlds/world.ts'
import { TASK_SCHEMA, type Task } from '../../../src/config/tasks/schema.ts'
import { MODES } from '../../../src/core/mode.ts'
import type { Json, JsonObject } from '../../../src/core/json.ts'
import { createLog } from '../../../src/telemetry/log.ts'

const meter = createMeter((text) => text.length)

/** What holds for every world: its tasks can be solved in all modes, and what is found right can be wrong. */
export function checkWorld(world: World): void {
  const tasks = world.tasks.map((task) => TASK_SCHEMA.parse(task))
  const misfits: string[] = []
  let stage: Stage

  beforeAll(async () => {
    const servers = world.open().map((server) => toChecked(server, misfits))
    stage = await createStages({ log: createLog('silent', false), version: '0.0.0' })({
      servers,
      fillers: [],
    })
  })
  afterAll(() => stage.close())

  /** The probes of the state, each with whether it holds now. */
  const probe = async (task: Task): Promise<readonly boolean[]> =>
    Promise.all(
      task.state.map(async ({ tool, args, expect: text }) => {
        try {
          return evaluate(text, { result: toEntry(await stage.probe(tool, args)) }) === true
        } catch {
          return false
        }
      }),
    )

  describe.each(MODES)('in mode %s', (mode) => {
    test.each(tasks)('$name is solved', async (task) => {
      expect(await playTask(task, mode, stage, { meter })).toMatchObject({ ok: true })
    })
  })

  test.each(tasks.filter(({ state }) => state.length > 0))(
    'the state of $name is not right by itself',
    async (task) => {
      await stage.reset()
      const before = await probe(task)
      expect(before).toContain(false)
      await playTask(task, 'classic', stage, { meter })
      expect(await probe(task)).not.toContain(false)
      await stage.reset()
      expect(await probe(task)).toEqual(before)
    },
  )

  test.each(tasks.filter(({ kind }) => kind !== 'nothing'))(
    '$name is not solved by doing nothing',
    async (task) => {
      const idle = { ...task, direct: [], answer: { ...task.answer, direct: 'null' } }
      expect(await playTask(idle, 'classic', stage, { meter })).toMatchObject({ ok: false })
      expect(isSame(null, task.expected)).toBe(false)
    },
  )

  test('two openings give the same', () => {
    const [first, second] = [world.open(), world.open()].map((servers) =>
      servers
        .map((server) => toChecked(server, misfits))
        .flatMap(({ tools }) => tools.filter(hasNoArguments).map((tool) => tool.run({}))),
    )
    expect(first?.length).toBeGreaterThan(0)
    expect(second).toEqual(first)
  })

  test('results are what their output schemas say', () => {
    expect(misfits).toEqual([])
  })

  test('tasks use the tools that they name, and do not look for them by their names', () => {
    const definitions = new Map(
      world
        .open()
        .flatMap(({ name, tools }) =>
          tools.map(({ definition }) => [`${name}.${definition.name}`, definition.name]),
        ),
    )
    expect(definitions.size).toBeLessThanOrEqual(10)
    for (const { name, tools, direct, scripts } of tasks) {
      const named = new Set(tools.map(({ tool }) => tool))
      const called = direct.flatMap(({ calls }) => calls.map(({ tool }) => tool))
      const scripted = scripts.flatMap(({ code }) =>
        [...code.matchAll(/tools\.(\w+\.\w+)\(/g)].map(([, tool]) => tool ?? ''),
      )
      expect(new Set(called), name).toEqual(named)
      expect(new Set(scripted), name).toEqual(named)
      for (const { tool, lookups } of tools) {
        expect(definitions.has(tool), tool).toBe(true)
        const words = definitions.get(tool)?.replaceAll('_', ' ')
        expect(lookups, name).not.toContain(words)
        expect(new Set(lookups).size, name).toBe(lookups.length)
      }
    }
  })

  test('it has the kinds of tasks at which scripts save little or nothing', () => {
    const kinds = tasks.map(({ kind }) => kind)
    expect(kinds).toEqual(
      expect.arrayContaining(['nothing', 'single', 'whole-result', 'judgement', 'recovery']),
    )
    expect(new Set(tasks.map(({ name }) => name)).size).toBe(tasks.length)
  })
}

/** What a tool of a world answers. @throws MockFailure */
export function callTool(world: readonly MockServer[], name: string, args: JsonObject): Json {
  const [server, tool] = name.split('.')
  const found = world
    .find((each) => each.name === server)
    ?.tools.find(({ definition }) => definition.name === tool)
  if (found === undefined) throw new Error(`There is no ${name}.`)
  return found.run(args)
}

/** The same server; what does not fit the schema of a tool is written down. */
function toChecked(server: MockServer, misfits: string[]): MockServer {
  const ajv = new Ajv({ allErrors: true, strict: false })
  const validators = new Map<string, ValidateFunction>()
  const validatorOf = ({ definition }: MockTool): ValidateFunction | undefined => {
    const schema = definition['outputSchema']
    if (schema === undefined || typeof schema !== 'object' || schema === null) return undefined
    const known = validators.get(definition.name) ?? ajv.compile(schema)
    validators.set(definition.name, known)
    return known
  }
  const run = (tool: MockTool, args: Parameters<MockTool['run']>[0]): Json => {
    const result = tool.run(args)
    const validate = validatorOf(tool)
    if (validate !== undefined && !validate(result))
      misfits.push(`${tool.definition.name}: ${ajv.errorsText(validate.errors)}`)
    return result
  }
  return { ...server, tools: server.tools.map((tool) => ({ ...tool, run: (args) => run(tool, args) })) }
}

function hasNoArguments({ definition }: MockTool): boolean {
  return definition.inputSchema['required'] === undefined
}
