import { GatewayError } from '../../core/errors.ts'

/** Attempts for one request, the first included. */
const MAX_ATTEMPTS = 5
const FIRST_PAUSE_MS = 1_000
const MAX_PAUSE_MS = 30_000
/** An endpoint that asks for more than this is not waited for. */
const MAX_RETRY_AFTER_MS = 120_000

/** An attempt that failed in a way that may pass. */
export interface Passing {
  readonly error: GatewayError
  /** What the endpoint asks to be waited for. */
  readonly retryAfterMs?: number
}

export interface AttemptParts {
  readonly random: () => number
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
}

/**
 * Makes attempts until one does not fail in a passing way. The pause between two doubles from one second to 30, and its upper half is
 * random; where the endpoint says how long it wants to be left alone, it is left alone for so long.
 *
 * @throws GatewayError of the last attempt, where all failed or the endpoint asks for more than two minutes
 */
export async function attempt<Value extends object>(
  once: () => Promise<Value | Passing>,
  { random, pause }: AttemptParts,
  signal: AbortSignal,
): Promise<Value> {
  for (let failures = 1; ; failures++) {
    const given = await once()
    if (!isPassing(given)) return given
    const { error, retryAfterMs } = given
    if (failures >= MAX_ATTEMPTS || (retryAfterMs ?? 0) > MAX_RETRY_AFTER_MS) throw error
    await pause(Math.max(retryAfterMs ?? 0, pauseMs(failures, random())), signal)
  }
}

/** `Retry-After` of a response: seconds or a date (RFC 9110, 10.2.3), or milliseconds in the header that some providers add. */
export function readRetryAfterMs(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  nowMs: number,
): number | undefined {
  const exact = Number(headers['retry-after-ms'] ?? Number.NaN)
  if (Number.isFinite(exact) && exact >= 0) return exact
  const text = headers['retry-after']
  if (typeof text !== 'string') return undefined
  if (/^\s*\d+(\.\d+)?\s*$/.test(text)) return Number(text) * 1_000
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}

function pauseMs(failures: number, random: number): number {
  const ceiling = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1))
  return ceiling * (0.5 + random / 2)
}

function isPassing(given: object): given is Passing {
  return 'error' in given && given.error instanceof GatewayError
}
