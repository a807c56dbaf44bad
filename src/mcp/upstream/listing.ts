import { isJsonObject } from '../../core/json.ts'
import type { JsonObject } from '../../core/json.ts'
import type { QuarantinedTool, ToolSpec } from '../../core/tool.ts'
import { toToolSpec } from '../map.ts'
import { TransportFault } from '../transports/port.ts'
import type { Exchange } from './exchange.ts'

const MAX_PAGES = 64
const MAX_TOOLS = 10_000
const METHOD_NOT_FOUND = -32601

/** All that an upstream said of its tools. */
export interface Listing {
  readonly tools: readonly ToolSpec[]
  readonly quarantined: readonly QuarantinedTool[]
}

/**
 * Lists the tools of an upstream, all pages. What is wrong with one tool costs only that tool, and a list
 * that never ends is cut at 64 pages or 10,000 tools, with a note among the quarantined.
 *
 * Rejects with a TransportFault where the upstream does not list.
 *
 * @param timeoutMs For all pages together.
 */
export async function listTools(
  server: string,
  exchange: Exchange,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Listing> {
  const timeout = AbortSignal.timeout(timeoutMs)
  const either = AbortSignal.any([timeout, signal])
  const tools = new Map<string, ToolSpec>()
  const quarantined: QuarantinedTool[] = []
  const cursors = new Set<string>()
  let cursor: string | undefined
  let position = 0
  for (let page = 1; ; page++) {
    const answer = await requestPage(exchange, cursor, either).catch((error: unknown) => {
      if (timeout.aborted) throw new TransportFault('timeout', `no list of tools within ${timeoutMs} ms`)
      throw error
    })
    if (answer === undefined) break
    for (const raw of answer.tools) {
      position += 1
      if (tools.size >= MAX_TOOLS) break
      const read = toToolSpec(server, raw, position)
      if ('reason' in read) quarantined.push(read)
      else if (tools.has(read.ref.name)) {
        quarantined.push({
          server,
          name: read.ref.name,
          reason: 'Another tool of this server has the same name.',
        })
      } else tools.set(read.ref.name, read)
    }
    cursor = answer.nextCursor
    if (cursor === undefined) break
    const endless = cursors.has(cursor) || page >= MAX_PAGES || position >= MAX_TOOLS
    if (endless) {
      const reason = `The list does not end: cut after ${page} pages and ${position} tools.`
      quarantined.push({ server, name: `#${position + 1}`, reason })
      break
    }
    cursors.add(cursor)
  }
  return { tools: [...tools.values()], quarantined }
}

interface Page {
  readonly tools: readonly unknown[]
  readonly nextCursor: string | undefined
}

/** Undefined where the server has no tools at all. */
async function requestPage(
  exchange: Exchange,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Page | undefined> {
  let answer: JsonObject
  try {
    answer = await exchange.request('tools/list', cursor === undefined ? {} : { cursor }, { signal })
  } catch (error) {
    if (error instanceof TransportFault && error.rpc?.code === METHOD_NOT_FOUND) return undefined
    throw error
  }
  const { tools, nextCursor } = answer
  if (!isJsonObject(answer) || !Array.isArray(tools)) {
    throw new TransportFault('invalid', 'the answer to tools/list has no list of tools')
  }
  return { tools, nextCursor: typeof nextCursor === 'string' && nextCursor !== '' ? nextCursor : undefined }
}
