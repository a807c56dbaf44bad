import { randomUUID } from 'node:crypto'

import { estimateTokens } from './catalog/tokens.ts'
import type { Plan } from './config/compile.ts'
import type { RunApprovals } from './core/approval-desk.ts'
import type { JsonObject } from './core/json.ts'
import type { Backend, Clock } from './core/ports.ts'
import type { RunOutcome, Sandbox } from './core/run.ts'
import type { Store } from './core/store.ts'
import { createScriptBackend } from './scripts/backend.ts'
import { createSandbox } from './scripts/cells/sandbox.ts'
import { createScriptChecker } from './scripts/check/create.ts'
import type { SavedHost } from './scripts/saved/host.ts'
import { createSavedScripts, type SavedScripts } from './scripts/saved/saved-scripts.ts'
import { createSavedScriptsFolder } from './saved-scripts-folder.ts'
import { estimateReceipt, readRun, type EndedRun } from './scripts/receipt.ts'
import type { Learned } from './scripts/run/runner.ts'
import { createSavings } from './scripts/savings.ts'
import type { Log } from './telemetry/log.ts'
import type { Metrics } from './telemetry/metrics.ts'
import { createTokenCounter } from './tokens/counter.ts'

/** What the script engine is built with. */
export interface ScriptEngineParts {
  /** Comes late: the gateway contains the engine. */
  readonly host: () => SavedHost
  readonly plan: Plan
  readonly clock: Clock
  readonly log: Log
  readonly store: Store
  readonly learned: Learned
  readonly metrics?: Metrics
  /** Where plans are put up, and where `run_script` with `approve` decides. Absent: nowhere. */
  readonly approvals?: RunApprovals
  /** The program ends after its work: nothing is kept in reserve. */
  readonly isShortLived?: boolean
  /** Absent: cells of its own. */
  readonly sandbox?: Sandbox
}

/** Room in a frame beside the longest text that it may carry. */
const FRAME_MARGIN_BYTES = 1_048_576

/** The two backends of scripts: those that are submitted, and those that are saved. */
export interface ScriptEngine {
  readonly backends: readonly Backend[]
  readonly saved: SavedScripts
}

/** Puts the script engine together: cells, check, receipts, saved scripts. */
export function createScriptEngine(parts: ScriptEngineParts): ScriptEngine {
  const { plan, clock, log, store, metrics } = parts
  const { limits, ...cells } = plan.sandbox
  const sandbox =
    parts.sandbox ??
    createSandbox({
      ...cells,
      memoryMb: limits.memoryMb,
      maxFrameBytes:
        Math.max(limits.argumentBytes, limits.valueBytes, limits.resultBytes) + FRAME_MARGIN_BYTES,
      clock,
      ...(parts.isShortLived === true ? { isShortLived: true } : {}),
      onCellLost: (pid, errorOutput) =>
        log.warn({ pid, errorOutput: errorOutput.slice(-500) }, 'a cell ended'),
    })
  const checker = createScriptChecker({
    onFault: (reason) => log.warn({ reason }, 'scripts are checked otherwise'),
  })
  const counter = createTokenCounter({ estimate: estimateTokens })
  const savings = createSavings({
    counter,
    ledger: store.savings,
    clock,
    estimate: estimateTokens,
    onCounted: (receipt) => metrics?.saved(receipt),
  })
  const account = (run: EndedRun, principal: string, { failure, suspended }: RunOutcome): JsonObject => {
    metrics?.countRun(failure?.code ?? (suspended === undefined ? 'ok' : 'suspended'))
    const read = readRun(run)
    savings.add(read, principal)
    return { ...estimateReceipt(read, estimateTokens) }
  }
  const closing = new AbortController()
  const scriptParts = {
    ...parts,
    sandbox,
    checker,
    limits,
    isDurable: plan.store.path !== false,
    closing: closing.signal,
    newId: randomUUID,
    account,
  }
  const backend = createScriptBackend(scriptParts)
  const saved = createSavedScripts({
    ...scriptParts,
    files: createSavedScriptsFolder(),
    plan: plan.scripts,
  })
  const close = async (): Promise<void> => {
    closing.abort()
    await Promise.all([backend.close(), savings.close()])
    await counter.close()
  }
  return { backends: [{ ...backend, close }, saved.backend], saved }
}
