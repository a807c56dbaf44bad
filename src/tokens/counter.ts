import { within } from '../core/within.ts'
import { estimateEach } from './estimate.ts'
import { excerptOf, readLimit, scaleTokens, type Excerpt } from './excerpt.ts'
import { startThread, type Thread } from './thread.ts'

/** How a number of tokens was found: by the tokenizer, or by a guess from the kinds of characters. */
export type CountMethod = 'o200k_base' | 'estimate'

/** The tokens of a text. */
export interface Counted {
  readonly tokens: number
  readonly method: CountMethod
}

/** Counts tokens beside the main thread. */
export interface TokenCounter {
  /**
   * Counts each text. Never rejects: what cannot be counted is estimated. Of each text a million characters are read, and
   * of all together two million; the rest is taken to be like what was read.
   */
  readonly count: (texts: readonly string[]) => Promise<readonly Counted[]>
  /** Waits a little for what is being counted, and ends the thread. What then still waits is estimated. */
  readonly close: () => Promise<void>
}

export interface TokenCounterOptions {
  /** Tokens of a text in linear time, for when counting takes too long, is not possible or has too long a queue. */
  readonly estimate: (text: string) => number
  /** Beyond it a list of texts is estimated and the thread is replaced. Includes the start of the thread. */
  readonly timeLimitMs?: number
  /** The thread takes 100 MB; it is ended when nothing was to be counted for this long. */
  readonly idleMs?: number
  /** How long `close` waits: a short-lived process would otherwise never count exactly. */
  readonly graceMs?: number
  /** Lists that wait; more are estimated. */
  readonly maxQueued?: number
  /** Characters of all lists that wait; more are estimated. */
  readonly maxQueuedChars?: number
  /** The file of the thread. */
  readonly entry?: URL
}

interface Request {
  readonly texts: readonly Excerpt[]
  readonly chars: number
  readonly settle: (counted: readonly Counted[]) => void
}

const MAX_CHARS = 1_000_000
const TOTAL_CHARS = 2_000_000
const ENTRY = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)

/** The thread is started by the first text, and again after it was ended, crashed or took too long. */
export function createTokenCounter({
  estimate,
  timeLimitMs = 10_000,
  idleMs = 60_000,
  graceMs = 2_000,
  maxQueued = 64,
  maxQueuedChars = 16_000_000,
  entry = ENTRY,
}: TokenCounterOptions): TokenCounter {
  const queue: Request[] = []
  let queuedChars = 0
  let working: Promise<void> | undefined
  let isClosed = false
  let isEnded = false
  let thread: Thread | undefined
  let idleTimer: NodeJS.Timeout | undefined

  function estimated(texts: readonly Excerpt[]): readonly Counted[] {
    return estimateEach(texts, estimate).map((tokens) => ({ tokens, method: 'estimate' }))
  }

  /** Counts in the thread. @throws where it ends or takes too long, and then it is gone */
  async function counted(texts: readonly Excerpt[]): Promise<readonly Counted[]> {
    thread ??= startThread(entry)
    const { ask, end } = thread
    // Ending the thread is what rejects the question.
    const limit = setTimeout(() => void end(), timeLimitMs).unref()
    try {
      const counts = await ask(texts.map(({ text }) => text))
      return texts.map((text, index) => ({
        tokens: scaleTokens(counts[index] ?? 0, text),
        method: 'o200k_base',
      }))
    } catch (thrown) {
      thread = undefined
      void end()
      throw thrown
    } finally {
      clearTimeout(limit)
    }
  }

  async function work(): Promise<void> {
    clearTimeout(idleTimer)
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { texts, chars, settle } = next
      queuedChars -= chars
      settle(isEnded ? estimated(texts) : await counted(texts).catch(() => estimated(texts)))
    }
    working = undefined
    idleTimer = setTimeout(() => void endThread(), idleMs).unref()
  }

  async function endThread(): Promise<void> {
    const ended = thread?.end()
    thread = undefined
    await ended
  }

  return {
    count(given) {
      const limit = readLimit(
        given.map(({ length }) => length),
        MAX_CHARS,
        TOTAL_CHARS,
      )
      const texts = given.map((text) => excerptOf([text], limit))
      const chars = texts.reduce((sum, { text }) => sum + text.length, 0)
      const isFull = queue.length >= maxQueued || queuedChars + chars > maxQueuedChars
      if (isClosed || isFull || given.length === 0) return Promise.resolve(estimated(texts))
      const { promise, resolve: settle } = Promise.withResolvers<readonly Counted[]>()
      queue.push({ texts, chars, settle })
      queuedChars += chars
      working ??= work()
      return promise
    },
    async close() {
      isClosed = true
      const counting = working
      if (counting !== undefined) await within(counting, graceMs)
      isEnded = true
      clearTimeout(idleTimer)
      await endThread()
      await counting
    },
  }
}
