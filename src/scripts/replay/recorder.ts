import type { RecordedAnswer, RunRecord, RunTurn } from '../../core/run.ts'

/** Writes down what a script is given. */
export interface Recorder {
  readonly startedAtMs: number
  readonly seed: number
  /** Takes note of a turn that the script is given, and says what its clock shows then. It never goes back. */
  readonly turn: (answers: readonly RecordedAnswer[], atMs: number) => number
  /** The record, with answers that had come and had not been given yet. */
  readonly record: (pending: readonly RecordedAnswer[], atMs: number) => RunRecord
}

/**
 * Begins a record.
 *
 * @param start of an earlier leg the same: clock and seed are those of the whole run
 */
export function createRecorder({ startedAtMs, seed }: Pick<RunRecord, 'startedAtMs' | 'seed'>): Recorder {
  const turns: RunTurn[] = []
  let lastMs = startedAtMs
  const toTurn = (answers: readonly RecordedAnswer[], atMs: number): RunTurn => ({
    atMs: Math.max(lastMs, Math.floor(atMs)),
    answers,
  })
  return {
    startedAtMs,
    seed,
    turn(answers, atMs) {
      const turn = toTurn(answers, atMs)
      turns.push(turn)
      lastMs = turn.atMs
      return turn.atMs
    },
    record: (pending, atMs) => ({
      startedAtMs,
      seed,
      turns: pending.length === 0 ? turns : [...turns, toTurn(pending, atMs)],
    }),
  }
}
