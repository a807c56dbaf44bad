import { CALL_TOOL, CODE_SERVER } from '../../config/own-tools.ts'
import type { Call } from '../../core/call.ts'
import { describeError, GatewayError, toGatewayError } from '../../core/errors.ts'
import { isJsonObject, type JsonObject } from '../../core/json.ts'
import type { NewId } from '../../core/ports.ts'
import { replyOf, textResult, type Result } from '../../core/result.ts'
import { toolKey, type ToolRef } from '../../core/tool.ts'
import { createBegunTasks } from './begun-tasks.ts'
import type { ScriptHost } from '../host.ts'

/**
 * Makes the answer to `call_tool`: one governed call of the tool that it names, for the same principal and client. What that
 * call gives is given back as it came.
 */
export function createToolCaller(host: () => ScriptHost, newId: NewId): (call: Call) => Promise<Result> {
  const tasks = createBegunTasks()

  /** The tool that a name means; a hidden tool has no name, as at a door. */
  const toolOf = ({ principal, door }: Call, name: string): ToolRef => {
    const { snapshot, isVisible } = host()
    const ref = snapshot().catalog.resolve(name)?.ref
    if (ref === undefined || !isVisible(principal, door, ref)) return { server: '', name }
    if (ref.server === CODE_SERVER) {
      throw new GatewayError('nested_run', `${toolKey(ref)} cannot be called by ${CALL_TOOL}.`)
    }
    return ref
  }
  const pass = (call: Call, tool: ToolRef, args: JsonObject): Promise<Result> =>
    host().handler(Object.freeze({ ...call, id: newId(), parent: call.id, tool, args }))

  return async (call) => {
    // About a task that a call through here began: it is for the server of that call.
    if (call.method !== undefined) {
      const begun = tasks.toolOf(call.principal, call.args['taskId'])
      if (begun === undefined) throw new GatewayError('unknown_task', 'There is no such task.')
      return pass(call, begun, call.args)
    }
    const { name, arguments: args = {} } = call.args
    // The validate layer has seen to both.
    if (typeof name !== 'string' || !isJsonObject(args)) {
      throw new GatewayError('invalid_arguments', `${CALL_TOOL} takes a name and arguments.`)
    }
    const tool = toolOf(call, name)
    try {
      const result = await pass(call, tool, args)
      tasks.remember(call.principal, replyOf(result), tool)
      return result
    } catch (thrown) {
      const error = toGatewayError(thrown)
      if (error.code === 'unknown_tool') return toMistake(error)
      throw error
    }
  }
}

/**
 * A name that leads nowhere is a mistake in the arguments of a tool that is there, so it is answered as one, which a model
 * gets to see; a door would make a protocol error of it. Source: MCP 2025-11-25, server/tools, "Error Handling".
 */
function toMistake(error: GatewayError): Result {
  const { code, detail, entry } = error
  return {
    ...textResult(describeError(error)),
    isError: true,
    _meta: { 'isogate/error': { code, retryable: entry.retryable, detail: { ...detail } as JsonObject } },
  }
}
