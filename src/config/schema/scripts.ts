import { resolve } from 'node:path'

import { z } from 'zod'
import { isDeeperThan, type Json, type JsonObject } from '../../core/json.ts'

/** The server name of saved scripts: in rules they are `scripts.NAME`. */
export const SCRIPTS_SERVER = 'scripts'

/** The section `scripts`. */
export const SCRIPTS_SCHEMA = z
  .strictObject({
    enabled: z.boolean().default(true).describe('False: saved scripts are neither read nor listed.'),
    folder: z
      .string()
      .min(1)
      .max(4096)
      .default('scripts')
      .describe(
        'Folder of the saved scripts, relative to the configuration. Where there is none, there are no saved scripts.',
      ),
  })
  .prefault({})
  .describe(
    'Saved scripts: each is a tool `scripts.<name>`. Their `isogate.lock` lies beside the configuration.',
  )

/** Where saved scripts are. Both paths are absolute. */
export interface ScriptsPlan {
  readonly enabled: boolean
  readonly folder: string
  readonly lock: string
}

/** Compiles the section; `baseDir` is the folder of the configuration. */
export function toScriptsPlan(
  { enabled, folder }: z.output<typeof SCRIPTS_SCHEMA>,
  baseDir: string,
): ScriptsPlan {
  return { enabled, folder: resolve(baseDir, folder), lock: resolve(baseDir, 'isogate.lock') }
}

/** What a saved script may be called: it is a file, a tool and an identifier. */
export const SCRIPT_NAME_PATTERN = /^[a-z][a-z0-9_]{0,63}$/

const MAX_USES = 100
const MAX_CASES = 50
const MAX_CALLS = 1_000
const MAX_LOCKED = 20_000
/** Deeper JSON is nobody's: what reads it afterwards may recurse. */
const MAX_DEPTH = 100

const TOOL_KEY = z
  .string()
  .max(1024)
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}\../s, 'expected `server.tool`')
const OBJECT = z.record(z.string(), z.unknown())
const ROOT_OBJECT = OBJECT.refine(({ type }) => type === 'object', 'expected a schema with "type": "object"')

const MANIFEST = z.strictObject({
  title: z.string().min(1).max(200).optional(),
  description: z.string().min(1).max(4000),
  input: ROOT_OBJECT,
  output: OBJECT.optional(),
  uses: z.array(TOOL_KEY).max(MAX_USES),
  readOnly: z.boolean().optional(),
})

const RECORDED_CALL = z.strictObject({
  tool: TOOL_KEY,
  args: OBJECT,
  result: z
    .strictObject({
      content: z.array(OBJECT),
      structuredContent: z.unknown().optional(),
      isError: z.boolean().optional(),
    })
    .optional(),
  error: z.strictObject({ code: z.string().max(64), message: z.string() }).optional(),
})

const FIXTURES = z.strictObject({
  cases: z
    .array(
      z.strictObject({
        input: OBJECT,
        startedAtMs: z.number().nonnegative().optional(),
        seed: z.int().nonnegative().optional(),
        calls: z.array(RECORDED_CALL).max(MAX_CALLS),
        value: z.unknown().optional(),
      }),
    )
    .max(MAX_CASES),
})

const LOCK = z.strictObject({
  version: z.literal(1),
  tools: z
    .record(TOOL_KEY, z.strictObject({ schema: z.string().regex(/^sha256:[0-9a-f]{64}$/) }))
    .refine((tools) => Object.keys(tools).length <= MAX_LOCKED, 'too many tools'),
  aliases: z.record(TOOL_KEY, TOOL_KEY).default({}),
})

/** What a saved script says of itself: `scripts/<name>.json`. */
export interface ScriptManifest {
  readonly title?: string
  readonly description: string
  /** JSON Schema of an object: the arguments of the tool, and the global `input` of the script. */
  readonly input: JsonObject
  /** JSON Schema of the value that the script returns. */
  readonly output?: JsonObject
  /** The tools that it may call, as `server.tool`. */
  readonly uses: readonly string[]
  /** True: it is refused as soon as one of its tools does more than read. */
  readonly readOnly?: boolean
}

/** A call as it was recorded: what it was answered, or how the gateway refused it. */
export interface RecordedCall {
  readonly tool: string
  readonly args: JsonObject
  readonly result?: {
    readonly content: readonly JsonObject[]
    readonly structuredContent?: Json
    readonly isError?: boolean
  }
  readonly error?: { readonly code: string; readonly message: string }
}

/** One recorded run: with this input and these answers the script gives this value. */
export interface FixtureCase {
  readonly input: JsonObject
  /** What the clock of the script showed at its start, milliseconds since the epoch. */
  readonly startedAtMs?: number
  /** Seed of `Math.random`. */
  readonly seed?: number
  readonly calls: readonly RecordedCall[]
  /** Absent: it returned nothing. */
  readonly value?: Json
}

/** What saved scripts were last checked against: `isogate.lock`. */
export interface ScriptLock {
  readonly version: 1
  readonly tools: Readonly<Record<string, { readonly schema: string }>>
  /** A tool that was renamed, and what it is called now. */
  readonly aliases: Readonly<Record<string, string>>
}

/** A document that was read, or why it could not be. */
export type ParsedText<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: string }

/** Reads `scripts/<name>.json`. */
export function parseManifest(text: string): ParsedText<ScriptManifest> {
  return parse(text, MANIFEST) as ParsedText<ScriptManifest>
}

/** Reads `scripts/<name>.fixtures.json`. */
export function parseFixtures(text: string): ParsedText<{ readonly cases: readonly FixtureCase[] }> {
  return parse(text, FIXTURES) as ParsedText<{ cases: readonly FixtureCase[] }>
}

/** Reads `isogate.lock`. */
export function parseLock(text: string): ParsedText<ScriptLock> {
  return parse(text, LOCK) as ParsedText<ScriptLock>
}

function parse(text: string, schema: z.ZodType): ParsedText<unknown> {
  let document: Json
  try {
    document = JSON.parse(text) as Json
  } catch {
    return { ok: false, reason: 'it is not valid JSON' }
  }
  if (isDeeperThan(document, MAX_DEPTH)) return { ok: false, reason: 'it is nested too deeply' }
  const parsed = schema.safeParse(document)
  if (parsed.success) return { ok: true, value: parsed.data }
  const [issue] = parsed.error.issues
  const at = issue === undefined || issue.path.length === 0 ? '' : `\`${issue.path.map(String).join('.')}\`: `
  return { ok: false, reason: `${at}${issue?.message ?? 'it is malformed'}`.slice(0, 300) }
}
