import type { ToolSpec } from '../../core/tool.ts'
import { findTakenAway } from './script/absent-names.ts'
import type { CheckProblem, CheckReport, CheckRequest, ScriptChecker } from './check.ts'
import { CheckSkipped, createEnginePool, type EnginePool } from './engine-pool.ts'
import type { CheckFiles, Diagnostic, EngineKind } from './engine.ts'
import { judge, undefinedNames } from './judge.ts'
import { findNamedTools, type NamedTools } from './script/named-tools.ts'
import { nativeEngine } from './native/native-engine.ts'
import { toCheckSource, type CheckSource } from './script/source.ts'
import { toProblems, type Draft } from './problems.ts'
import { createToolTypes, type TypesUsed } from './types/tool-types.ts'
import {
  wordFinding,
  wordPromiseInText,
  wordTakenAway,
  wordUnknownTool,
  type WordingParts,
} from './wording.ts'
import { workerEngine } from './worker/worker-engine.ts'

export interface CheckerOptions {
  /** Told, once for each, when a compiler cannot be used and another takes its place, and when a check fails. */
  readonly onFault?: (reason: string) => void
  readonly monotonicMs?: () => number
  /** Compilers in the order in which they are tried. Default: the native one, then ts-morph. */
  readonly engines?: readonly EngineKind[]
  /** For one check, waiting included. Default 5,000. */
  readonly timeoutMs?: number
  /** Of a compiler; beyond it is ended. Default 384. */
  readonly memoryMb?: number
  /** A compiler that has nothing to do is ended after this time. Default five minutes. */
  readonly idleMs?: number
}

/** A longer script is not checked. */
const MAX_CODE_CHARS = 65_536

const NO_FILES: CheckFiles = { tools: 'declare const input: any\n', script: 'export {}\n' }
const START_TIMEOUT_MS = 30_000

