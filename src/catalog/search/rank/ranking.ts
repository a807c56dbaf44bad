import type { ToolRef, ToolSpec } from '../../../core/tool.ts'
import { bestOf } from './best.ts'
import { type Board, createBoard } from './board.ts'
import { gistOf } from '../text/document.ts'
import type { Request, Terms } from '../text/request.ts'
import { createScorer, type ScorerParts } from './scorer.ts'
import type { Tokenizer } from '../text/tokenize.ts'

/** Which words find, and do not only add: see Scorer. A clause lifts what stands out in it, so it can be stricter. */
const OPENING = 0.12
const CLAUSE_OPENING = 0.3

/** How much the best match of any clause counts beside the query as a whole. */
const CLAUSE_WEIGHT = 0.6

/** Pseudo-relevance feedback: words of the first few tools that the query does not have. */
const FEEDBACK_TOOLS = 3
const FEEDBACK_TERMS = 5
const FEEDBACK_WEIGHT = 0.15

/** Each further tool of the same name loses this share: thirty servers have a `search`, and a page has room for eight. */
const REPEAT_LOSS = 0.2
/** Only among the first so many the order is looked at again. */
const REPEAT_WINDOW = 200

/** A tool that is used a thousand times gains this share; it settles what is nearly equal. */
const USAGE_BONUS = 0.05
const USAGE_FULL = 1000

/** A document in a ranking. */
export interface Ranked {
  readonly at: number
  readonly score: number
}

/** What a ranking works on. Documents are numbered like `tools`. */
export interface RankingParts extends ScorerParts {
  readonly tools: readonly ToolSpec[]
}

/** Scores requests over one index, one at a time. */
export type Ranking = (request: Request, tokenize: Tokenizer, isAsked: (document: number) => boolean) => Board

/**
 * Makes a ranking. The board that it gives is valid until the next request. What is not asked for takes no part in the feedback, so
 * nothing of it can be guessed.
 */
export function createRanking(parts: RankingParts): Ranking {
  const { tools, index, dictionary } = parts
  const scorer = createScorer(parts)
  const whole = createBoard(index.size)
  const clauseScores = createBoard(index.size)
  const bestClause = createBoard(index.size)

  const feedbackOf = (terms: Terms, tokenize: Tokenizer, isAsked: (document: number) => boolean): Terms => {
    const best = bestOf(whole.touched(), whole.values, FEEDBACK_TOOLS, isAsked)
    const weights = new Map<string, number>()
    for (const document of best) {
      const spec = tools[document]
      if (spec === undefined) continue
      for (const term of new Set(gistOf(spec, tokenize))) {
        if (terms.has(term)) continue
        const worth = index.rarity[dictionary.find(term) ?? -1] ?? 0
        weights.set(term, (weights.get(term) ?? 0) + (whole.values[document] ?? 0) * worth)
      }
    }
    const chosen = [...weights].sort((a, b) => b[1] - a[1]).slice(0, FEEDBACK_TERMS)
    const heaviest = chosen[0]?.[1] ?? 1
    return new Map(chosen.map(([term, weight]) => [term, (FEEDBACK_WEIGHT * weight) / heaviest]))
  }

  /** A task names several tools, one to a clause: the best of each clause come up, also where the whole speaks of another. */
  const mergeClauses = (clauses: readonly Terms[]): void => {
    bestClause.wipe()
    for (const clause of clauses) {
      scorer.wipe()
      scorer.add(clause, CLAUSE_OPENING)
      scorer.writeTo(clauseScores, clause)
      const top = most(clauseScores)
      for (const document of clauseScores.touched())
        bestClause.raise(document, (clauseScores.values[document] ?? 0) / top)
    }
    const top = most(whole)
    for (const document of whole.touched())
      whole.values[document] =
        (whole.values[document] ?? 0) / top + CLAUSE_WEIGHT * (bestClause.values[document] ?? 0)
  }

  return ({ terms, clauses }, tokenize, isAsked) => {
    scorer.wipe()
    scorer.add(terms, OPENING)
    scorer.writeTo(whole, terms)
    scorer.add(feedbackOf(terms, tokenize, isAsked), Infinity)
    scorer.writeTo(whole, terms)
    if (clauses.length > 0) mergeClauses(clauses)
    return whole
  }
}

/**
 * The best documents with their scores, at least `count` where there are so many. The first of them are varied (see REPEAT_LOSS), and
 * near-ties among them are settled by use; what does not match is not among them, however often it is used.
 */
export function rank(
  tools: readonly ToolSpec[],
  board: Board,
  count: number,
  isAsked: (document: number) => boolean,
  usage: ((ref: ToolRef) => number) | undefined,
): Ranked[] {
  const scores = board.values
  const found = bestOf(board.touched(), scores, Math.max(count, REPEAT_WINDOW), isAsked)
  const seen = new Map<string, number>()
  const varied = found.slice(0, REPEAT_WINDOW).map((at) => {
    const ref = tools[at]?.ref
    const name = lettersOf(ref?.name ?? '')
    const times = name === '' ? 0 : (seen.get(name) ?? 0)
    seen.set(name, times + 1)
    const bonus = ref === undefined || usage === undefined ? 0 : usageBonus(usage(ref))
    return { at, score: (scores[at] ?? 0) * (1 + bonus) * (1 - REPEAT_LOSS) ** times }
  })
  varied.sort((a, b) => b.score - a.score || a.at - b.at)
  return [...varied, ...found.slice(REPEAT_WINDOW).map((at) => ({ at, score: scores[at] ?? 0 }))]
}

function usageBonus(count: number): number {
  return count > 0 ? USAGE_BONUS * Math.min(Math.log1p(count) / Math.log1p(USAGE_FULL), 1) : 0
}

/** `search_2` repeats `search`. */
function lettersOf(name: string): string {
  return name
    .slice(0, 256)
    .toLowerCase()
    .replaceAll(/[^\p{L}]+/gu, '')
}

function most({ values, touched }: Board): number {
  let found = 0
  for (const document of touched()) found = Math.max(found, values[document] ?? 0)
  return found
}
