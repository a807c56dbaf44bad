import type { Mode } from './schema.ts'

/** The server name of Isogate's own tools. */
export const CODE_SERVER = 'code'

/** The tool that calls another one by its name, in mode `search`. */
export const CALL_TOOL = 'call_tool'

const IN_CODE = ['search_tools', 'describe_tools', 'run_script'] as const
const IN_SEARCH = ['search_tools_classic', 'describe_tools_classic', CALL_TOOL] as const

/**
 * Isogate's own tools that can be called where a mode is at work, by their names in rules (`code.NAME`). The pair of mode
 * `search` is listed without its ending. At an endpoint in mode `auto` a client may come to see either list.
 */
export const OWN_TOOLS: Readonly<Record<Mode, readonly string[]>> = {
  auto: [...IN_CODE, ...IN_SEARCH],
  classic: [],
  code: IN_CODE,
  search: IN_SEARCH,
}

/** All of them, of whatever mode. */
export const ALL_OWN_TOOLS: readonly string[] = [...IN_CODE, ...IN_SEARCH]
