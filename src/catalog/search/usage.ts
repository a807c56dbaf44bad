import { type ToolRef, toolKey } from '../../core/tool.ts'

/** Counts change slowly, and reading all of them is work. */
const FRESH_MS = 60_000

/**
 * How often tools were called with success, read again once a minute at most. Where the counts cannot be read, the last ones are used:
 * a search does not fail for them.
 *
 * @param nowMs monotonic, in milliseconds
 */
export function createUsage(
  load: () => ReadonlyMap<string, number>,
  nowMs: () => number,
): (ref: ToolRef) => number {
  let counts: ReadonlyMap<string, number> = new Map()
  let readAgainMs = -Infinity
  return (ref) => {
    if (nowMs() >= readAgainMs) {
      readAgainMs = nowMs() + FRESH_MS
      try {
        counts = load()
      } catch {
        // The counts of before are as good as any.
      }
    }
    return counts.get(toolKey(ref)) ?? 0
  }
}
