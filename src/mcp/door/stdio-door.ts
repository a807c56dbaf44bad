import { serveStdio } from '@modelcontextprotocol/server/stdio'

import type { Principal } from '../../core/principal.ts'
import { createDoor, type DoorParts } from './door.ts'

/** Serves a handler as MCP over this process's standard input and output, to the one who started it. */
export function serveStdioDoor(
  parts: Omit<DoorParts, 'door' | 'principalOf'> & { readonly onError: (error: Error) => void },
  principal: Principal,
): { readonly close: () => Promise<void> } {
  return serveStdio(createDoor({ ...parts, door: 'stdio', principalOf: () => principal }), {
    onerror: parts.onError,
  })
}
