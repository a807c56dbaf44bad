import { z } from 'zod'

import { isJsonObject, type JsonObject } from '../../core/json.ts'
import { toPlain, type Issue } from '../document/tree.ts'
import { sortIssues, toIssues } from '../issues.ts'
import { parseDocumentText, toConfigError } from '../load.ts'
import { checkTasks } from './check.ts'
import { TASKS_SCHEMA, type Task } from './schema.ts'

/**
 * Reads tasks out of a file in YAML or JSON.
 *
 * @param path is named in errors, and its ending says what it is written in
 * @throws GatewayError `config_invalid`, with all errors and their places
 */
export function readTasks(text: string, path: string): readonly Task[] {
  const { root, issues } = parseDocumentText(text, path)
  if (issues.length > 0) throw tasksError(path, issues)
  const parsed = TASKS_SCHEMA.safeParse(toPlain(root))
  if (!parsed.success) throw tasksError(path, toIssues(parsed.error, root, tasksSchema()))
  const wrong = checkTasks(parsed.data.tasks, root)
  if (wrong.length > 0) throw tasksError(path, sortIssues(wrong))
  return parsed.data.tasks
}

function tasksError(path: string, issues: readonly Issue[]): Error {
  return toConfigError(path, issues, 'the tasks')
}

/** For the nearest known word where one is mistyped. */
function tasksSchema(): JsonObject {
  const schema: unknown = z.toJSONSchema(TASKS_SCHEMA, { io: 'input' })
  return isJsonObject(schema) ? schema : {}
}
