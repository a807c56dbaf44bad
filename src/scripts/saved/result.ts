import { SCRIPTS_SERVER } from '../../config/schema/scripts.ts'
import { ERRORS } from '../../core/error-table.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { Result } from '../../core/result.ts'
import type { RunOutcome } from '../../core/run.ts'
import type { ArgumentValidator } from '../../policy/arguments.ts'
import { RUN_META } from '../run/report.ts'
import type { RunEnd } from '../run/runner.ts'
import type { SavedScript } from './folder/files.ts'
import { isWrapped } from './spec.ts'

/**
 * What a call of a saved script gives: its value, as a tool of a server would give it. The logs are in `_meta`, because what
 * a caller reads is the value and nothing else.
 */
export function toToolResult(
  script: SavedScript,
  { result, outcome }: RunEnd,
  validator: ArgumentValidator,
): Result {
  const name = `${SCRIPTS_SERVER}.${script.name}`
  if (outcome === undefined) return result
  const meta = metaOf(result, outcome)
  if (outcome.suspended !== undefined) return failed(waitingText(name, outcome), meta)
  if (outcome.failure !== undefined) {
    // The first text says what went wrong, and which calls were made.
    const [first = outcome.failure.message] = textsOf(result)
    return failed(`${name}: ${first}`, meta)
  }
  const { output } = script.manifest
  const value = outcome.value ?? null
  const text: JsonObject = { type: 'text', text: typeof value === 'string' ? value : JSON.stringify(value) }
  const blocks = result.content.filter(({ type }) => type !== 'text')
  if (output === undefined) {
    const nothing: JsonObject = { type: 'text', text: '' }
    return { content: [outcome.empty === true ? nothing : text, ...blocks], _meta: meta }
  }
  const problems = problemsOf(script.name, output, value, validator)
  if (problems.length > 0)
    return failed(
      `[script_error] ${name}: its value does not fit its output schema: ${problems.join('; ')}. ${ERRORS.script_error.remedy}`,
      meta,
    )
  return {
    content: [text, ...blocks],
    structuredContent: isWrapped(output) ? { result: value } : value,
    _meta: meta,
  }
}

/** What of a value does not fit the declared output, in words. */
export function outputProblems(
  { name, manifest: { output } }: SavedScript,
  value: Json | undefined,
  validator: ArgumentValidator,
): readonly string[] {
  return output === undefined ? [] : problemsOf(name, output, value ?? null, validator)
}

/** The validator is made for arguments, and checks whatever the schema is of. */
function problemsOf(name: string, output: JsonObject, value: Json, validator: ArgumentValidator) {
  const spec = { ref: { server: SCRIPTS_SERVER, name }, inputSchema: output, definition: {} }
  return validator.problems(spec, value as JsonObject)
}

/** A saved script is not resumed: whoever calls it again as it was goes on from there. */
function waitingText(name: string, { suspended, usage }: RunOutcome): string {
  const made = Object.entries(usage.callsByTool).map(([tool, count]) => `${tool} (${count})`)
  return [
    `[approval_pending] ${name} waits: ${suspended?.reasons.join('; ') ?? ''}`,
    'When that has been decided, make the same call again: calls that were made are not made again.',
    ...(made.length === 0 ? [] : [`Calls already made, or waiting: ${made.join(', ')}.`]),
  ].join('\n')
}

function metaOf(result: Result, { logs, unawaited }: RunOutcome): JsonObject {
  const told = result._meta?.[RUN_META]
  const { parts: _parts, ...rest } = isJsonObject(told) ? told : {}
  return {
    [RUN_META]: {
      ...rest,
      ...(logs.length === 0 ? {} : { logs: logs.map(({ level, text }) => `${level}: ${text}`) }),
      ...(unawaited.length === 0 ? {} : { unawaited }),
    },
  }
}

function textsOf({ content }: Result): readonly string[] {
  return content.flatMap(({ text }) => (typeof text === 'string' ? [text] : []))
}

function failed(text: string, _meta: JsonObject): Result {
  return { content: [{ type: 'text', text }], isError: true, _meta }
}
