import type { FixtureCase, RecordedCall, ScriptLock } from '../../../config/schema/scripts.ts'
import type { Call, Handler } from '../../../core/call.ts'
import { ERRORS, type ErrorCode } from '../../../core/error-table.ts'
import { GatewayError, toGatewayError } from '../../../core/errors.ts'
import { canonicalJson, type Json } from '../../../core/json.ts'
import { replyOf, type Result } from '../../../core/result.ts'
import { toolKey } from '../../../core/tool.ts'
import type { SavedScript } from '../folder/files.ts'
import type { SavedRun, SavedRuns } from './runs.ts'

/** A run of a script that was recorded. */
export interface Recording {
  readonly fixture: FixtureCase
  /** The calls as they were made. */
  readonly tools: ReadonlySet<string>
}

const MAX_CALLS = 1_000

/** Runs a script for real and keeps what its tools answered. @throws GatewayError where the run fails */
export async function record(
  runs: SavedRuns,
  call: Call,
  run: SavedRun,
  lock: ScriptLock,
): Promise<Recording> {
  const calls: { recorded: RecordedCall | undefined }[] = []
  const around =
    (handler: Handler): Handler =>
    async (made) => {
      const slot: { recorded: RecordedCall | undefined } = { recorded: undefined }
      // In the order in which they were made, whichever is answered first.
      calls.push(slot)
      const { args } = made
      const tool = toolKey(made.tool)
      try {
        const result = await handler(made)
        slot.recorded = { tool, args, result: toRecorded(result) }
        return result
      } catch (thrown) {
        const { code, message } = toGatewayError(thrown)
        slot.recorded = { tool, args, error: { code, message } }
        throw thrown
      }
    }
  const { result, outcome } = await runs.watched(call, run, lock, around)
  if (outcome === undefined || outcome.failure !== undefined || outcome.suspended !== undefined) {
    const [first] = result.content.flatMap(({ text }) => (typeof text === 'string' ? [text] : []))
    throw new GatewayError(
      outcome?.failure?.code ?? 'script_error',
      withoutCode(first ?? 'The run has no end.'),
    )
  }
  const answered = calls.flatMap(({ recorded }) => recorded ?? [])
  if (answered.length > MAX_CALLS)
    throw new GatewayError(
      'script_limit',
      `An example may make ${MAX_CALLS} calls; this one made ${answered.length}.`,
    )
  const { startedAtMs, seed } = outcome.record
  return {
    fixture: {
      input: run.input,
      startedAtMs,
      seed,
      calls: answered,
      ...(outcome.empty === true || outcome.value === undefined ? {} : { value: outcome.value }),
    },
    tools: new Set(answered.map(({ tool }) => tool)),
  }
}

/** `[code] ` in front of a text would stand there twice. */
function withoutCode(text: string): string {
  return text.replace(/^\[[a-z_]+\] /, '')
}

function toRecorded(result: Result): NonNullable<RecordedCall['result']> {
  const { content, structuredContent, isError } = result
  if (replyOf(result) !== undefined)
    throw new GatewayError('script_error', 'A call that answers with a task cannot be recorded.')
  return {
    content,
    ...(structuredContent === undefined ? {} : { structuredContent }),
    ...(isError === undefined ? {} : { isError }),
  }
}

/** Plays a recorded run again without any server. @returns what came out otherwise, a line each */
export async function rehearse(
  runs: SavedRuns,
  call: Call,
  { runnable, manifest }: Pick<SavedScript, 'runnable' | 'manifest'>,
  fixture: FixtureCase,
  lock: ScriptLock,
): Promise<readonly string[]> {
  const left = new Map<string, RecordedCall[]>()
  const keyOf = (tool: string, args: Json): string => `${renamed(tool, lock)} ${canonicalJson(args)}`
  for (const recorded of fixture.calls) {
    const key = keyOf(recorded.tool, recorded.args)
    left.set(key, [...(left.get(key) ?? []), recorded])
  }
  const problems: string[] = []
  const handler: Handler = ({ tool, args }) => {
    const answer = left.get(keyOf(toolKey(tool), args))?.shift()
    if (answer !== undefined) return answerOf(answer)
    const text = JSON.stringify(args)
    const said = `it called ${toolKey(tool)}(${text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text}), which was not recorded`
    problems.push(said)
    return Promise.reject(new GatewayError('replay_diverged', `In the recorded run ${said}.`))
  }
  const { startedAtMs, seed } = fixture
  const start = startedAtMs === undefined || seed === undefined ? undefined : { startedAtMs, seed }
  const run = { runnable, input: fixture.input, uses: manifest.uses, isDryRun: false }
  const { outcome } = await runs.staged(call, run, lock, handler, start)
  if (outcome?.failure !== undefined) {
    const { code: why, message, line } = outcome.failure
    problems.push(`[${why}] ${message}${line === undefined ? '' : ` at line ${line}`}`)
  } else if (canonicalJson(outcome?.value) !== canonicalJson(fixture.value)) {
    problems.push(`it returned ${shown(outcome?.value)} and not ${shown(fixture.value)}`)
  }
  const unmade = [...left.values()].flat()
  if (unmade.length > 0 && outcome?.failure === undefined)
    problems.push(`it did not call ${[...new Set(unmade.map(({ tool }) => tool))].join(', ')} as recorded`)
  return problems.slice(0, MAX_PROBLEMS)
}

const MAX_SHOWN = 200
const MAX_PROBLEMS = 5

function renamed(tool: string, { aliases }: ScriptLock): string {
  return Object.hasOwn(aliases, tool) ? (aliases[tool] ?? tool) : tool
}

function answerOf({ result, error }: RecordedCall): Promise<Result> {
  if (result !== undefined) return Promise.resolve(result)
  // A file that somebody wrote by hand may say anything.
  const code =
    error !== undefined && Object.hasOwn(ERRORS, error.code) ? (error.code as ErrorCode) : 'internal'
  return Promise.reject(
    new GatewayError(code, error?.message ?? 'Neither an answer nor an error was recorded.'),
  )
}

function shown(value: Json | undefined): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}
