import type { AnswerParts } from '../answer.ts'
import { newcomer } from '../client-view.ts'
import { serveLegacy } from './connection.ts'
import { createSseEndpoint, type SseEndpoint } from './sse-endpoint.ts'

export interface SseDoorParts extends Omit<AnswerParts, 'door'> {
  /** Where the endpoint stands, without the `/sse`. */
  readonly path: string
  readonly maxBodyBytes: number
  readonly onError: (error: Error) => void
}

/** Serves a handler as MCP over the older HTTP+SSE: each event stream is a connection of the principal that opened it. */
export function createSseDoor(parts: SseDoorParts): SseEndpoint {
  const { path, newId, maxBodyBytes, onError } = parts
  return createSseEndpoint({
    path,
    newId,
    maxBodyBytes,
    onError,
    connect: async (transport, principal, wish) => {
      serveLegacy({ ...parts, door: 'mcp' }, transport, principal, newId(), newcomer(wish))
      await transport.start()
    },
  })
}
