import { hash } from 'node:crypto'

import type { GrantRequest, PlannedEffect } from '../core/approval.ts'
import type { Call } from '../core/call.ts'
import { GatewayError } from '../core/errors.ts'
import { canonicalJson, isDeeperThan, type JsonObject } from '../core/json.ts'
import { toolKey } from '../core/tool.ts'

/** As at the doors: nothing deeper reaches a tool. */
const MAX_LEVELS = 256

/**
 * What a call needs a grant for. The hash is over all that reaches the server: method and parameters that are relayed too, where there are
 * any.
 *
 * @throws GatewayError `invalid_arguments` where the arguments are nested too deeply to be written
 */
export function toGrantRequest(call: Call, binding: string, nowMs: number): GrantRequest {
  const { run } = call
  return {
    owner: call.principal.id,
    ...toEffectKey(call, binding),
    nowMs,
    ...(run === undefined ? {} : { run: { id: run.id, key: run.key, codeHash: run.codeHash } }),
  }
}

/** The call as it stands in a plan. */
export function toPlannedEffect(call: Call, binding: string): PlannedEffect {
  return { ...toEffectKey(call, binding), args: call.args }
}

/** `sha256:…` over the canonical JSON of the arguments, as the audit has it. */
export function hashOfArguments(args: JsonObject): string {
  return `sha256:${hash('sha256', canonicalJson(args), 'hex')}`
}

function toEffectKey(
  { tool: ref, args, method, extra }: Call,
  binding: string,
): { tool: string; hash: string; binding: string } {
  if (isDeeperThan(args, MAX_LEVELS) || isDeeperThan(extra, MAX_LEVELS))
    throw new GatewayError('invalid_arguments', 'The arguments are nested too deeply to be approved.')
  const tool = ref.kind === undefined ? toolKey(ref) : `${ref.kind}:${toolKey(ref)}`
  const text = canonicalJson({ tool, args, binding, method, extra })
  return { tool, hash: hash('sha256', text, 'hex'), binding }
}
