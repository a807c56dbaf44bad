import type { Plan } from '../config/compile.ts'
import type { Json, JsonObject } from '../core/json.ts'
import type { ToolSpec } from '../core/tool.ts'

/** What a client sees of an endpoint before its first call. */
export interface Shown {
  readonly instructions: string
  /** As they come over the wire. */
  readonly tools: readonly JsonObject[]
}

/** What a call gave, as a client hands it to its model. */
export interface Answer {
  readonly text: string
  readonly isError: boolean
  /** The structured content, else the text as JSON where it is, else the text. */
  readonly value: Json
}

/** A client at one endpoint of a gateway. */
export interface StageClient {
  /** The same value each time, for as long as the catalog is. */
  readonly show: () => Promise<Shown>
  readonly call: (name: string, args: JsonObject) => Promise<Answer>
  /** Ends the session: the next call begins another one, as a new conversation does. */
  readonly forget: () => Promise<void>
}

/** A server of the benchmark, in this process: its state is made up, and begins anew for each task. */
export interface MockServer {
  readonly name: string
  /** Definitions as MCP has them. */
  readonly tools: readonly MockTool[]
  readonly reset: () => void
}

export interface MockTool {
  readonly definition: JsonObject & { readonly name: string; readonly inputSchema: JsonObject }
  /** Answers with JSON. @throws MockFailure where the tool fails */
  readonly run: (args: JsonObject) => Json
}

/** A tool's own failure, as its server words it. */
export class MockFailure extends Error {}

/** A gateway with a catalog, and a client for each endpoint. */
export interface Stage {
  /** How many there are in the catalog. */
  readonly tools: number
  readonly classic: StageClient
  readonly search: StageClient
  readonly code: StageClient
  readonly auto: StageClient
  /** The name of a tool, given as `server.tool`, in lists of mode classic and for `call_tool`; undefined where there is no such tool. */
  readonly exposedName: (tool: string) => string | undefined
  /** The same as a script writes it: `tools.server.tool`. */
  readonly scriptPath: (tool: string) => string | undefined
  /** Calls that reached a server since the last reset. */
  readonly calls: () => number
  /** Calls a tool past the gateway. */
  readonly probe: (tool: string, args: JsonObject) => Promise<Answer>
  /** Puts the state of all mock servers back to its beginning, and ends all sessions. */
  readonly reset: () => Promise<void>
  readonly close: () => Promise<void>
}

/** How a gateway spells names of tools. */
export type Spellings = Pick<Stage, 'exposedName' | 'scriptPath'>

/** What stands behind the gateway of a stage. */
export interface StageSetting {
  readonly servers: readonly MockServer[]
  /** Tools that are only listed: the rest of the catalog. */
  readonly fillers: readonly ToolSpec[]
  /** Servers of a configuration, which are really started and called. */
  readonly live?: Plan
  /** Names of servers without which there is nothing to play. */
  readonly needed?: readonly string[]
}

/** @throws GatewayError `upstream_unavailable` where a server that is needed is down */
export type OpenStage = (setting: StageSetting) => Promise<Stage>
