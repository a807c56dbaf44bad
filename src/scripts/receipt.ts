import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import type { Result } from '../core/result.ts'
import type { SavingsEntry } from '../core/store.ts'
import type { CountMethod, TokenCounter } from '../tokens/counter.ts'
import { estimateEach } from '../tokens/estimate.ts'
import { excerptOf, readLimit, scaleTokens, type Excerpt } from '../tokens/excerpt.ts'
import { toJsonText } from './run/value/json-text.ts'

/** The name of the rule by which receipts are made. Another rule has another name: sums are never over two. */
const RECEIPT_RULE = 'isogate/receipt-1'

/** A receipt reads this much of each text, and of all texts of a run together; the rest is taken to be like it. */
const MAX_CHARS = 65_536
const TOTAL_CHARS = 1_000_000
/** Calls of one run that are read. */
const READ_CALLS = 128

/** A run that has ended. */
export interface EndedRun {
  readonly code: string
  /** What the model gets of the run. */
  readonly result: Result
  /** Calls that were really made. */
  readonly calls: readonly {
    readonly tool: string
    readonly args: JsonObject
    /** Absent where no answer came. */
    readonly result?: Result
    /** Calls with the same number could have been made in one turn of a model. */
    readonly wave: number
  }[]
}

/** The texts of a run that a model would have read or written: as much of them as a receipt reads. */
export interface ReceiptInput {
  readonly use: Excerpt
  readonly result: Excerpt
  readonly calls: readonly ReadCall[]
}

/** A call of a run; `read` is absent where its cost is that of the others in the mean. */
interface ReadCall {
  readonly wave: number
  readonly read?: { readonly use: Excerpt; readonly result: Excerpt }
}

/**
 * What a run saved, by the rule `isogate/receipt-1`: the calls that the script made are compared with the same calls,
 * made one by one by the model.
 *
 * - A call costs its tool-use block, `{"name":…,"arguments":…}`, and the text of its result, once each. Of a result count
 *   the text blocks and the texts of resources, else the structured content; images and audio count nothing.
 * - The run costs its own tool-use block, with the code, and the text of its result with its logs.
 * - Calls of one wave are one turn, since a model can call tools in parallel. The run is one turn too.
 * - What a model reads again at each further turn is in `rereadTokens` and in no other number: what it costs depends on
 *   its cache. Of that, only the calls and results themselves count, not the conversation before them.
 * - Of a run with more than 128 calls as many are read, spread evenly; the others are taken to cost as much in the mean.
 * - Left out on both sides: definitions of tools, searches and stubs.
 *
 * A run that cost more than it spared has a negative `savedTokens`.
 */
export interface Receipt {
  readonly rule: typeof RECEIPT_RULE
  /** How tokens were counted. */
  readonly method: CountMethod
  readonly calls: number
  /** Turns of the calls one by one, less that of the run. 0 for a run without calls. */
  readonly turnsAvoided: number
  readonly directTokens: number
  readonly usedTokens: number
  /** `directTokens` less `usedTokens`. */
  readonly savedTokens: number
  /** `savedTokens` as a share of `directTokens`, to three places. Absent where there were no calls. */
  readonly ratio?: number
  /** Tokens of calls and results that the turns avoided would have sent once more. */
  readonly rereadTokens: number
}

/** Reads from a run what its receipt needs. Holds nothing else of it. */
export function readRun({ code, result, calls }: EndedRun): ReceiptInput {
  const own = { use: useOf('run_script', { code }), result: textsOf(result) }
  const every = Math.max(1, Math.ceil(calls.length / READ_CALLS))
  const made = calls.map(({ tool, args, result: given, wave }, index) =>
    index % every === 0 ? { wave, read: { use: useOf(tool, args), result: textsOf(given) } } : { wave },
  )
  const parts = [own, ...made.flatMap(({ read }) => (read === undefined ? [] : [read]))]
  const lengths = parts.flatMap(({ use, result: texts }) => [use.length, lengthOf(texts)])
  const limit = readLimit(lengths, MAX_CHARS, TOTAL_CHARS)
  const cut = (of: typeof own) => ({
    use: excerptOf([of.use], limit),
    result: excerptOf(of.result, limit),
  })
  return {
    ...cut(own),
    calls: made.map(({ wave, read }) => (read === undefined ? { wave } : { wave, read: cut(read) })),
  }
}

