import { createHash } from 'node:crypto'

import type { Catalog } from '../../catalog/catalog.ts'
import type { SoftTypes } from '../../catalog/stubs/soft-type.ts'
import type { ToolSpec } from '../../core/tool.ts'
import type { CheckProblem, CheckReport, ScriptChecker } from '../check/check.ts'

/** What a mistake means: the script is refused, it is run and the mistake told, or nobody looks. */
export type CheckLevel = 'error' | 'warn' | 'off'

/** What a script is checked for. */
export interface GateRequest {
  /** Whoever has the same one sees the same tools. */
  readonly viewer: string
  readonly code: string
  readonly level: CheckLevel
  readonly catalog: Catalog
  readonly isVisible: (spec: ToolSpec) => boolean
  readonly soft: SoftTypes
  /** Changes with what is known of soft types. */
  readonly softVersion: number
  readonly signal: AbortSignal
}

/** What the check says of a script. */
export interface GateReport {
  /** Problems for which it must not run; empty where it may. */
  readonly refusals: readonly CheckProblem[]
  /** What else was found. */
  readonly remarks: readonly CheckProblem[]
  readonly timeMs: number
}

export type CheckGate = (request: GateRequest) => Promise<GateReport>

const NOTHING: GateReport = { refusals: [], remarks: [], timeMs: 0 }
/** Reports that are kept: a script that is sent again for the same tools need not be checked again. */
const MAX_KEPT = 256

/** The check before a run. A script that names no tool is not checked: there is nothing that it could be checked against. */
export function createCheckGate(checker: ScriptChecker): CheckGate {
  const kept = new Map<string, CheckReport>()

  const report = async (request: GateRequest): Promise<CheckReport> => {
    const { viewer, code, catalog, softVersion } = request
    const hash = createHash('sha256').update(code).digest('base64url')
    const key = JSON.stringify([viewer, catalog.revision, softVersion, hash])
    const known = kept.get(key)
    if (known !== undefined) return known
    const { isVisible, soft, signal } = request
    const made = await checker.check({ code, catalog, isVisible, soft, signal })
    // What was skipped may succeed the next time.
    if (made.skipped === undefined) kept.set(key, made)
    const [oldest] = kept.keys()
    if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest)
    return made
  }

  return async (request) => {
    if (request.level === 'off' || !request.code.includes('tools')) return NOTHING
    const { problems, timeMs } = await report(request)
    const errors = problems.filter(({ severity }) => severity === 'error')
    const isRefused = request.level === 'error' && errors.length > 0
    return { refusals: isRefused ? errors : [], remarks: isRefused ? [] : problems, timeMs }
  }
}

/** A problem as one line. */
export function problemLine({ line, text, severity }: CheckProblem): string {
  return `${severity === 'hint' ? 'hint, ' : ''}line ${line}: ${text}`
}
