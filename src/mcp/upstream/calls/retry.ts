import type { Call } from '../../../core/call.ts'
import type { Clock } from '../../../core/ports.ts'
import type { ToolSpec } from '../../../core/tool.ts'

/** How often a call is made again at most. */
const MAX_RETRIES = 2
/** The longest wait before the first retry, milliseconds; that before the next is four times as long. */
const FIRST_WAIT_MS = 300

/** True where the server says that a second call of the tool changes nothing more than the first. */
export function isRepeatable(tool: ToolSpec | undefined): boolean {
  const { readOnlyHint, idempotentHint } = tool?.annotations ?? {}
  return readOnlyHint === true || idempotentHint === true
}

/**
 * Makes a call again that failed on the way, twice at most, with growing waits of which one half is random. Never
 * where the wait would end after the deadline of the call: then the failure is told while there is time to act on it.
 *
 * @param isWorth Whether a failure is one that may not come again.
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  isWorth: (error: unknown) => boolean,
  { signal, deadline = Infinity }: Pick<Call, 'signal' | 'deadline'>,
  { clock, random }: { readonly clock: Clock; readonly random: () => number },
): Promise<T> {
  for (let retries = 0; ; retries++) {
    try {
      return await attempt()
    } catch (error) {
      if (retries >= MAX_RETRIES || signal.aborted || !isWorth(error)) throw error
      const waitMs = FIRST_WAIT_MS * 4 ** retries * (0.5 + random() / 2)
      if (clock.monotonicMs() + waitMs >= deadline) throw error
      await pause(waitMs, signal)
      if (signal.aborted) throw error
    }
  }
}

/** Ends early where the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms).unref()
    signal.addEventListener('abort', end, { once: true })
  })
}
