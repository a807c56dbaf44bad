import { inherit } from './lineage.ts'
import { primordials } from './primordials.ts'

/**
 * The promise that a binding returns. It knows whether anybody waits for it, so that a forgotten `await` can be
 * reported: `await` and the combinators call `then` on a subclass, which they do not on a plain promise.
 */
export class CallPromise extends Promise<unknown> {
  awaited = false

  // Derived promises are plain ones: only the binding's own promise is watched.
  static override get [Symbol.species](): PromiseConstructor {
    return primordials.Promise
  }

  override then<A = unknown, B = never>(
    onFulfilled?: ((value: unknown) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.awaited = true
    return primordials.promiseThen(
      this,
      inherit(onFulfilled) as never,
      inherit(onRejected) as never,
    ) as Promise<A | B>
  }
}

// A script reaches the class through a promise; what it changes there must not change the bridge.
void primordials.freeze(CallPromise)
void primordials.freeze(CallPromise.prototype)
