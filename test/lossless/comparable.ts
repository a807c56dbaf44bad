import type { JsonObject } from '../../src/core/json.ts'
import type { Era } from '../http/raw-request.ts'
import type { List, Lists } from './lists.ts'
import type { RealServer } from './servers.ts'

/**
 * Leaves out the three things in which lists may differ.
 *
 * - `execution` of a tool, towards a client of 2026-07-28: that revision has taken it out of `Tool`, with the tasks that
 *   it was for.
 * - A list of prompts, resources or templates that the server refuses, although it has the capability: it is an empty
 *   list behind a gateway, where the failure of one list costs nothing else. Tools are never refused.
 * - The time, where a server writes the time of its start into its definitions: no two starts are the same then.
 */
export function toComparable(lists: Lists, era: Era, { clock }: Pick<RealServer, 'clock'>): Lists {
  const { tools, prompts, resources, resourceTemplates } = lists
  const kept: Lists = {
    tools: era === 'modern' && typeof tools !== 'string' ? tools.map(withoutExecution) : tools,
    prompts: emptyIfRefused(prompts),
    resources: emptyIfRefused(resources),
    resourceTemplates: emptyIfRefused(resourceTemplates),
  }
  return clock === true ? withoutTime(kept) : kept
}

const withoutExecution = ({ execution: _removed, ...tool }: JsonObject): JsonObject => tool

const emptyIfRefused = (list: List): List =>
  typeof list === 'string' && list.startsWith('refused') ? [] : list

function withoutTime(lists: Lists): Lists {
  return JSON.parse(JSON.stringify(lists).replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')) as Lists
}
