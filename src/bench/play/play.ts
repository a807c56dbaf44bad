import type { Task } from '../../config/tasks/schema.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import type { Mode, ShownMode } from '../../core/mode.ts'
import type { Clock } from '../../core/ports.ts'
import type { Point } from '../points.ts'
import type { Shown, Stage } from '../stage.ts'
import { createDialogue, type Dialogue, type Said } from './dialogue.ts'
import { playDirect } from './direct.ts'
import { evaluate, isSame, toEntry, type Steps } from './expressions.ts'
import { findTools } from './find-tools.ts'
import { brief, modeOf, wrongState } from './judge.ts'
import { createKnowledge, needsOf, type Knowledge } from './knowledge.ts'
import type { Meter } from './meter.ts'
import { PolicyFailure } from './policy-failure.ts'

/** What a task is played with. */
export interface PlayParts {
  readonly meter: Meter
  /** Absent: no time is measured. */
  readonly clock?: Clock
  /** Calls that the model makes in one turn, at the most. Absent: all that do not depend on each other, which favours modes without scripts. */
  readonly parallelCalls?: number
}

/** The line of the index that says that nothing is left out. */
const COMPLETE = /^COMPLETE \(/m

/**
 * Plays a task in a mode, by the policy that it brings along: nobody decides anything, and yet every call is a real one, and what comes
 * back decides whether the task is solved. Never throws for a policy that goes wrong: that is a failed task.
 */
export async function playTask(task: Task, mode: Mode, stage: Stage, parts: PlayParts): Promise<Point> {
  const { meter, clock, parallelCalls = Infinity } = parts
  await stage.reset()
  const client = stage[mode]
  const shown = await client.show()
  const shownMode = modeOf(shown)
  const head = meter.head(shown)
  const dialogue = createDialogue(client, meter, head, task.goal, clock)
  const failed = await playPolicy({ task, mode: shownMode, shown, stage, dialogue, parallelCalls })
  const calls = stage.calls()
  const reason = failed ?? (await wrongState(task, stage))
  return {
    task: task.name,
    kind: task.kind,
    tools: stage.tools,
    mode,
    shown: shownMode,
    ok: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
    head,
    turns: dialogue.turns(),
    calls,
  }
}

interface Play {
  readonly task: Task
  readonly mode: ShownMode
  readonly shown: Shown
  readonly stage: Stage
  readonly dialogue: Dialogue
  readonly parallelCalls: number
}

/** @returns why it went wrong */
async function playPolicy(playing: Play): Promise<string | undefined> {
  const { task, dialogue } = playing
  try {
    const answer = await play(playing)
    dialogue.say(task.say)
    if (isSame(answer, task.expected)) return undefined
    return `the answer is ${brief(answer)}, not ${brief(task.expected)}`
  } catch (error) {
    dialogue.say(task.say)
    return error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error)
  }
}

async function play({ task, mode, shown, stage, dialogue, parallelCalls }: Play): Promise<Json> {
  if (mode === 'classic') {
    const names = new Set(shown.tools.map(({ name }) => name))
    const say = (tool: string, args: JsonObject): Said => {
      const name = stage.exposedName(tool)
      if (name === undefined || !names.has(name)) throw new PolicyFailure(`${tool} is not listed`)
      return { name, args }
    }
    return evaluate(task.answer.direct, { steps: await playDirect(task, dialogue, say, parallelCalls) })
  }
  const knowledge = createKnowledge(stage)
  knowledge.read(shown.instructions)
  const isScript = mode === 'code'
  if (task.tools.length === 0) await searchInVain(task, shown, dialogue)
  await findTools(needsOf(task, (await stage.classic.show()).tools, stage, isScript), knowledge, dialogue)
  if (isScript) return evaluate(task.answer.script, { steps: await playScripts(task, knowledge, dialogue) })
  const say = (tool: string, args: JsonObject): Said => {
    const name = knowledge.nameOf(tool)
    if (name === undefined) throw new PolicyFailure(`${tool} was not looked for`)
    return { name: 'call_tool', args: { name, arguments: args } }
  }
  return evaluate(task.answer.direct, { steps: await playDirect(task, dialogue, say, parallelCalls) })
}

async function playScripts(task: Task, knowledge: Knowledge, dialogue: Dialogue): Promise<Steps> {
  const isUnknown = task.tools.some(({ tool }) => knowledge.isUnknown(tool))
  const script: Json[] = []
  for (const { code, when } of task.scripts) {
    if (when === 'unknown' && !isUnknown) continue
    const answers = await dialogue.ask([{ name: 'run_script', args: { code } }])
    script.push(...answers.map(toEntry))
  }
  return { script }
}

/** There is no such tool: a model that was shown all of them sees that, any other one has to look. */
async function searchInVain({ lookups }: Task, { instructions }: Shown, dialogue: Dialogue): Promise<void> {
  if (COMPLETE.test(instructions)) return
  for (const query of lookups) {
    const [answer] = await dialogue.ask([{ name: 'search_tools', args: { query } }])
    if (answer?.isError === true) throw new PolicyFailure(`search_tools: ${answer.text.split('\n', 1)[0]}`)
  }
}
