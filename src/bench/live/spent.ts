import type { ChatUsage } from '../../llm/chat/chat-model.ts'
import type { Pricing } from '../points.ts'

/** Nothing used. */
const NO_USAGE: ChatUsage = { input: 0, cachedInput: 0, cacheWrite: 0, output: 0 }

/** Sum of usages. */
export function sumUsage(usages: readonly ChatUsage[]): ChatUsage {
  return usages.reduce(
    (sum, usage) => ({
      input: sum.input + usage.input,
      cachedInput: sum.cachedInput + usage.cachedInput,
      cacheWrite: sum.cacheWrite + usage.cacheWrite,
      output: sum.output + usage.output,
    }),
    NO_USAGE,
  )
}

/** What was used costs, in dollars: by the provider's own count, also of what came from its cache. */
export function dollarsOf({ input, cachedInput, cacheWrite, output }: ChatUsage, pricing: Pricing): number {
  const plain = input - cachedInput - cacheWrite
  const millionths =
    plain * pricing.input +
    cachedInput * pricing.cacheRead +
    cacheWrite * pricing.cacheWrite +
    output * pricing.output
  return millionths / 1_000_000
}
