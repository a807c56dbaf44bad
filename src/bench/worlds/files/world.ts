import type { World } from '../world.ts'
import { createFiles } from './files.ts'
import { createNotes } from './notes.ts'
import { READING_TASKS } from './reading-tasks.ts'
import { WRITING_TASKS } from './writing-tasks.ts'

/** A machine with settings and logs, and the notes of the team that looks after it. */
export const FILES_WORLD: World = {
  name: 'files',
  open: () => [createFiles(), createNotes()],
  tasks: [...READING_TASKS, ...WRITING_TASKS],
}
