import type { World } from '../world.ts'
import { createChat } from './chat.ts'
import { PROSE_TASKS } from './prose-tasks.ts'
import { READING_TASKS } from './reading-tasks.ts'
import { createRepo } from './repo.ts'
import { WRITING_TASKS } from './writing-tasks.ts'

/** A repository with its issues, pull requests and deployments, and the channels of those who work on it. */
export const CODE_WORLD: World = {
  name: 'code',
  open: () => [createRepo(), createChat()],
  tasks: [...READING_TASKS, ...WRITING_TASKS, ...PROSE_TASKS],
}
