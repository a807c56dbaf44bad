import { z } from 'zod'

/** What a task is about; totals and crossovers are told for each kind. */
export const TASK_KINDS = [
  'single',
  'chain',
  'fan-out',
  'join',
  'filter',
  'loop',
  'recovery',
  'nothing',
  'whole-result',
  'judgement',
] as const

const NAME = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/)
/** `server.tool`. */
const TOOL = z.string().regex(/^[^.\s]{1,32}\.\S{1,128}$/)
const EXPRESSION = z.string().min(1).max(2_000)
/** Arguments of a call. In the place of any value may stand `{ "$": EXPRESSION }`. */
const ARGUMENTS = z.record(z.string(), z.json())

const CALL = z.strictObject({
  tool: TOOL,
  args: ARGUMENTS.default({}),
  each: EXPRESSION.optional().describe(
    'A list; one call for each entry, which `item` names. All in one turn.',
  ),
})

const STEP = z.strictObject({
  as: NAME.describe('The name under which later expressions find the results: `steps.NAME`, a list.'),
  calls: z.array(CALL).min(1).max(100),
  while: EXPRESSION.optional().describe(
    'The step is played again, as another turn, for as long as it is true.',
  ),
  most: z.int().min(1).max(100).default(25).describe('Turns of a step with `while`, at the most.'),
})

const SCRIPT = z.strictObject({
  code: z.string().min(1).max(20_000),
  when: z
    .enum(['always', 'unknown'])
    .default('always')
    .describe('`unknown`: only where the type of a result that the task needs is not known; to look at one.'),
})

const PROBE = z.strictObject({
  tool: TOOL,
  args: ARGUMENTS.default({}),
  expect: EXPRESSION.describe('True where the state is right; `result` is what the tool gave.'),
})

export const TASK_SCHEMA = z.strictObject({
  name: NAME,
  kind: z.enum(TASK_KINDS),
  goal: z.string().min(1).max(4_000).describe('What the person asks for.'),
  tools: z
    .array(
      z.strictObject({
        tool: TOOL,
        lookups: z
          .array(z.string().min(1).max(200))
          .min(1)
          .max(3)
          .describe(
            'What is searched for, where the tool has to be found; the next where it was not among the matches.',
          ),
        words: z
          .array(z.string().min(1).max(200))
          .max(20)
          .default([])
          .describe(
            'What must have been shown of the tool before it can be used, besides the names of the arguments and members: values, bounds.',
          ),
      }),
    )
    .max(20)
    .describe('The tools that solve it. Empty: there is none, and `lookups` of the task show that.'),
  lookups: z.array(z.string().min(1).max(200)).max(3).default([]).describe('What is searched for in vain.'),
  direct: z
    .array(STEP)
    .max(20)
    .describe('What a model calls by itself, turn by turn: in modes classic and search.'),
  scripts: z
    .array(SCRIPT)
    .max(10)
    .describe('What a model writes, turn by turn: in mode code. Its results: `steps.script`.'),
  answer: z
    .strictObject({ direct: EXPRESSION, script: EXPRESSION })
    .describe('What the model makes of the results; must give `expected`.'),
  say: z.string().min(1).max(4_000).describe('What the model tells the person in the end.'),
  mentions: z
    .array(z.string().min(1).max(200))
    .max(20)
    .default([])
    .describe('What the last words of a live model must contain, whatever the case.'),
  expected: z.json(),
  state: z.array(PROBE).max(20).default([]).describe('Looked at afterwards, past the gateway.'),
})

export const TASKS_SCHEMA = z.strictObject({ tasks: z.array(TASK_SCHEMA).min(1).max(500) })

/** A task as data: a goal, what solves it, and how it is known that it is solved. */
export type Task = Readonly<z.output<typeof TASK_SCHEMA>>
/** As it is written, before defaults are put in. */
export type TaskInput = z.input<typeof TASK_SCHEMA>
export type TaskKind = (typeof TASK_KINDS)[number]
