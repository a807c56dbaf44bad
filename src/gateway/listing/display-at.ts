import type { Plan } from '../../config/compile.ts'
import type { Display } from './modes.ts'

/** The endpoint whose mode is not in its name. */
const OPEN_PATH = '/mcp'

/** How one of the fixed endpoints shows the tools in a configuration. */
export function displayAt({ endpoints, mode, autoThresholdTokens, auto }: Plan, path: string): Display {
  const own = endpoints.find((endpoint) => endpoint.path === path)?.mode ?? mode
  return { mode: own, autoThresholdTokens, ...(path === OPEN_PATH ? { auto } : {}) }
}
