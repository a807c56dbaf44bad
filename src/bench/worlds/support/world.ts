import type { World } from '../world.ts'
import { createCrm } from './crm.ts'
import { READING_TASKS } from './reading-tasks.ts'
import { createTickets } from './tickets.ts'
import { WRITING_TASKS } from './writing-tasks.ts'

/** A help desk and the records of its customers. */
export const SUPPORT_WORLD: World = {
  name: 'support',
  open: () => [createTickets(), createCrm()],
  tasks: [...READING_TASKS, ...WRITING_TASKS],
}