/** Makes the checker. Nothing is started before the first check, or before `warm`. */
export function createScriptChecker({
  onFault = () => {},
  monotonicMs = () => performance.now(),
  engines = [nativeEngine, workerEngine],
  timeoutMs = 5_000,
  memoryMb = 384,
  idleMs = 300_000,
}: CheckerOptions = {}): ScriptChecker {
  const kinds = [...engines]
  const types = createToolTypes()
  let pool: EnginePool | undefined
  let hasAnswered = false

  /** The pool of the first kind of compiler that can be used. */
  const openPool = (): EnginePool => {
    while (pool === undefined) {
      const [kind, ...others] = kinds
      if (kind === undefined) throw new CheckSkipped('there is no compiler here')
      const reason = kind.unusable()
      if (reason === undefined) pool = createEnginePool({ start: () => kind.start({ memoryMb }), idleMs })
      else {
        onFault(`the compiler "${kind.name}" cannot be used (${reason}); next: ${others[0]?.name ?? 'none'}`)
        kinds.shift()
      }
    }
    return pool
  }
  /**
   * Whether a crash means that this kind of compiler does not work here: one that has never answered is asked for nothing
   * first, because a script may be what it crashed of. Then the next kind takes its place.
   */
  const giveUp = async (error: unknown): Promise<boolean> => {
    if (!(error instanceof CheckSkipped) || !error.isCrash || hasAnswered || kinds.length < 2) return false
    try {
      await openPool().check(NO_FILES, { timeoutMs: START_TIMEOUT_MS })
      hasAnswered = true
      return false
    } catch {
      onFault(`the compiler "${kinds[0]?.name}" does not start; next: ${kinds[1]?.name}`)
      kinds.shift()
      pool?.close()
      pool = undefined
      return true
    }
  }

  const compile = async (
    tools: string,
    script: string,
    endMs: number,
    signal: AbortSignal | undefined,
  ): Promise<readonly Diagnostic[]> => {
    const limits = {
      timeoutMs: Math.max(1, Math.ceil(endMs - monotonicMs())),
      ...(signal === undefined ? {} : { signal }),
    }
    try {
      const { isParsed, diagnostics } = await openPool().check({ tools, script }, limits)
      hasAnswered = true
      if (!isParsed) throw new CheckSkipped('it does not parse')
      return diagnostics
    } catch (error) {
      if (await giveUp(error)) return compile(tools, script, endMs, signal)
      throw error
    }
  }

  const findProblems = async (
    request: CheckRequest,
    source: CheckSource,
    named: NamedTools,
    endMs: number,
  ): Promise<Draft[]> => {
    const { catalog, isVisible, soft, inputType = 'any', signal } = request
    const print = (used: TypesUsed) =>
      types.print({ servers: named.servers, used, soft, inputType: used === 'none' ? 'any' : inputType })
    const diagnose = (tools: string) => compile(tools, source.text, endMs, signal)

    const all = print('soft')
    const typed = await diagnose(all.text)
    const drafts = draftWithoutCompiler(request, source, named)
    if (typed.length === 0) return drafts
    const asTypes = undefinedNames(typed).map((name) => `type ${name} = any\n`)
    const bare = await diagnose(print('none').text + asTypes.join(''))
    const findings = judge({ source, calls: named.calls, typed, bare })
    const isSoft = findings.length > 0 && hasSoft(named, soft)
    const declared = isSoft ? await diagnose(print('declared').text) : typed
    const certain = new Set(declared.map(({ start }) => start))
    const parts: WordingParts = { catalog, isVisible, specOf: all.specOf, servers: [...named.servers.keys()] }
    const found = findings.map((finding): Draft => {
      const isCertain = certain.has(finding.diagnostic.start) && finding.kind !== 'comparison'
      return {
        severity: isCertain ? 'error' : 'hint',
        offset: finding.offset,
        word: () => wordFinding(finding, parts),
      }
    })
    return [...drafts, ...found]
  }

  const check = async (request: CheckRequest): Promise<CheckReport> => {
    const startedMs = monotonicMs()
    const report = (problems: readonly CheckProblem[], checkedTools: number): CheckReport => ({
      problems,
      timeMs: monotonicMs() - startedMs,
      checkedTools,
    })
    if (request.code.length > MAX_CODE_CHARS)
      return { ...report([], 0), skipped: `The script is longer than ${MAX_CODE_CHARS} characters.` }
    try {
      const source = toCheckSource(request.code)
      const named = findNamedTools(source.tokens, request.catalog, request.isVisible, source.toolsNames)
      const drafts = await findProblems(request, source, named, startedMs + timeoutMs)
      return report(toProblems(drafts, source.code), named.count)
    } catch (error) {
      if (error instanceof CheckSkipped)
        return { ...report([], 0), skipped: `The script was not checked: ${error.message}.` }
      onFault(`a check failed: ${error instanceof Error ? error.message : 'unknown'}`)
      return { ...report([], 0), skipped: 'The script was not checked: the check failed.' }
    }
  }

  return {
    check,
    warm: async () => {
      try {
        await openPool().check(NO_FILES, { timeoutMs: START_TIMEOUT_MS })
        hasAnswered = true
      } catch {
        // The first check will meet the same and report it.
      }
    },
    close: () => {
      kinds.length = 0
      pool?.close()
      return Promise.resolve()
    },
  }
}

/** What is found without a compiler. */
function draftWithoutCompiler(
  { catalog, isVisible }: CheckRequest,
  { tokens }: CheckSource,
  { unknown, promises }: NamedTools,
): Draft[] {
  return [
    ...unknown.map(({ server, tool, offset }): Draft => {
      return { severity: 'error', offset, word: () => wordUnknownTool(server, tool, { catalog, isVisible }) }
    }),
    ...findTakenAway(tokens).map(({ name, offset }): Draft => {
      return { severity: 'error', offset, word: () => wordTakenAway(name) }
    }),
    ...promises.map(({ name, offset }): Draft => {
      return { severity: 'hint', offset, word: () => wordPromiseInText(name) }
    }),
  ]
}

function hasSoft({ servers }: NamedTools, soft: CheckRequest['soft']): boolean {
  const isLearned = (spec: ToolSpec) => spec.outputSchema === undefined && soft?.(spec.ref) !== undefined
  return soft !== undefined && [...servers.values()].some((tools) => [...tools.values()].some(isLearned))
}
