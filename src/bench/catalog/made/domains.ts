import type { Domain } from './vocabulary.ts'
import { CULTURE } from '../words/culture.ts'
import { HEALTH } from '../words/health.ts'
import { HOUSEHOLD } from '../words/household.ts'
import { INDUSTRY } from '../words/industry.ts'
import { LEARNING } from '../words/learning.ts'
import { LEISURE } from '../words/leisure.ts'
import { MEDIA } from '../words/media.ts'
import { MONEY } from '../words/money.ts'
import { MOVEMENT } from '../words/movement.ts'
import { NATURE } from '../words/nature.ts'
import { PUBLIC } from '../words/public.ts'
import { TECHNOLOGY } from '../words/technology.ts'

/**
 * All fields of work. Support, shops, mail, files, source code, chat, calendars, measurements of systems and directories of people
 * are not among them: the tasks of the benchmark have servers of their own for those.
 */
export const DOMAINS: readonly Domain[] = [
  ...MOVEMENT,
  ...NATURE,
  ...HOUSEHOLD,
  ...CULTURE,
  ...MONEY,
  ...HEALTH,
  ...INDUSTRY,
  ...LEARNING,
  ...MEDIA,
  ...PUBLIC,
  ...LEISURE,
  ...TECHNOLOGY,
]
