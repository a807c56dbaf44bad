import type { Catalog } from '../../catalog/catalog.ts'
import type { SoftTypes } from '../../catalog/stubs/soft-type.ts'
import type { ToolSpec } from '../../core/tool.ts'

/** What a check is given. */
export interface CheckRequest {
  /** As it was submitted, fences and all. */
  readonly code: string
  readonly catalog: Catalog
  /** Names of tools for which this is false never appear in a report. */
  readonly isVisible: (spec: ToolSpec) => boolean
  /** Learned result types: what does not fit them is a hint. */
  readonly soft?: SoftTypes
  /** TypeScript of the value that the script finds as `input`. Default `any`. */
  readonly inputType?: string
  readonly signal?: AbortSignal
}

/** One thing that would go wrong when the script runs. */
export interface CheckProblem {
  /** An error follows from what servers declare, a hint from what was only seen so far. */
  readonly severity: 'error' | 'hint'
  /** Of the submitted text, from 1. */
  readonly line: number
  /** From 1. */
  readonly column?: number
  /** One line: what is wrong, the expected signature or type, the nearest name. */
  readonly text: string
}

/** What a check gives. */
export interface CheckReport {
  /** By place; at most ten, the last of which says how many more there are. */
  readonly problems: readonly CheckProblem[]
  readonly timeMs: number
  /** Tools whose types were loaded. */
  readonly checkedTools: number
  /** Why nothing was checked. Absent where the script was checked. */
  readonly skipped?: string
}

/** Checks scripts against the types of the tools that they name. */
export interface ScriptChecker {
  /** Never rejects: what cannot be checked is reported as skipped. */
  readonly check: (request: CheckRequest) => Promise<CheckReport>
  /** Starts the compiler, so that the first check finds it running. Never rejects. */
  readonly warm: () => Promise<void>
  readonly close: () => Promise<void>
}
