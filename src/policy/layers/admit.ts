import { isAboutTask, type Call, type Layer } from '../../core/call.ts'
import { GatewayError } from '../../core/errors.ts'
import type { Standing } from '../../core/identity.ts'
import type { Principal } from '../../core/principal.ts'
import { toolKey, type ToolRef } from '../../core/tool.ts'
import type { Judgement } from '../judge.ts'

/** What the admit layer asks: whether the tool is there and may be used, and what it might have been meant to be. */
export interface Directory {
  /**
   * The verdict; undefined for what is not there. A name that leads to a tool which the caller does not see gets the verdict over that, for the
   * record. @throws GatewayError `key_revoked`
   */
  readonly judge: (call: Call) => Judgement | undefined
  /** @throws GatewayError `key_revoked` */
  readonly standingOf: (principal: Principal) => Standing
  readonly isReadOnly: (tool: ToolRef) => boolean
  /** Names of visible tools that look like the wanted one, as the caller's door spells them. */
  readonly nearest: (call: Call) => readonly string[]
}

/**
 * Refuses calls of tools that the principal may not use. A tool that is forbidden and one that does not exist give the same answer; only
 * one that could be used with other arguments is no secret. What was found out goes into the trail.
 */
export function createAdmitLayer(directory: Directory): Layer {
  return (next) => (call) => {
    const judgement = judge(directory, call)
    const { trail } = call
    if (trail !== undefined) trail.standing = judgement?.standing ?? directory.standingOf(call.principal)
    if (trail !== undefined && judgement !== undefined) {
      trail.verdict = judgement.verdict
      if (judgement.source !== undefined) trail.rule = judgement.source
      trail.isReadOnly = directory.isReadOnly(call.tool)
    }
    if (judgement?.isVisible !== true) throw unknown(call, directory)
    if (judgement.verdict !== 'deny') return next(call)
    const tool = toolKey(call.tool)
    throw new GatewayError('policy_denied', `${tool} may not be used like this.`, { detail: { tool } })
  }
}

/**
 * The verdict over the call. One about a task is allowed where the tool is visible: rules about arguments and approvals were for the call that
 * began it, and the door knows the task as the caller's own.
 */
function judge(directory: Directory, call: Call): Judgement | undefined {
  const judgement = directory.judge(call)
  if (judgement?.isVisible !== true || judgement.verdict === 'allow' || !isAboutTask(call)) return judgement
  const { standing } = judgement
  return { verdict: 'allow', standing, isVisible: true }
}

/** What the caller asked for. A door that found no tool for a name passes the name without a server. */
export function wantedName(tool: ToolRef): string {
  return tool.server === '' ? tool.name : toolKey(tool)
}

/** The one answer to a name that leads to nothing. */
function unknown(call: Call, directory: Directory): GatewayError {
  const { kind, name } = call.tool
  if (kind === 'method')
    return new GatewayError('unknown_method', `There is no method "${name.slice(0, 200)}".`)
  if (kind === 'prompt')
    return new GatewayError('unknown_prompt', `There is no prompt "${name.slice(0, 200)}".`)
  if (kind === 'resource') {
    const uri = name.slice(0, 2_000)
    return new GatewayError('unknown_resource', `There is no resource "${uri}".`, { detail: { uri } })
  }
  const named = wantedName(call.tool).slice(0, 200)
  const nearest = directory.nearest(call)
  const hint = nearest.length === 0 ? '' : ` Nearest: ${nearest.join(', ')}.`
  return new GatewayError('unknown_tool', `There is no tool "${named}".${hint}`, {
    detail: { tool: named, nearest },
  })
}
