import { createExpressions } from '../../conditions/expressions.ts'
import { isJsonObject, type Json } from '../../core/json.ts'
import { issueAt, positionOf, type Issue, type Path, type Tree } from '../document/tree.ts'
import type { Task } from './schema.ts'

/** What is wrong with tasks besides their form: names that are taken, expressions that are none. */
export function checkTasks(tasks: readonly Task[], root: Tree): readonly Issue[] {
  const at = (path: Path, message: string): Issue => issueAt(path, positionOf(root, path), message)
  const firstOf = new Map<string, number>()
  const issues: Issue[] = []
  for (const [index, { name }] of tasks.entries()) {
    const first = firstOf.get(name)
    if (first === undefined) firstOf.set(name, index)
    else issues.push(at(['tasks', index, 'name'], `tasks[${first}] has the same name`))
  }
  const over = {
    steps: createExpressions(['steps']),
    item: createExpressions(['steps', 'item']),
    result: createExpressions(['result']),
  }
  const cases = tasks.flatMap((task, index) => expressionsOf(task, ['tasks', index]))
  for (const { path, text, names } of cases) {
    const problem = over[names].problem(text)
    if (problem !== undefined) issues.push(at(path, `this is no expression in CEL: ${problem}`))
  }
  return issues
}

interface Case {
  readonly path: Path
  readonly text: string
  /** What it may name: results of steps, these and the entry of `each`, or what a probe gave. */
  readonly names: 'steps' | 'item' | 'result'
}

function expressionsOf({ direct, answer, state }: Task, path: Path): readonly Case[] {
  const optional = (text: string | undefined, at: Path): readonly Case[] =>
    text === undefined ? [] : [{ path: at, text, names: 'steps' }]
  return [
    ...direct.flatMap(({ calls, while: again }, step) => [
      ...calls.flatMap(({ args, each }, call) => [
        ...optional(each, [...path, 'direct', step, 'calls', call, 'each']),
        ...filledOf(args, [...path, 'direct', step, 'calls', call, 'args']),
      ]),
      ...optional(again, [...path, 'direct', step, 'while']),
    ]),
    ...optional(answer.direct, [...path, 'answer', 'direct']),
    ...optional(answer.script, [...path, 'answer', 'script']),
    ...state.map(({ expect }, index): Case => ({
      path: [...path, 'state', index, 'expect'],
      text: expect,
      names: 'result',
    })),
  ]
}

/** The expressions in the places of values: `{ "$": EXPRESSION }`. */
function filledOf(value: Json, path: Path): readonly Case[] {
  if (Array.isArray(value)) return value.flatMap((each, index) => filledOf(each, [...path, index]))
  if (!isJsonObject(value)) return []
  const { $: text } = value
  if (typeof text === 'string' && Object.keys(value).length === 1)
    return [{ path: [...path, '$'], text, names: 'item' }]
  return Object.entries(value).flatMap(([key, each]) => filledOf(each ?? null, [...path, key]))
}
