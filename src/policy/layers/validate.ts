import type { Layer } from '../../core/call.ts'
import { GatewayError } from '../../core/errors.ts'
import { toolKey, type ToolRef, type ToolSpec } from '../../core/tool.ts'
import type { ArgumentValidator } from '../arguments.ts'

/** Checks the arguments against the input schema of the tool. A schema that cannot be compiled checks nothing; its server will. */
export function createValidateLayer(
  validator: ArgumentValidator,
  specOf: (tool: ToolRef) => ToolSpec | undefined,
): Layer {
  return (next) => (call) => {
    const spec = call.method === undefined ? specOf(call.tool) : undefined
    const problems = spec === undefined ? [] : validator.problems(spec, call.args)
    if (problems.length === 0) return next(call)
    const name = toolKey(call.tool)
    throw new GatewayError('invalid_arguments', `${name}: ${problems.join('; ')}.`, {
      detail: { tool: name, problems },
    })
  }
}
