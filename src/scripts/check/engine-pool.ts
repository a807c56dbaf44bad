import type { CheckEngine, CheckFiles, EngineAnswer } from './engine.ts'

/** Compilers, started when needed and ended when not. */
export interface EnginePool {
  /**
   * Compiles one script after others that wait. Rejects with a `CheckSkipped` where it has taken too long or the compiler
   * ended.
   */
  readonly check: (files: CheckFiles, limits: CheckLimits) => Promise<EngineAnswer>
  readonly close: () => void
}

export interface CheckLimits {
  /** From now, waiting included. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

export interface PoolOptions {
  readonly start: () => CheckEngine
  /** Ends the last compiler after this time without a check. */
  readonly idleMs: number
}

/** Why a script was not compiled. */
export class CheckSkipped extends Error {
  override readonly name = 'CheckSkipped'
  /** True where the compiler ended by itself. */
  readonly isCrash: boolean

  constructor(message: string, isCrash = false) {
    super(message)
    this.isCrash = isCrash
  }
}

/** A check that others have waited for so long gets company: one hostile script must not hold up the rest. */
const PATIENCE_MS = 250
const MAX_ENGINES = 3
const MAX_WAITING = 256

interface Ticket {
  give: (engine: CheckEngine) => void
  given?: CheckEngine
}

/** Makes the pool. A compiler that exceeds its time is ended with the script; the next check starts another. */
export function createEnginePool({ start, idleMs }: PoolOptions): EnginePool {
  const engines = new Map<CheckEngine, 'idle' | 'busy'>()
  const waiting: Ticket[] = []
  let isClosed = false
  let idleTimer: NodeJS.Timeout | undefined

  const end = (engine: CheckEngine): void => {
    engines.delete(engine)
    engine.kill()
  }
  const startEngine = (): CheckEngine => {
    const engine = start()
    engines.set(engine, 'busy')
    engine.onEnd(() => {
      engines.delete(engine)
      serveNext()
    })
    return engine
  }
  /** Gives whoever waits longest an idle engine, or a new one where none is left at all. */
  const serveNext = (): void => {
    while (waiting.length > 0) {
      const idle = [...engines].find(([, state]) => state === 'idle')?.[0]
      if (idle === undefined && engines.size > 0) return
      const next = waiting.shift()
      if (next === undefined) return
      if (idle !== undefined) engines.set(idle, 'busy')
      next.give(idle ?? startEngine())
    }
  }
  const release = (engine: CheckEngine): void => {
    if (!engines.has(engine)) return
    engines.set(engine, 'idle')
    if (isClosed || engine.isWorn()) end(engine)
    serveNext()
    // Company that was called for a slow check leaves when that is over.
    const idle = [...engines].filter(([, state]) => state === 'idle')
    for (const [surplus] of idle.slice(1)) end(surplus)
    clearTimeout(idleTimer)
    idleTimer = setTimeout(() => {
      for (const [other, state] of engines) if (state === 'idle') end(other)
    }, idleMs).unref()
  }
  const acquire = (stopped: Promise<never>): Promise<CheckEngine> => {
    if (waiting.length >= MAX_WAITING) return Promise.reject(new CheckSkipped('too many scripts wait for it'))
    const ticket: Ticket = { give: () => {} }
    const given = new Promise<CheckEngine>((resolve) => {
      ticket.give = (engine) => {
        ticket.given = engine
        resolve(engine)
      }
    })
    waiting.push(ticket)
    serveNext()
    const patience = setTimeout(() => {
      const index = waiting.indexOf(ticket)
      if (index < 0 || engines.size >= MAX_ENGINES || isClosed) return
      waiting.splice(index, 1)
      ticket.give(startEngine())
    }, PATIENCE_MS)
    return Promise.race([given, stopped])
      .catch((error: unknown) => {
        // It may have been given one in the moment in which it gave up.
        if (ticket.given !== undefined) release(ticket.given)
        throw error
      })
      .finally(() => {
        clearTimeout(patience)
        const index = waiting.indexOf(ticket)
        if (index >= 0) waiting.splice(index, 1)
      })
  }

  const check = async (files: CheckFiles, { timeoutMs, signal }: CheckLimits): Promise<EngineAnswer> => {
    if (isClosed) throw new CheckSkipped('the gateway is ending')
    let timer: NodeJS.Timeout | undefined
    let abort = (): void => {}
    const stopped = new Promise<never>((_, reject) => {
      abort = () => reject(new CheckSkipped('it was cancelled'))
      timer = setTimeout(() => reject(new CheckSkipped('it took too long')), timeoutMs)
      if (signal?.aborted === true) abort()
      else signal?.addEventListener('abort', abort, { once: true })
    })
    // It has more than one listener, or none.
    stopped.catch(() => {})
    let engine: CheckEngine | undefined
    try {
      engine = await acquire(stopped)
      const compiled = engine.check(files).catch(() => {
        throw new CheckSkipped('the compiler ended', true)
      })
      const answer = await Promise.race([compiled, stopped])
      release(engine)
      return answer
    } catch (error) {
      if (engine !== undefined) end(engine)
      serveNext()
      throw error
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  }

  return {
    check,
    close: () => {
      isClosed = true
      clearTimeout(idleTimer)
      for (const engine of engines.keys()) end(engine)
    },
  }
}
