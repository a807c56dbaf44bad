import { Bench, type FnOptions } from 'tinybench'

/** Something to be timed. */
export interface Timed {
  readonly name: string
  readonly work: () => unknown
  /** How many times `work` does what is measured. */
  readonly times: number
  readonly hooks?: FnOptions
}

const ROUNDS = 5
const ROUND_MS = 250
const WARM_UP_MS = 400

/**
 * Times each of them in several rounds, all of them in each round, so that a slow moment of the machine meets all.
 *
 * @returns for each name the median of each round, milliseconds for once
 */
export async function timeInRounds(all: readonly Timed[]): Promise<ReadonlyMap<string, readonly number[]>> {
  const medians = new Map<string, number[]>(all.map(({ name }) => [name, []]))
  for (let round = 0; round < ROUNDS; round++) {
    const bench = new Bench({
      iterations: 12,
      time: ROUND_MS,
      warmupIterations: round === 0 ? 30 : 2,
      warmupTime: round === 0 ? WARM_UP_MS : 10,
      throws: true,
    })
    for (const { name, work, times, hooks } of all) bench.add(name, repeat(work, times), hooks)
    await bench.run()
    for (const { name, times } of all) {
      const result = bench.getTask(name)?.result
      if (result === undefined || !('latency' in result))
        throw new Error(`"${name}" was not measured: ${String(result?.state)}`)
      medians.get(name)?.push(result.latency.p50 / times)
    }
  }
  return medians
}

/** Whether it is async is found out by its first answer: what answers at once must not wait in between. */
function repeat(work: () => unknown, times: number): () => unknown {
  if (times === 1) return work
  return () => {
    for (let time = 0; time < times; time++) work()
  }
}
