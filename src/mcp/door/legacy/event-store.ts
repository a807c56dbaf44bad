import type { EventStore, JSONRPCMessage } from '@modelcontextprotocol/server'

/** Events that are kept for one session, and their size together, bytes of JSON. */
const MAX_EVENTS = 256
const MAX_BYTES = 1_048_576

interface Kept {
  readonly id: string
  readonly stream: string
  readonly message: JSONRPCMessage
  readonly bytes: number
}

/** Keeps the last events of one session, so that a client whose stream broke off can take it up again. */
export function createEventStore(): EventStore {
  let events: Kept[] = []
  let bytes = 0
  let next = 1
  return {
    storeEvent(stream, message) {
      const kept = { id: `${next++}`, stream, message, bytes: JSON.stringify(message).length }
      events.push(kept)
      bytes += kept.bytes
      let drop = 0
      while (events.length - drop > MAX_EVENTS || (bytes > MAX_BYTES && drop < events.length)) {
        bytes -= events[drop++]?.bytes ?? 0
      }
      if (drop > 0) events = events.slice(drop)
      return Promise.resolve(kept.id)
    },
    getStreamIdForEventId: (id) => Promise.resolve(events.find((event) => event.id === id)?.stream),
    async replayEventsAfter(lastId, { send }) {
      const index = events.findIndex(({ id }) => id === lastId)
      const stream = events[index]?.stream ?? ''
      for (const event of events.slice(index + 1)) {
        // An empty message only gave the stream an id to begin with.
        if (event.stream === stream && 'jsonrpc' in event.message) await send(event.id, event.message)
      }
      return stream
    },
  }
}
