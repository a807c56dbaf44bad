import type { RecordedAnswer, RunRecord, RunTurn } from '../../core/run.ts'
import type { Divergence } from './divergence.ts'

/** What a call is compared by. */
export type MadeCall = Pick<RecordedAnswer, 'key' | 'call' | 'argumentsHash' | 'line'>

/** How a call that a script makes is answered. */
export type Expected =
  | { readonly from: 'record' }
  | { readonly from: 'world' }
  | { readonly from: 'nowhere'; readonly divergence: Divergence }

/**
 * A replay: the script is given the recorded answers in the recorded turns, and nothing else until the last of them. With the same
 * source, clock and random numbers it then does the same, whatever the order in which answers came to be there.
 */
export interface Replay {
  /** Takes note of a call. */
  readonly expect: (made: MadeCall) => Expected
  /** The next turn, once all of its calls have been made; undefined before that and at the end. */
  readonly next: () => RunTurn | undefined
  /** True when all turns have been given. */
  readonly isOver: () => boolean
  /** What is wrong where the script has come to rest or has ended before that; undefined after it. */
  readonly missing: () => Divergence | undefined
}

interface Entry {
  readonly answer: RecordedAnswer
  readonly turn: number
}

/** Begins a replay. An absent record is one of nothing. */
export function createReplay(record: RunRecord | undefined): Replay {
  const turns = record?.turns ?? []
  const entries = new Map<string, Entry>()
  const missingByTurn = turns.map(({ answers }) => answers.length)
  for (const [turn, { answers }] of turns.entries()) {
    for (const answer of answers) entries.set(answer.key, { answer, turn })
  }
  const made = new Set<string>()
  let given = 0
  /** The last call that is not recorded: where a recorded one is missing, it is what was made instead. */
  let stranger: MadeCall | undefined

  return {
    expect(call) {
      const entry = entries.get(call.key)
      if (entry === undefined || made.has(call.key)) {
        if (given < turns.length) stranger ??= call
        return { from: 'world' }
      }
      const divergence = compare(entry.answer, call)
      if (divergence !== undefined) return { from: 'nowhere', divergence }
      made.add(call.key)
      missingByTurn[entry.turn] = (missingByTurn[entry.turn] ?? 0) - 1
      return { from: 'record' }
    },
    next() {
      const turn = turns[given]
      if (turn === undefined || missingByTurn[given] !== 0) return undefined
      given += 1
      return turn
    },
    isOver: () => given >= turns.length,
    missing() {
      if (given >= turns.length) return undefined
      const absent = turns[given]?.answers.find(({ key }) => !made.has(key))
      const instead = stranger === undefined ? '' : `; instead it called ${stranger.call}${at(stranger.line)}`
      if (absent === undefined) return { message: `It ended before its recorded answers${instead}.` }
      const line = stranger?.line ?? absent.line
      return {
        message: `It did not call ${absent.call}${at(absent.line)}, which is recorded${instead}.`,
        ...(line === undefined ? {} : { line }),
      }
    },
  }
}

function compare(recorded: RecordedAnswer, made: MadeCall): Divergence | undefined {
  const line = made.line === undefined ? {} : { line: made.line }
  if (recorded.call !== made.call) {
    return { message: `It called ${made.call}${at(made.line)} where ${recorded.call} is recorded.`, ...line }
  }
  if (recorded.argumentsHash !== made.argumentsHash) {
    return {
      message: `It called ${made.call}${at(made.line)} with other arguments than are recorded.`,
      ...line,
    }
  }
  return undefined
}

function at(line: number | undefined): string {
  return line === undefined ? '' : ` at line ${line}`
}
