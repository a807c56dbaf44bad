import { z } from 'zod'

import { MODES } from '../../core/mode.ts'
import { TASK_KINDS } from '../tasks/schema.ts'

/** More than any run makes, and little enough that sums and pages stay within bounds. */
const MOST = {
  points: 200_000,
  turns: 1_000,
  sizes: 100,
  tasks: 5_000,
  tools: 10_000_000,
  text: 4_000,
} as const

const SHORT = z.string().min(1).max(200)
const TOKENS = z.int().min(0).max(1e12)
const TIME_MS = z.number().min(0).max(1e10)
const PRICE = z.number().min(0).max(1e6)
const RATE = z.number().positive().max(1e12)
const TOOLS = z.int().min(0).max(MOST.tools)
const KIND = z.enum(TASK_KINDS)
const MODE = z.enum(MODES)

const TURN = z.object({ input: TOKENS, output: TOKENS, toolMs: TIME_MS.exactOptional() }).readonly()

const POINT = z
  .object({
    task: SHORT,
    kind: KIND,
    tools: TOOLS,
    mode: MODE,
    shown: z.enum(['code', 'classic', 'search']),
    ok: z.boolean(),
    reason: z.string().max(100_000).exactOptional(),
    head: z.object({ definitions: TOKENS, instructions: TOKENS }).readonly(),
    turns: z.array(TURN).max(MOST.turns).readonly(),
    calls: z.int().min(0).max(1e9),
  })
  .readonly()

const PRICING = z
  .object({
    input: PRICE,
    output: PRICE,
    cacheRead: PRICE,
    cacheWrite: PRICE,
    cacheMinTokens: TOKENS,
  })
  .readonly()

const LATENCY = z
  .object({
    firstTokenMs: TIME_MS,
    readPerSecond: RATE,
    cachedReadPerSecond: RATE,
    writePerSecond: RATE,
    turnMs: TIME_MS,
  })
  .readonly()

/**
 * A report of `isogate bench` as it is written to a file. Members that are not known are left out rather than refused, so that a
 * report of a newer version of the same format can be read.
 */
export const BENCH_REPORT_SCHEMA = z
  .object({
    format: z.literal('isogate-bench/1'),
    isTimed: z.boolean(),
    made: z
      .object({
        version: SHORT,
        node: SHORT,
        platform: SHORT,
        cpu: z.string().max(200),
        cpus: z.int().min(0).max(100_000),
        at: z.iso.datetime({ offset: true }),
      })
      .readonly(),
    tokenizer: SHORT,
    catalog: z
      .object({
        source: z.string().min(1).max(MOST.text),
        sizes: z
          .array(z.object({ tools: TOOLS, definitionTokens: TOKENS }).readonly())
          .min(1)
          .max(MOST.sizes)
          .readonly(),
      })
      .readonly(),
    tasks: z
      .array(z.object({ name: SHORT, kind: KIND, goal: z.string().max(MOST.text) }).readonly())
      .max(MOST.tasks)
      .readonly(),
    modes: z.array(MODE).min(1).max(MODES.length).readonly(),
    pricing: PRICING,
    latency: LATENCY,
    points: z.array(POINT).max(MOST.points).readonly(),
  })
  .readonly()
