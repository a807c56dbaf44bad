import { type ToolRef, toolKey } from '../../core/tool.ts'

/** Counts change slowly, and reading all of them is work. */
const FRESH_MS = 60_000

/**
 * How often tools were called with success, read at once and then once a minute at most. While they are read, and where they cannot be,
 * the last ones are used: a search neither waits nor fails for them.
 *
 * @param nowMs monotonic, in milliseconds
 */
export function createUsage(
  load: () => Promise<ReadonlyMap<string, number>>,
  nowMs: () => number,
): (ref: ToolRef) => number {
  let counts: ReadonlyMap<string, number> = new Map()
  let readAgainMs = -Infinity
  const read = async (): Promise<void> => {
    readAgainMs = nowMs() + FRESH_MS
    try {
      counts = await load()
    } catch {
      // The counts of before are as good as any.
    }
  }
  void read()
  return (ref) => {
    if (nowMs() >= readAgainMs) void read()
    return counts.get(toolKey(ref)) ?? 0
  }
}
