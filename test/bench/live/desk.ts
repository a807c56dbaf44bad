import { TASK_SCHEMA, type Task, type TaskInput } from '../../../src/config/tasks/schema.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../src/core/json.ts'
import type { Answer, Stage, StageClient } from '../../../src/bench/stage.ts'

const ID = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] }
const TOOLS: readonly JsonObject[] = [
  {
    name: 'desk__get_ticket',
    description: 'Gets a ticket.',
    inputSchema: ID,
    outputSchema: { type: 'object' },
  },
  { name: 'desk__close_ticket', description: 'Closes a ticket.', inputSchema: ID },
  { name: 'desk__delete_ticket', description: 'Deletes a ticket.', inputSchema: ID },
]

interface DeskStage extends Stage {
  /** How often the state was put back. */
  readonly resets: () => number
}

/**
 * A stage without a gateway: a desk with two tickets. Classic lists its tools; search and code have one tool that calls them.
 *
 * @param before waited for in each call
 */
export function openDesk(before: (name: string) => Promise<void> = () => Promise.resolve()): DeskStage {
  let tickets = new Map<string, string>()
  let [calls, resets] = [0, 0]
  const use = async (name: string, args: JsonObject): Promise<Answer> => {
    await before(name)
    const id = textOf(args['id'])
    if (!TOOLS.some((tool) => tool['name'] === name)) throw new Error(`There is no tool ${name}.`)
    calls += 1
    if (!tickets.has(id)) return { text: `No ticket ${id}.`, isError: true, value: null }
    if (name === 'desk__close_ticket') tickets.set(id, 'closed')
    if (name === 'desk__delete_ticket') tickets.delete(id)
    const value = { id, status: tickets.get(id) ?? null, minutes: 1_234 }
    return { text: JSON.stringify(value), isError: false, value }
  }
  const reset = (): Promise<void> => {
    tickets = new Map([
      ['T-1', 'open'],
      ['T-2', 'open'],
    ])
    calls = 0
    resets += 1
    return Promise.resolve()
  }
  const classic: StageClient = {
    show: () => Promise.resolve({ instructions: 'A desk.', tools: TOOLS }),
    call: use,
    forget: () => Promise.resolve(),
  }
  const byName = (tool: string): StageClient => ({
    show: () =>
      Promise.resolve({
        instructions: 'Call tools by name.',
        tools: [{ name: tool, inputSchema: { type: 'object' } }],
      }),
    call: (_, { name, arguments: args }) => use(textOf(name), isJsonObject(args) ? args : {}),
    forget: () => Promise.resolve(),
  })
  void reset()
  return {
    tools: 3,
    classic,
    search: byName('call_tool'),
    code: byName('run_script'),
    auto: byName('run_script'),
    exposedName: (tool) => tool.replace('.', '__'),
    scriptPath: (tool) => `tools.${tool}`,
    calls: () => calls,
    probe: (tool, args) => {
      const status = tickets.get(textOf(args['id'])) ?? null
      return Promise.resolve({ text: '', isError: false, value: { tool, status } })
    },
    reset,
    resets: () => resets - 1,
    close: () => Promise.resolve(),
  }
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** Tasks of the desk: what a model has to do, and what it has to say. */
export function taskOf(rest: Partial<TaskInput> = {}): Task {
  return TASK_SCHEMA.parse({
    name: 'close-one',
    kind: 'single',
    goal: 'Close T-1 and tell me how many minutes it took.',
    tools: [],
    direct: [],
    scripts: [],
    answer: { direct: 'null', script: 'null' },
    say: 'It took 1234 minutes.',
    expected: 1_234,
    state: [
      { tool: 'desk.get_ticket', args: { id: 'T-1' }, expect: 'result.status == "closed"' },
      { tool: 'desk.get_ticket', args: { id: 'T-2' }, expect: 'result.status == "open"' },
    ],
    ...rest,
  })
}
