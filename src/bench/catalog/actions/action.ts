/** Parameters that belong together; `draftPart` (schema/parts.ts) makes them of a resource. */
export type Part =
  | 'id'
  | 'ids'
  | 'other_id'
  | 'query'
  | 'filters'
  | 'values'
  | 'changes'
  | 'record'
  | 'records'
  | 'page'
  | 'sort'
  | 'range'
  | 'options'
  | 'conditions'
  | 'format'
  | 'include'
  | 'reason'
  | 'dry_run'
  | 'when'
  | 'group_by'
  | 'amount'
  | 'context'

/** What a tool does with a resource. */
export interface Action {
  /** Names for it; which one a server takes is a habit of the server. */
  readonly names: readonly string[]
  readonly effect: 'read' | 'write' | 'destroy'
  readonly gives: 'one' | 'many' | 'figure' | 'done'
  /** Without these it cannot be called. */
  readonly needs: readonly Part[]
  readonly takes: readonly Part[]
  /** How common it is. */
  readonly weight: number
  /** First sentences: the first half of them is terse. */
  readonly leads: readonly string[]
}

/** An action, its names in one text. */
export function action(
  names: string,
  [effect, gives, weight]: readonly [Action['effect'], Action['gives'], number],
  needs: readonly Part[],
  takes: readonly Part[],
  leads: readonly string[],
): Action {
  return { names: names.split(' '), effect, gives, needs, takes, weight, leads }
}
