import type { RunLimits } from '../../core/run.ts'

/** The calls of one run, counted once more outside of its cell. */
export interface CallCounts {
  /** Counts a call; false where it is more than a run may make, which an honest cell does not let through. */
  readonly count: (name: string, argumentsText: string) => boolean
  readonly calls: () => number
  readonly argumentBytes: () => number
  /** Calls by `server.tool`; the first 100 names. */
  readonly byTool: () => Readonly<Record<string, number>>
}

/** Names that are reported; a script may make up as many as it may make calls. */
const MAX_NAMES = 100

/** Starts counting. */
export function createCallCounts({ calls, callsPerTool, argumentBytes }: RunLimits): CallCounts {
  const byTool = new Map<string, number>()
  let made = 0
  let bytes = 0
  return {
    count(name, argumentsText) {
      const ofTool = (byTool.get(name) ?? 0) + 1
      byTool.set(name, ofTool)
      made += 1
      bytes += argumentsText.length
      return made <= calls && ofTool <= callsPerTool && bytes <= argumentBytes
    },
    calls: () => made,
    argumentBytes: () => bytes,
    byTool: () => Object.fromEntries([...byTool].slice(0, MAX_NAMES)),
  }
}
