import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for work, or for so long; how it ended is nobody's business any more. Never rejects. */
export async function within(longestMs: number, work: () => Promise<unknown>): Promise<void> {
  await Promise.race([work().catch(() => {}), sleep(longestMs, undefined, { ref: false })])
}