/** The receipt at once, in bounded time: a few milliseconds at most. `method` is `estimate`. */
export function estimateReceipt(run: ReceiptInput, estimate: (text: string) => number): Receipt {
  return toReceipt(run, estimateEach(excerptsOf(run), estimate), 'estimate')
}

/** The receipts of several runs by the tokenizer. `method` is `estimate` where that could not count one of its texts. Never rejects. */
export async function countReceipts(
  runs: readonly ReceiptInput[],
  { count }: TokenCounter,
): Promise<readonly Receipt[]> {
  const excerpts = runs.map(excerptsOf)
  const counted = await count(excerpts.flat().map(({ text }) => text))
  let from = 0
  return runs.map((run, index) => {
    const own = excerpts[index] ?? []
    const counts = counted.slice(from, from + own.length)
    from += own.length
    const tokens = own.map((excerpt, at) => scaleTokens(counts[at]?.tokens ?? 0, excerpt))
    const isExact = counts.every(({ method }) => method === 'o200k_base')
    return toReceipt(run, tokens, isExact ? 'o200k_base' : 'estimate')
  })
}

/** Characters that are held of a run. */
export function sizeOf(run: ReceiptInput): number {
  return excerptsOf(run).reduce((sum, { text }) => sum + text.length, 0)
}

/** The receipt as the ledger adds it up. */
export function toSavings(receipt: Receipt, atMs: number, principal: string): SavingsEntry {
  const { rule, method, calls, turnsAvoided, directTokens, usedTokens } = receipt
  const sums = { runs: 1, calls, turnsAvoided, directTokens, usedTokens }
  return Object.freeze({ atMs, principal, ...sums, method: `${rule} (${method})` })
}

/** In the order in which `toReceipt` takes their tokens. */
function excerptsOf({ use, result, calls }: ReceiptInput): readonly Excerpt[] {
  return [use, result, ...calls.flatMap(({ read }) => (read === undefined ? [] : [read.use, read.result]))]
}

function toReceipt({ calls }: ReceiptInput, tokens: readonly number[], method: CountMethod): Receipt {
  const tokensOf = (pair: number): number => (tokens[2 * pair] ?? 0) + (tokens[2 * pair + 1] ?? 0)
  const readTokens = tokens.slice(2).reduce((sum, count) => sum + count, 0)
  const meanTokens = readTokens / Math.max(1, tokens.length / 2 - 1)
  const waves = new Map<number, number>()
  let pair = 0
  for (const { wave, read } of calls) {
    const cost = read === undefined ? meanTokens : tokensOf((pair += 1))
    waves.set(wave, (waves.get(wave) ?? 0) + cost)
  }
  const turns = [...waves].toSorted(([a], [b]) => a - b).map(([, sum]) => sum)
  const usedTokens = tokensOf(0)
  const directTokens = Math.round(turns.reduce((sum, turn) => sum + turn, 0))
  const savedTokens = directTokens - usedTokens
  // The first turn is read by all that come after it; its own first reading is in directTokens.
  const rereadTokens = Math.round(
    turns.reduce((sum, turn, index) => sum + turn * (turns.length - 1 - index), 0),
  )
  return Object.freeze({
    rule: RECEIPT_RULE,
    method,
    calls: calls.length,
    turnsAvoided: Math.max(0, turns.length - 1),
    directTokens,
    usedTokens,
    savedTokens,
    ...(directTokens === 0 ? {} : { ratio: Math.round((savedTokens / directTokens) * 1_000) / 1_000 }),
    rereadTokens,
  })
}

function useOf(name: string, args: JsonObject): string {
  return writtenOf({ name, arguments: args })
}

/** What a classic client would have put before its model. */
function textsOf(result: Result | undefined): readonly string[] {
  if (result === undefined) return []
  const texts = result.content.flatMap(({ text, resource }) => {
    const found = isJsonObject(resource) ? resource['text'] : text
    return typeof found === 'string' ? [found] : []
  })
  if (texts.length > 0 || result.structuredContent === undefined) return texts
  return [writtenOf(result.structuredContent)]
}

/** What is nested too deep to be written counts nothing: a receipt must not be why a run fails. */
function writtenOf(value: Json): string {
  return toJsonText(value) ?? ''
}

function lengthOf(parts: readonly string[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0)
}
