/** Entries of a list that an expression is given, or makes. */
const MAX_ENTRIES = 10_000
/** Entries that an expression goes over while it is worked out, all its loops together: seconds. */
const MAX_STEPS = 5_000_000

/** Bounds how long an expression is worked out. */
export interface Steps {
  /** Before an expression is worked out over such values. @throws Error where one has too long a list */
  readonly begin: (values: unknown) => void
  /**
   * Before something is gone over, which is given back. Once too much was gone over, it refuses everything: `exists` and `all` go on
   * after an error, and must not find anything more to loop over.
   *
   * @throws Error
   */
  readonly count: <T>(value: T) => T
}

/** Makes a counter. One expression is worked out at a time, from its begin to its end. */
export function createSteps(): Steps {
  let left = 0
  return {
    begin(values) {
      left = MAX_STEPS
      refuseLong(values)
    },
    count(value) {
      const size = sizeOf(value)
      if (Array.isArray(value)) refuseEntries(size)
      left -= size
      if (left < 0)
        throw new Error(
          `it goes over more than ${MAX_STEPS.toLocaleString('en')} entries, all loops together`,
        )
      return value
    },
  }
}

function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length
  if (value instanceof Map || value instanceof Set) return value.size
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0
}

function refuseLong(values: unknown): void {
  const open = [values]
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue
    if (Array.isArray(value)) refuseEntries(value.length)
    for (const each of Object.values(value) as readonly unknown[])
      if (typeof each === 'object' && each !== null) open.push(each)
  }
}

function refuseEntries(count: number): void {
  if (count > MAX_ENTRIES)
    throw new Error(
      `a list has ${count.toLocaleString('en')} entries; expressions take ${MAX_ENTRIES.toLocaleString('en')} at the most`,
    )
}
