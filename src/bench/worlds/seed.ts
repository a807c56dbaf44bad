/** Made-up data that is the same in every run. */
export interface Seed {
  /** At least `low`, at most `high`. */
  readonly integer: (low: number, high: number) => number
  readonly pick: <Entry>(from: readonly [Entry, ...Entry[]]) => Entry
  readonly chance: (probability: number) => boolean
  /** So many lowercase hexadecimal digits. */
  readonly hex: (digits: number) => string
}

/**
 * A generator of numbers (mulberry32) that begins with a number: small, quick, and good enough to make data up.
 */
export function createSeed(start: number): Seed {
  let state = start >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    integer,
    pick: (from) => from[integer(0, from.length - 1)] ?? from[0],
    chance: (probability) => next() < probability,
    hex: (digits) => Array.from({ length: digits }, () => integer(0, 15).toString(16)).join(''),
  }
}
