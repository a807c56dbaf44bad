import type { World } from '../world.ts'
import { createCalendar } from './calendar.ts'
import { JOINING_TASKS } from './joining-tasks.ts'
import { createMetrics } from './metrics.ts'
import { createPeople } from './people.ts'
import { PROSE_TASKS } from './prose-tasks.ts'
import { READING_TASKS } from './reading-tasks.ts'
import { WRITING_TASKS } from './writing-tasks.ts'

/** Calendars, the monitoring of services, and the directory of those who work there. */
export const OFFICE_WORLD: World = {
  name: 'office',
  open: () => [createCalendar(), createMetrics(), createPeople()],
  tasks: [...READING_TASKS, ...JOINING_TASKS, ...WRITING_TASKS, ...PROSE_TASKS],
}
