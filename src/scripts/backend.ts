import { CALL_TOOL, CODE_SERVER } from '../config/own-tools.ts'
import type { RunApprovals } from '../core/approval-desk.ts'
import type { Call, Door } from '../core/call.ts'
import { GatewayError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { Backend, Clock, NewId } from '../core/ports.ts'
import type { Result } from '../core/result.ts'
import type { RunLimits, RunOutcome, Sandbox } from '../core/run.ts'
import type { Store } from '../core/store.ts'
import type { ToolRef } from '../core/tool.ts'
import { createToolCaller } from './call-tool/call-tool.ts'
import type { ScriptChecker } from './check/check.ts'
import { describeToolsClassic, searchToolsClassic } from './discovery/classic.ts'
import { describeTools, searchTools } from './discovery/discovery.ts'
import type { ScriptHost } from './host.ts'
import { answerOffer, SCRIPT_OFFER } from './offer.ts'
import { createCheckGate, type CheckLevel } from './run/check-gate.ts'
import type { EndedRun } from './receipt.ts'
import { createRunner, type Learned, type Script } from './run/runner.ts'
import { createSuspendedRuns } from './run/suspended/suspended-runs.ts'
import { CODE_TOOLS } from './tools.ts'

/** What only looks: the pair of Code Mode and that of mode `search`. */
type Discover = (...given: Parameters<typeof searchTools>) => Result | Promise<Result>
const DISCOVERY: Readonly<Record<string, Discover>> = {
  search_tools: searchTools,
  describe_tools: describeTools,
  search_tools_classic: searchToolsClassic,
  describe_tools_classic: describeToolsClassic,
}

/** What the script engine is built with. */
export interface ScriptParts {
  /** Comes late, because the handler that scripts call through contains this backend. */
  readonly host: () => ScriptHost
  readonly sandbox: Sandbox
  readonly checker: ScriptChecker
  readonly learned: Learned
  readonly store: Pick<Store, 'handles' | 'runs' | 'effects'>
  /** Absent: there are no approvals to be decided, and plans need none. */
  readonly approvals?: RunApprovals
  readonly limits: RunLimits
  /** False: what is stored ends with the process, so that nothing is gained by suspending a run before that. */
  readonly isDurable?: boolean
  /** Aborted when the cells end because the gateway ends. */
  readonly closing?: AbortSignal
  readonly clock: Clock
  readonly newId: NewId
  readonly account: (run: EndedRun, principal: string, outcome: RunOutcome) => JsonObject
}

/** The script engine as a backend like any other: its tools are called through the same layers as an upstream's. */
export function createScriptBackend(parts: ScriptParts): Backend {
  const { host, sandbox, checker, clock, newId, store } = parts
  const draining = new AbortController()
  const plan = () => host().configuration().plan
  const runner = createRunner({
    ...parts,
    codeMode: () => plan().codeMode,
    classification: () => plan().classification,
    handles: store.handles,
    check: createCheckGate(checker),
    draining: draining.signal,
  })
  const { limits } = parts
  const { runs: kept, effects } = store
  const runs = createSuspendedRuns({ runner, runs: kept, effects, limits, clock, newId })
  const callTool = createToolCaller(host, newId)

  const decideRun: RunApprovals['decideRun'] = (owner, run, isApproved) => {
    if (parts.approvals !== undefined) return parts.approvals.decideRun(owner, run, isApproved)
    throw new GatewayError('approval_forbidden', 'There are no approvals here.')
  }

  const answer: Readonly<Record<string, (call: Call) => Promise<Result>>> = {
    async run_script(call) {
      const { run, approve } = resumptionOf(call)
      if (run === undefined) return runs.start(call, scriptOf(call, plan().codeMode.check))
      if (approve !== undefined) await decideRun(call.principal.id, run, approve)
      return runs.resume(call, run)
    },
    [CALL_TOOL]: callTool,
  }

  return {
    server: CODE_SERVER,
    status: () => ({ state: 'ready' }),
    tools: () => CODE_TOOLS,
    offer: () => SCRIPT_OFFER,
    quarantined: () => [],
    onChange: () => () => {},
    settled: () => Promise.resolve(),
    async call(call) {
      const { name, kind } = call.tool
      if (kind !== undefined) return answerOffer(call)
      const { snapshot, isVisible } = host()
      // A search or a stub shows the tools of upstreams only: scripts cannot call Isogate's own.
      const visible = (spec: { ref: ToolRef }): boolean =>
        spec.ref.server !== CODE_SERVER && isVisible(call.principal, doorOf(call), spec.ref)
      const discover = Object.hasOwn(DISCOVERY, name) ? DISCOVERY[name] : undefined
      if (discover !== undefined) return discover(snapshot(), visible, call.args, call.signal)
      const run = Object.hasOwn(answer, name) ? answer[name] : undefined
      if (run === undefined) throw new GatewayError('unknown_tool', `There is no tool "${name}".`)
      return run(call)
    },
    drain: () => {
      if (parts.isDurable !== false) draining.abort()
    },
    close: async () => {
      await Promise.all([sandbox.close(), checker.close()])
    },
  }
}

/** What a search in Code Mode shows is for scripts; that of mode `search` is for calls by the client. */
function doorOf({ tool, door }: Call): Door {
  return tool.name.endsWith('_classic') ? door : 'script'
}

/**
 * The run that `run_script` is to go on with. The validate layer has seen to the types.
 *
 * @throws GatewayError `invalid_arguments` where it is not told apart whether a script is to be run or to be gone on with
 */
function resumptionOf({ args }: Call): { readonly run?: string; readonly approve?: boolean } {
  const { code, resume, approve } = args as { code?: string; resume?: string; approve?: boolean }
  const besides = Object.keys(args).filter((name) => name !== 'resume' && name !== 'approve')
  if (code === undefined && resume === undefined)
    throw new GatewayError(
      'invalid_arguments',
      '`code` is missing, or `resume` with the id of a suspended run.',
    )
  if (resume !== undefined && besides.length > 0)
    throw new GatewayError(
      'invalid_arguments',
      `A run is resumed as it was begun: \`${besides[0]}\` does not go with \`resume\`.`,
    )
  if (resume === undefined && approve !== undefined)
    throw new GatewayError('invalid_arguments', '`approve` goes with `resume`.')
  return { ...(resume === undefined ? {} : { run: resume }), ...(approve === undefined ? {} : { approve }) }
}

/** What `run_script` was given. The validate layer has seen to the types. */
function scriptOf({ args }: Call, level: CheckLevel): Script {
  const { code, input, dryRun, check } = args
  return {
    code: code as string,
    ...(input === undefined ? {} : { input }),
    isDryRun: dryRun === true,
    check: (check as CheckLevel | undefined) ?? level,
  }
}
