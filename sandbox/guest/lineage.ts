import { primordials } from './primordials.ts'

/**
 * Who makes a call: which execution of which async function of the script. `sandbox/cell/script/lineage.ts` inserts calls of these
 * functions into the script, so that `current` is right whenever code of the script runs; code that was not instrumented, and
 * callbacks, act for whoever started them. A call's key is made from that and from its place, so that it does not depend on
 * the order in which answers arrive.
 *
 * An isolate holds one run, so the state of the run is the state of this module.
 */

/** One execution of an async function. Never reachable from a script. */
export interface Activation {
  readonly hashA: number
  readonly hashB: number
  /** How often each place was used: functions by their offset, calls by the negative of theirs. */
  counts: Map<number, number> | undefined
  /** Who goes on when this one waits or ends. */
  back: Activation | undefined
}

const ROOT_A = 0x2545f491
const ROOT_B = 0x1b873593

/** Lines and columns of a place in one number; no script has longer lines within its limit of bytes. */
const COLUMNS = 33_554_432

let root = createActivation(ROOT_A, ROOT_B)
let current: Activation | undefined
let keys = new primordials.Map<string, number>()

/** A place in the script, from 1; 0 where it is not known. */
export interface CallPlace {
  readonly line: number
  readonly column: number
  /** True: as the script was submitted. False: read off a stack, so with what was inserted before it. */
  readonly isWritten: boolean
}

let callPlace: CallPlace | undefined

/** A call of a binding is about to be made; its place was known when the script was compiled. Hands through its arguments. */
export function place(line: number, column: number, args: unknown): unknown {
  callPlace = { line, column, isWritten: true }
  return args
}

/** The place of the call that is being made, if it was announced. */
export function takePlace(): CallPlace | undefined {
  const taken = callPlace
  callPlace = undefined
  return taken
}

/** Begins a run. */
export function resetLineage(): void {
  callPlace = undefined
  root = createActivation(ROOT_A, ROOT_B)
  current = undefined
  keys = new primordials.Map()
}

/** Begins a turn: whatever was left unbalanced ends here. */
export function beginTurn(): void {
  callPlace = undefined
  current = undefined
}

/** An async function begins, which stands at that offset in the script. */
export function enter(offset: number): Activation {
  const caller = current ?? root
  const ordinal = count(caller, offset)
  const made = createActivation(mix(caller.hashA, offset, ordinal), mix(caller.hashB, ordinal, offset))
  made.back = current
  current = made
  return made
}

/** It waits: whoever called it, or nobody, goes on. Hands through what is waited for. */
export function leave(self: Activation, value: unknown): unknown {
  current = self.back
  self.back = undefined
  return value
}

/** It goes on after a wait. Hands through what came. */
export function resume(self: Activation, value: unknown): unknown {
  restore(self)
  return value
}

/** It goes on at a place that is reached with and without a wait: `catch`, `finally`, after a loop. */
export function restore(self: Activation): void {
  if (current === self) return
  self.back = current
  current = self
}

/** It ends. After a wait that threw it was not current again. */
export function exit(self: Activation): void {
  if (current === self) current = self.back
  self.back = undefined
}

/** A callback that acts for whoever has handed it over. */
export function inherit<Callback>(callback: Callback): Callback {
  const self = current
  if (self === undefined || typeof callback !== 'function') return callback
  const inherited = (value: unknown): unknown => {
    const before = current
    current = self
    try {
      return callback(value) as unknown
    } finally {
      current = before
    }
  }
  return inherited as Callback
}

/** The key of a call that is made now. */
export function nextKey({ line, column }: CallPlace): string {
  const caller = current ?? root
  const position = -(line * COLUMNS + column) - 1
  const ordinal = count(caller, position)
  const low = mix(caller.hashA, position, ordinal) >>> 0
  const high = mix(caller.hashB, ordinal, position) & 0x1f_ffff
  const key = primordials.numberToText(high * 4_294_967_296 + low, 36)
  // 53 bits: two calls of one run may meet.
  const twins = primordials.mapGet(keys, key) ?? 0
  primordials.mapSet(keys, key, twins + 1)
  return twins === 0 ? key : `${key}~${twins}`
}

function createActivation(hashA: number, hashB: number): Activation {
  return { hashA, hashB, counts: undefined, back: undefined }
}

function count(caller: Activation, position: number): number {
  caller.counts ??= new primordials.Map()
  const ordinal = primordials.mapGet(caller.counts, position) ?? 0
  primordials.mapSet(caller.counts, position, ordinal + 1)
  return ordinal
}

/** Mixes two numbers into a hash, with the steps of MurmurHash3. A place may have more than 32 bits. */
function mix(hash: number, first: number, second: number): number {
  let mixed = step(hash, first)
  mixed = step(mixed, primordials.floor(first / 4_294_967_296))
  mixed = step(mixed, second)
  mixed = primordials.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = primordials.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}

function step(hash: number, value: number): number {
  let part = primordials.imul(value | 0, 0xcc9e2d51)
  part = primordials.imul((part << 15) | (part >>> 17), 0x1b873593)
  const mixed = hash ^ part
  return (primordials.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0
}
