import type { Figure } from '../figure.ts'
import { playTasks } from '../tokens/play.ts'
import { toLatencyFigures } from './figures.ts'

/** The figures of `npm run bench -- latency`: the same as `isogate bench latency`. The time of the model is parameters, the rest is measured. */
export async function measureLatency(): Promise<readonly Figure[]> {
  return toLatencyFigures(await playTasks('latency'))
}
