import type ivm from 'isolated-vm'

/** A function of the guest. */
type Target = ivm.Reference<(...args: (string | number | boolean | ivm.Dereference<unknown>)[]) => void>

/** Primitives and references: nothing else crosses. */
type Arguments = (string | number | boolean | ivm.Dereference<unknown>)[]

export interface TurnEvents {
  /** Guest code threw: a rejection that the script did not handle, or the end of the isolate. */
  readonly problem: (error: unknown) => void
  /** The guest's turn ran into the time that it was given. */
  readonly timedOut: () => void
  /** The guest has come to rest. What it posted has arrived: posting is synchronous. */
  readonly rest: () => void
}

/** Turns of the guest in its isolate. */
export interface Turns {
  /** Runs guest code. `maxMs` bounds a turn on this thread; the watchdog bounds the others. */
  readonly enter: (target: Target, args: Arguments, maxMs: number) => void
  /** True while a turn is under way. */
  readonly busy: () => boolean
}

/**
 * Lets the guest take turns. A run that has the cell to itself takes them on this thread, which spares two changes of
 * thread for each batch of calls (5 us against 70); while it does, the gateway's watchdog is the one that looks. Runs that
 * share a cell take their turns on threads of their own, so that none holds up another.
 */
export function createTurns(isAlone: () => boolean, events: TurnEvents): Turns {
  let working = 0

  const enterHere = (target: Target, args: Arguments, maxMs: number): void => {
    const timeout = Math.max(1, Math.ceil(maxMs))
    const startedMs = performance.now()
    working += 1
    try {
      target.applySync(undefined, args, { timeout })
    } catch (error) {
      working -= 1
      if (performance.now() - startedMs >= timeout) return events.timedOut()
      events.problem(error)
      return events.rest()
    }
    working -= 1
    events.rest()
  }

  const enterElsewhere = async (target: Target, args: Arguments): Promise<void> => {
    working += 1
    try {
      await target.apply(undefined, args)
    } catch (error) {
      events.problem(error)
    }
    working -= 1
    if (working === 0) events.rest()
  }

  return {
    enter(target, args, maxMs) {
      if (working === 0 && isAlone()) enterHere(target, args, maxMs)
      else void enterElsewhere(target, args)
    },
    busy: () => working > 0,
  }
}
