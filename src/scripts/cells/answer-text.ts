import type { ErrorCode } from '../../core/error-table.ts'
import type { Json } from '../../core/json.ts'
import type { ScriptCallOutcome } from '../../core/run.ts'

/** An answer as it crosses to the guest: a value, or what the ToolError carries. */
export interface AnswerText {
  readonly ok: boolean
  /** JSON. */
  readonly text: string
  /** Bytes of the text in UTF-8. */
  readonly bytes: number
}

/**
 * Writes an answer, or says why it cannot be handed on. Never throws: what a tool gave may be nested too deeply for
 * JSON.stringify (test/attack/deep-results.test.ts). Counts before it crosses: answers that leave together share a frame.
 */
export function toAnswerText(
  outcome: Exclude<ScriptCallOutcome, { readonly suspended: true }>,
  leftBytes: number,
): AnswerText {
  let text: string
  try {
    text = JSON.stringify(outcome.ok ? outcome.value : outcome.error)
  } catch {
    return refusal('upstream_invalid', 'The result cannot be written as JSON; it may be nested too deeply.')
  }
  const bytes = Buffer.byteLength(text)
  if (bytes <= leftBytes) return { ok: outcome.ok, text, bytes }
  return refusal(
    'script_limit',
    `The result is ${bytes} bytes of JSON; this run can receive ${Math.max(0, leftBytes)} more. Ask the tool for less.`,
  )
}

/** An answer that refuses. */
export function refusal(code: ErrorCode, message: string): AnswerText {
  const text = JSON.stringify({ code, message, retryable: false })
  return { ok: false, text, bytes: Buffer.byteLength(text) }
}

/** Reads a text that a cell sent; undefined where it is no JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
