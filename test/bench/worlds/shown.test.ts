import { describe, expect, test } from 'vitest'

import { generateCatalog } from '../../../src/bench/catalog/generate.ts'
import { toFillers } from '../../../src/bench/catalog/fillers.ts'
import { createMeter } from '../../../src/bench/play/meter.ts'
import { playTask } from '../../../src/bench/play/play.ts'
import type { Stage, StageClient } from '../../../src/bench/stage.ts'
import { CODE_WORLD } from '../../../src/bench/worlds/code/world.ts'
import type { World } from '../../../src/bench/worlds/world.ts'
import { WORLDS } from '../../../src/bench/worlds/worlds.ts'
import { TASK_SCHEMA, type Task } from '../../../src/config/tasks/schema.ts'
import { openStage } from '../play/toy.ts'
import { literalsOfArguments, literalsOfExpression, literalsOfScript, type Literal } from './literals.ts'
import { hasWords, isAsked } from './asked.ts'

const TOOLS = 96
/** What anybody who programs knows, may choose as he likes or says in his own words. */
const KNOWN = new Set([
  '100', // A page that is asked for: as much as there is, up to that.
  '1000', // Milliseconds of a second.
  '6000', // Milliseconds of six seconds.
  '60', // Seconds of a minute, minutes of an hour.
  '30', // Minutes of half an hour.
  '2026-03-05T00:02:00Z', // Two minutes, to look at what comes.
  'response_time', // A guess that turns out to be wrong.
  'v2.4.0-rc5 is on staging:',
  'Priya is on it: #557 is urgent now and assigned to her.',
])

const meter = createMeter((text) => text.length)
const source = generateCatalog(TOOLS)

describe.each(WORLDS)('in the world $name', (world) => {
  test('nothing is used that was neither asked nor shown', async () => {
    expect(await unknownOf(world, (task) => task)).toEqual([])
  })
})

test('what stands only in the description of a parameter is not known by itself', async () => {
  const tasks = CODE_WORLD.tasks.filter(({ name }) => name === 'code-assign-milestone')
  const forget = (task: Task): Task => ({
    ...task,
    tools: task.tools.map((tool) => ({ ...tool, words: [] })),
  })
  expect(await unknownOf({ ...CODE_WORLD, tasks }, forget)).toEqual([
    'code-assign-milestone, script 0: none',
    'code-assign-milestone, step list: none',
  ])
})

/** What the policies of the tasks of a world use and have from nowhere. */
async function unknownOf(world: World, change: (task: Task) => Task): Promise<readonly string[]> {
  const servers = world.open()
  const own = servers.reduce((sum, { tools }) => sum + tools.length, 0)
  const fillers = toFillers(source, TOOLS - own, new Set(servers.map(({ name }) => name)))
  const stage = await openStage({ servers, fillers })
  try {
    const unknown: string[] = []
    for (const input of world.tasks) {
      const task = change(TASK_SCHEMA.parse(input))
      unknown.push(...(await unknownOfScripts(task, stage)), ...(await unknownOfCalls(task, stage)))
    }
    return unknown
  } finally {
    await stage.close()
  }
}

async function unknownOfScripts(task: Task, stage: Stage): Promise<readonly string[]> {
  const isDoubtful = task.scripts.some(({ code }) => doubtful(task, literalsOfScript(code)).length > 0)
  const { scripts } = isDoubtful ? await listen(task, 'code', stage) : { scripts: [] }
  return scripts.flatMap(({ code, shown }, at) =>
    missing(`${task.name}, script ${at}`, doubtful(task, literalsOfScript(code)), shown),
  )
}

async function unknownOfCalls(task: Task, stage: Stage): Promise<readonly string[]> {
  const unknown: string[] = []
  for (const [at, { calls }] of task.direct.entries()) {
    const literals = calls.flatMap(({ args, each }) => [
      ...literalsOfArguments(args),
      ...literalsOfExpression(each ?? ''),
    ])
    const doubts = doubtful(task, literals)
    if (doubts.length === 0) continue
    // What it was shown before the step: all that it is shown where the task ends there.
    const { shown } = await listen({ ...task, direct: task.direct.slice(0, at) }, 'search', stage)
    unknown.push(...missing(`${task.name}, step ${task.direct[at]?.as ?? ''}`, doubts, shown))
  }
  return unknown
}

/** Those that do not come from the goal. */
function doubtful({ goal }: Task, literals: readonly Literal[]): readonly Literal[] {
  return literals.filter((literal) => !KNOWN.has(literal.text) && !isAsked(goal, literal))
}

function missing(where: string, literals: readonly Literal[], shown: string): readonly string[] {
  return literals.filter((literal) => !hasWords(shown, literal)).map(({ text }) => `${where}: ${text}`)
}

interface Heard {
  /** With what had been shown before each of them. */
  readonly scripts: readonly { readonly code: string; readonly shown: string }[]
  /** In the end. */
  readonly shown: string
}

/** Plays a task, and listens to what the model is shown of its tools, and to all results. */
async function listen(task: Task, mode: 'code' | 'search', stage: Stage): Promise<Heard> {
  const client = stage[mode]
  const names = task.tools.map(({ tool }) => tool.slice(tool.indexOf('.') + 1))
  // What stands there about other tools says nothing about those of the task.
  const linesOf = (text: string): string =>
    text
      .split('\n')
      .filter((line) => names.some((name) => line.includes(name)))
      .join('\n')
  let shown = linesOf((await client.show()).instructions)
  const scripts: Heard['scripts'][number][] = []
  const listening: StageClient = {
    ...client,
    async call(name, args) {
      if (typeof args['code'] === 'string') scripts.push({ code: args['code'], shown })
      const answer = await client.call(name, args)
      shown += `\n${name === 'search_tools' ? linesOf(answer.text) : answer.text}`
      return answer
    },
  }
  await playTask(task, mode, { ...stage, [mode]: listening }, { meter })
  return { scripts, shown }
}
