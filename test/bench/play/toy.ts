import { createStages } from '../../../src/bench-stage.ts'
import { createMeter } from '../../../src/bench/play/meter.ts'
import { MockFailure, type MockServer, type Stage } from '../../../src/bench/stage.ts'
import type { World } from '../../../src/bench/worlds/world.ts'
import { TASK_SCHEMA, type Task, type TaskInput } from '../../../src/config/tasks/schema.ts'
import { countText } from '../../../src/tokens/count.ts'

const quiet = (): void => {}

export const openStage = createStages({
  version: '0.0.0',
  log: { error: console.error, warn: quiet, info: quiet, debug: quiet, isDebugging: false },
})

export const meter = createMeter(countText)

/** Two shelves with a few numbers each, and a note that can be written. */
function openShelf(): MockServer {
  let note = ''
  const shelves = { left: [3, 5, 8], right: [13, 21] }
  return {
    name: 'shelf',
    reset: () => void (note = ''),
    tools: [
      {
        definition: {
          name: 'list_items',
          description: `List the numbers on a shelf. ${'They were put there one by one, by hand. '.repeat(6)}Sorted: no.`,
          inputSchema: {
            type: 'object',
            properties: { shelf: { type: 'string', enum: ['left', 'right'] } },
            required: ['shelf'],
          },
          outputSchema: {
            type: 'object',
            properties: { items: { type: 'array', items: { type: 'number' } } },
            required: ['items'],
          },
        },
        run: ({ shelf }) => ({ items: shelf === 'left' ? shelves.left : shelves.right }),
      },
      {
        definition: {
          name: 'write_note',
          description: 'Write a note.',
          inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
        },
        run: ({ text }) => {
          if (typeof text !== 'string' || text === '') throw new MockFailure('A note has a text.')
          note = text
          return { written: true }
        },
      },
      {
        definition: { name: 'read_note', description: 'Read the note.', inputSchema: { type: 'object' } },
        run: () => ({ text: note }),
      },
    ],
  }
}

const SUM: TaskInput = {
  name: 'note-the-sum',
  kind: 'join',
  goal: 'Add up the numbers of both shelves and note the sum.',
  tools: [
    { tool: 'shelf.list_items', lookups: ['numbers on shelves'] },
    { tool: 'shelf.write_note', lookups: ['write down'] },
  ],
  direct: [
    {
      as: 'lists',
      calls: [
        { tool: 'shelf.list_items', args: { shelf: 'left' } },
        { tool: 'shelf.list_items', args: { shelf: 'right' } },
      ],
    },
    {
      as: 'note',
      calls: [
        {
          tool: 'shelf.write_note',
          args: { text: { $: 'string(sum(flatten(steps.lists.map(list, list.items))))' } },
        },
      ],
    },
  ],
  scripts: [
    {
      code: `const lists = await Promise.all(['left', 'right'].map((shelf) => tools.shelf.list_items({ shelf })))
const sum = lists.flatMap(({ items }) => items).reduce((a, b) => a + b, 0)
await tools.shelf.write_note({ text: String(sum) })
return sum`,
    },
  ],
  answer: { direct: 'sum(flatten(steps.lists.map(list, list.items)))', script: 'steps.script[0]' },
  say: 'The sum is 50, and it is noted.',
  expected: 50,
  state: [{ tool: 'shelf.read_note', expect: 'result.text == "50"' }],
}

/** The task, with some of it otherwise. */
export function sumTask(more: Partial<TaskInput> = {}): Task {
  return TASK_SCHEMA.parse({ ...SUM, ...more })
}

export const TOY_WORLD: World = { name: 'toy', open: () => [openShelf()], tasks: [SUM] }

export function openToyStage(): Promise<Stage> {
  return openStage({ servers: [openShelf()], fillers: [] })
}
