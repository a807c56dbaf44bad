import type { Layer } from '../../core/call.ts'
import type { Result } from '../../core/result.ts'
import type { ToolRef } from '../../core/tool.ts'

/**
 * Answers calls that are only simulated, with what the tool might give. They have passed everything that a real call passes
 * up to here; nothing of them reaches an upstream.
 */
export function createSimulateLayer(sampleOf: (tool: ToolRef) => Result): Layer {
  return (next) => (call) => (call.isSimulated === true ? Promise.resolve(sampleOf(call.tool)) : next(call))
}
