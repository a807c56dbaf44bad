import { replaceConstructor } from './harden.ts'
import { primordials } from './primordials.ts'

/**
 * The time and the chance that a script sees. The clock stands still within a turn, and both come from outside, where they are
 * recorded: so a replay sees them again, and nothing can be timed (test/attack/timing.test.ts). An isolate holds one run, so
 * they are the state of this module.
 */
let nowMs = 0
let chance = 0

/** Moves the clock, to milliseconds since the epoch. */
export function setClock(ms: number): void {
  nowMs = ms
}

/** Begins the numbers that `Math.random` gives. */
export function seedRandom(seed: number): void {
  chance = seed | 0
}

/** Puts the clock and the numbers of the run in the place of the engine's own. */
export function replaceClock(): void {
  replaceDate()
  replaceFormatting()
  primordials.defineProperty(Math, 'random', {
    value: function random(): number {
      return (nextBits() * 2_097_152 + (nextBits() >>> 11)) / 9_007_199_254_740_992
    },
    writable: true,
    configurable: true,
    enumerable: false,
  })
}

function replaceDate(): void {
  const Native = Date
  const toText = primordials.getOwnPropertyDescriptor(Native.prototype, 'toString')?.value as () => string
  const wrapper = function (this: unknown, ...args: unknown[]): unknown {
    if (new.target === undefined) return primordials.apply(toText, new Native(nowMs), [])
    return primordials.construct(Native, args.length === 0 ? [nowMs] : args, new.target)
  }
  replaceConstructor(globalThis, 'Date', Native, wrapper)
  primordials.defineProperty(wrapper, 'now', {
    value: function now(): number {
      return nowMs
    },
    writable: true,
    configurable: true,
    enumerable: false,
  })
}

/** Without a date, these format the present. */
function replaceFormatting(): void {
  const prototype = Intl.DateTimeFormat.prototype
  const native = primordials.getOwnPropertyDescriptor(prototype, 'formatToParts')?.value as () => unknown
  const getFormat = primordials.getOwnPropertyDescriptor(prototype, 'format')?.get
  if (getFormat === undefined) return
  primordials.defineProperty(prototype, 'format', {
    get(this: unknown) {
      const format = primordials.apply(getFormat, this, []) as (date: unknown) => string
      return (date?: unknown): string => format(date === undefined ? nowMs : date)
    },
    configurable: true,
    enumerable: false,
  })
  primordials.defineProperty(prototype, 'formatToParts', {
    value: function formatToParts(this: unknown, date?: unknown): unknown {
      return primordials.apply(native, this, [date === undefined ? nowMs : date])
    },
    writable: true,
    configurable: true,
    enumerable: false,
  })
}

/** 32 bits of the generator mulberry32. */
function nextBits(): number {
  chance = (chance + 0x6d2b79f5) | 0
  let bits = primordials.imul(chance ^ (chance >>> 15), chance | 1)
  bits ^= bits + primordials.imul(bits ^ (bits >>> 7), bits | 61)
  return (bits ^ (bits >>> 14)) >>> 0
}
