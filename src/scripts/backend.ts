import { CALL_TOOL, CODE_SERVER } from '../config/own-tools.ts'
import type { Call } from '../core/call.ts'
import { GatewayError } from '../core/errors.ts'
import type { Backend, NewId } from '../core/ports.ts'
import type { RunLimits, Sandbox } from '../core/run.ts'
import type { Result } from '../core/result.ts'
import type { ToolRef } from '../core/tool.ts'
import { createBindings, type MadeCall } from './bindings.ts'
import { createToolCaller } from './call-tool.ts'
import { describeTools, searchTools } from './discovery.ts'
import { describeToolsClassic, searchToolsClassic } from './discovery-classic.ts'
import type { ScriptHost } from './host.ts'
import { toRunResult } from './report.ts'
import { CODE_TOOLS } from './tools.ts'

/** What only looks: the pair of Code Mode and that of mode `search`. */
const DISCOVERY: Readonly<Record<string, typeof searchTools>> = {
  search_tools: searchTools,
  describe_tools: describeTools,
  search_tools_classic: searchToolsClassic,
  describe_tools_classic: describeToolsClassic,
}

/**
 * The script engine as a backend like any other: its tools are called through the same layers as an upstream's. The
 * host comes late, because the handler that scripts call through contains this backend.
 */
export function createScriptBackend(
  host: () => ScriptHost,
  sandbox: Sandbox,
  limits: RunLimits,
  newId: NewId,
): Backend {
  const run = async (call: Call): Promise<Result> => {
    const { handler, snapshot, isVisible } = host()
    // A string: the validate layer has seen to it.
    const code = call.args['code'] as string
    if (Buffer.byteLength(code) > limits.codeBytes) {
      throw new GatewayError('script_limit', `The script is longer than ${limits.codeBytes} bytes.`)
    }
    const made: MadeCall[] = []
    const outcome = await sandbox.run({
      id: call.id,
      owner: call.principal.id,
      code,
      limits,
      signal: call.signal,
      call: createBindings({
        run: call,
        catalog: snapshot().catalog,
        isVisible: (tool) => isVisible(call.principal, tool),
        handler,
        newId,
        made: (entry) => made.push(entry),
      }),
    })
    return toRunResult(outcome, made)
  }
  const callTool = createToolCaller(host, newId)

  return {
    server: CODE_SERVER,
    status: () => ({ state: 'ready' }),
    tools: () => CODE_TOOLS,
    quarantined: () => [],
    onChange: () => () => {},
    settled: () => Promise.resolve(),
    async call(call) {
      const { snapshot, isVisible } = host()
      // A search or a stub shows the tools of upstreams only: scripts cannot call Isogate's own.
      const visible = (spec: { ref: ToolRef }): boolean =>
        spec.ref.server !== CODE_SERVER && isVisible(call.principal, spec.ref)
      const discover = Object.hasOwn(DISCOVERY, call.tool.name) ? DISCOVERY[call.tool.name] : undefined
      if (discover !== undefined) return discover(snapshot(), visible, call.args)
      if (call.tool.name === CALL_TOOL) return callTool(call)
      return run(call)
    },
    close: () => sandbox.close(),
  }
}
