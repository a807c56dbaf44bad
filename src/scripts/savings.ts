import type { Clock } from '../core/ports.ts'
import type { SavingsLedger } from '../core/store.ts'
import type { TokenCounter } from '../tokens/counter.ts'
import {
  countReceipts,
  estimateReceipt,
  sizeOf,
  toSavings,
  type Receipt,
  type ReceiptInput,
} from './receipt.ts'

/** Counts what runs saved, a while after they have ended. */
export interface Savings {
  readonly add: (run: ReceiptInput, principal: string) => void
  /** Counts what is left. */
  readonly close: () => Promise<void>
}

export interface SavingsParts {
  readonly counter: TokenCounter
  readonly ledger: SavingsLedger
  readonly clock: Clock
  /** Tokens of a text in linear time. */
  readonly estimate: (text: string) => number
  /** Told of each receipt that has been counted. */
  readonly onCounted: (receipt: Receipt) => void
}

/** Runs are counted together: what crosses to another thread costs most for the first byte. */
const DELAY_MS = 250
/** Characters that are counted in one go. */
const BATCH_CHARS = 1_000_000
/** Characters that wait at the most; of a run that finds no room the estimate is taken. */
const MAX_WAITING_CHARS = 16_000_000

/** Begins with nothing to count. Nobody waits for a count: an answer carries the estimate. */
export function createSavings({ counter, ledger, clock, estimate, onCounted }: SavingsParts): Savings {
  let waiting: { readonly run: ReceiptInput; readonly principal: string }[] = []
  let waitingChars = 0
  let timer: NodeJS.Timeout | undefined
  let counting = Promise.resolve()

  const enter = (receipt: Receipt, principal: string): void => {
    // The store writes it before it closes; nobody waits for it here.
    void ledger.add(toSavings(receipt, clock.nowMs(), principal))
    onCounted(receipt)
  }
  const count = async (batch: typeof waiting): Promise<void> => {
    const receipts = await countReceipts(
      batch.map(({ run }) => run),
      counter,
    )
    receipts.forEach((receipt, index) => enter(receipt, batch[index]?.principal ?? ''))
  }
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    const all = waiting
    waiting = []
    waitingChars = 0
    for (let from = 0; from < all.length;) {
      let to = from
      for (let chars = 0; to < all.length && (to === from || chars < BATCH_CHARS); to++) {
        chars += sizeOf((all[to] as (typeof all)[number]).run)
      }
      const batch = all.slice(from, to)
      counting = counting.then(() => count(batch))
      from = to
    }
  }

  return {
    add(run, principal) {
      const chars = sizeOf(run)
      if (waitingChars + chars > MAX_WAITING_CHARS) return enter(estimateReceipt(run, estimate), principal)
      waitingChars += chars
      waiting.push({ run, principal })
      timer ??= setTimeout(flush, DELAY_MS).unref()
    },
    async close() {
      flush()
      await counting
    },
  }
}
