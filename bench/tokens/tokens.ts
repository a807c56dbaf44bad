import type { Figure } from '../figure.ts'
import { toTokenFigures } from './figures.ts'
import { playTasks } from './play.ts'

/** The figures of `npm run bench -- tokens`: the same as `isogate bench tokens`. Tokens are counted, so there is no noise. */
export async function measureTokens(): Promise<readonly Figure[]> {
  return toTokenFigures(await playTasks('tokens'))
}
