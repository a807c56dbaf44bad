import { inherit } from './lineage.ts'
import { primordials } from './primordials.ts'

/**
 * Takes away what ECMAScript offers beyond computing: shared memory, machine code, memory outside the heap limit,
 * and what makes a run unrepeatable behind its back. Runs before any script and before the bridge is reachable.
 */
export function harden(): void {
  const globals = globalThis as unknown as Record<string, unknown>
  // WebAssembly.Memory, SharedArrayBuffer and resizable ArrayBuffers allocate outside the heap limit
  // (test/attack/resizable-array-buffer.test.ts); Atomics.wait blocks a thread of the cell;
  // weak references and finalizers make a run depend on the garbage collector; Temporal, where there is one, has a clock.
  for (const name of [
    'WebAssembly',
    'SharedArrayBuffer',
    'Atomics',
    'WeakRef',
    'FinalizationRegistry',
    'Temporal',
  ]) {
    delete globals[name]
  }
  refuseCodeFromStrings(globals)
  wrapArrayBuffer(globals)
  boundIntl()
  wrapThen()
}

/**
 * Source that appears only at run time has been seen by nobody: not by the check, not by the audit. The four function
 * constructors are reached through their prototypes, so they are replaced there (test/attack/code-from-strings.test.ts).
 */
function refuseCodeFromStrings(globals: Record<string, unknown>): void {
  delete globals['eval']
  const kinds = [function () {}, async function () {}, function* () {}, async function* () {}]
  for (let index = 0; index < kinds.length; index++) {
    const prototype = primordials.getPrototypeOf(kinds[index] as object) as object
    const refuse = function (): never {
      throw new primordials.EvalError('Code cannot be made from strings here.')
    }
    primordials.defineProperty(refuse, 'prototype', { value: prototype, writable: false })
    primordials.defineProperty(prototype, 'constructor', {
      value: refuse,
      writable: false,
      configurable: false,
    })
    if (index === 0)
      primordials.defineProperty(globals, 'Function', { value: refuse, writable: false, configurable: false })
  }
}

/** A callback of `then` acts for the one who has handed it over; `catch`, `finally` and the combinators come by here too. */
function wrapThen(): void {
  const wrapper = function then(this: unknown, onFulfilled?: unknown, onRejected?: unknown): unknown {
    return primordials.promiseThen(
      this as Promise<unknown>,
      inherit(onFulfilled) as undefined,
      inherit(onRejected) as undefined,
    )
  }
  primordials.defineProperty(primordials.Promise.prototype, 'then', {
    value: wrapper,
    writable: true,
    configurable: true,
    enumerable: false,
  })
}

/** An ArrayBuffer that cannot be resizable: the second argument of the constructor is dropped. */
function wrapArrayBuffer(globals: Record<string, unknown>): void {
  const Native = ArrayBuffer
  const wrapper = function ArrayBuffer(this: unknown, length?: number): unknown {
    if (new.target === undefined) throw new primordials.TypeError("Constructor ArrayBuffer requires 'new'")
    return primordials.construct(Native, [length], new.target)
  }
  replaceConstructor(globals, 'ArrayBuffer', Native, wrapper)
}

/** How many Intl formatters a run may make: each holds ICU data outside the heap limit, 1 GB was reached with them. */
const MAX_INTL_OBJECTS = 64

function boundIntl(): void {
  const intl = Intl as unknown as Record<string, unknown>
  let made = 0
  for (const name of primordials.ownKeys(Intl)) {
    const Native = typeof name === 'string' ? intl[name] : undefined
    if (typeof name !== 'string' || typeof Native !== 'function' || Native.prototype === undefined) continue
    const wrapper = function (this: unknown, ...args: unknown[]): unknown {
      made += 1
      if (made > MAX_INTL_OBJECTS) {
        throw new primordials.RangeError(
          `A run can make ${MAX_INTL_OBJECTS} Intl objects; make one and use it again.`,
        )
      }
      return primordials.construct(Native, args, new.target ?? Native)
    }
    replaceConstructor(intl, name, Native, wrapper)
  }
}

type Constructor = (new (...args: never[]) => object) | ((...args: never[]) => unknown)

/** Puts `wrapper` in the place of `Native`, also where instances point back to their constructor. */
export function replaceConstructor(
  holder: Record<string, unknown>,
  name: string,
  Native: { prototype?: unknown },
  wrapper: Constructor,
): void {
  for (const key of primordials.ownKeys(Native)) {
    const descriptor = primordials.getOwnPropertyDescriptor(Native, key)
    if (descriptor !== undefined) primordials.defineProperty(wrapper, key, descriptor)
  }
  primordials.defineProperty(wrapper, 'prototype', { value: Native.prototype, writable: false })
  primordials.defineProperty(Native.prototype as object, 'constructor', {
    value: wrapper,
    writable: true,
    configurable: true,
  })
  primordials.defineProperty(holder, name, { value: wrapper, writable: true, configurable: true })
}
