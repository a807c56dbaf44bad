import type { Call } from '../../core/call.ts'
import { canBeAsked } from '../../core/client.ts'
import type { CallClient } from '../../core/client.ts'
import { GatewayError } from '../../core/errors.ts'
import type { Backend, BackendStatus } from '../../core/ports.ts'
import { replyResult } from '../../core/result.ts'
import type { Result } from '../../core/result.ts'
import { createRedactor } from '../../secrets/redactor.ts'
import { toUpstreamError } from '../map.ts'
import { isMarked } from '../param-headers.ts'
import { TransportFault } from '../transports/port.ts'
import { STDERR_BYTES, createTail } from '../transports/stdio/tail.ts'
import { BREAKER_LIMITS, createBreaker } from './calls/breaker.ts'
import type { Verdict } from './calls/breaker.ts'
import type { Connection } from './wire/connection.ts'
import { createLeases } from './calls/leases.ts'
import { createLink } from './link/link.ts'
import { describeOpen, isOutage } from './wire/outage.ts'
import type { UpstreamDeps, UpstreamPlan } from '../plan.ts'
import { withBound } from './calls/questions.ts'
import { isRepeatable, withRetries } from './calls/retry.ts'
import { sendCall } from './calls/sending.ts'
import { createSubscriptions, uriOf } from './lists/subscriptions.ts'

/** Methods that change nothing. */
const READING: readonly string[] = ['prompts/get', 'resources/read', 'completion/complete']

/**
 * Makes a backend of an MCP server. Connecting begins at once, in the background, and is repeated for as
 * long as the backend is open; nothing here waits for a server that does not answer, but its own calls.
 *
 * `call` rejects with a GatewayError: `upstream_unavailable`, `upstream_failed`, `upstream_closed`,
 * `upstream_invalid`, `upstream_too_large`, `call_cancelled`, or the error that the call's signal was
 * aborted with.
 */
export function createUpstream(plan: UpstreamPlan, deps: UpstreamDeps): Backend {
  const server = plan.name
  const { clock, random = Math.random } = deps
  const redactor = createRedactor([plan])
  const stderr = createTail(STDERR_BYTES)
  const subscriptions = createSubscriptions()
  const link = createLink(plan, deps, redactor, stderr, subscriptions.resume)
  const leases = createLeases(server, link.openFor, link.retirement)
  const breaker = createBreaker(deps.breaker ?? BREAKER_LIMITS, clock)
  let wasDown = false
  link.board.onChange(() => {
    const { state } = link.board.status()
    // It can be connected to again. That it can be called as well, the next call has to show.
    if (wasDown && state === 'ready') breaker.ease()
    wasDown = state === 'down'
  })

  async function call(given: Call): Promise<Result> {
    const { signal, client } = given
    if (signal.aborted) throw cancellation(signal)
    const request = canBeAsked(client) ? { ...given, client: withBound(server, client) } : given
    const release = link.hold()
    try {
      if (plan.retry !== 'idempotent' || !mayRepeat(request)) {
        return await tryCall(request)
      }
      return await withRetries(() => tryCall(request), isOutage, request, { clock, random })
    } catch (error) {
      if (signal.aborted) throw cancellation(signal)
      if (error instanceof TransportFault) throw toUpstreamError(server, error, redactor)
      throw error
    } finally {
      release()
    }
  }

  function mayRepeat({ method, tool }: Call): boolean {
    return method === undefined ? isRepeatable(link.board.tool(tool.name)) : READING.includes(method)
  }

  /** Behind the breaker: only what fails on the way there and back counts, never what the upstream answered. */
  async function tryCall(request: Call): Promise<Result> {
    // Nothing was tried then, so it says nothing new.
    const refused = link.refusal()
    if (refused !== undefined) throw refused
    const pass = breaker.enter()
    if (pass.isOpen) throw describeOpen(server, pass.failures, pass.retryInMs)
    let verdict: Verdict = 'answered'
    try {
      return await reach(request)
    } catch (error) {
      verdict = request.signal.aborted ? 'unknown' : isOutage(error) ? 'failed' : 'answered'
      throw error
    } finally {
      pass.end(verdict)
    }
  }

  async function reach(request: Call): Promise<Result> {
    const { signal } = request
    const connection = link.current() ?? (await waitFor(link.use(), signal))
    const { client } = request
    if (wantsLease(plan, connection) && canBeAsked(client)) return sendLeased(request, client)
    try {
      return await sendShared(connection, request)
    } catch (error) {
      if (!(error instanceof TransportFault) || !error.lost) throw error
      link.lose(connection, error.message, error.untouched)
      if (!error.untouched) throw error
      // Refused before the tool was reached (a session that was forgotten, say): sent once more.
      return await sendShared(await waitFor(link.use(), signal), request)
    }
  }

  /** Over a connection that belongs to the client; where it turns out to be dead, once more over a fresh one. */
  async function sendLeased(request: Call, client: CallClient, isSecond = false): Promise<Result> {
    const lease = await waitFor(leases.take(request, client), request.signal)
    try {
      return await send(lease.connection, request)
    } catch (error) {
      if (!(error instanceof TransportFault) || !error.lost) throw error
      lease.drop()
      if (!error.untouched || isSecond) throw error
      return await sendLeased(request, client, true)
    } finally {
      lease.end()
    }
  }

  function sendShared(connection: Connection, request: Call): Promise<Result> {
    const { method } = request
    if (method === 'resources/subscribe' || method === 'resources/unsubscribe') {
      return subscribe(connection, request, method === 'resources/subscribe')
    }
    return send(connection, request)
  }

  async function subscribe(connection: Connection, request: Call, isWanted: boolean): Promise<Result> {
    const uri = uriOf(request.args)
    // The server says best what is wrong with it.
    if (uri === undefined) return send(connection, request)
    await (isWanted ? subscriptions.add(connection, uri) : subscriptions.remove(connection, uri))
    return replyResult({})
  }

  function send(connection: Connection, request: Call): Promise<Result> {
    const mayNeedHeaders = plan.kind === 'http' && connection.era === 'modern' && request.method === undefined
    const spec = mayNeedHeaders ? link.board.tool(request.tool.name) : undefined
    const marked = spec !== undefined && isMarked(spec.inputSchema) ? spec : undefined
    return sendCall(server, connection, request, marked)
  }

  return {
    server,
    status: (): BackendStatus => link.board.status(),
    tools: () => link.board.listing().tools,
    quarantined: () => link.board.listing().quarantined,
    offer: () => link.board.listing().offer,
    onResourceUpdated: (listener) => subscriptions.onUpdated(listener),
    onChange: (listener) => link.board.onChange(listener),
    settled: () => link.settled,
    describe: () => link.describe(),
    ...(plan.kind === 'stdio' ? { errorOutput: () => redactor.text(stderr.text()) } : {}),
    call,
    async close() {
      await leases.close()
      await link.close()
    },
  }
}

/** True where a server of the older era may ask its client only on a connection of that client's own. */
function wantsLease({ kind, connection = 'auto' }: UpstreamPlan, { era }: Connection): boolean {
  return era === 'legacy' && (connection === 'client' || (connection === 'auto' && kind === 'http'))
}

/** Why the caller gave up: the deadline layer aborts with the error that the caller is to see. */
function cancellation(signal: AbortSignal): GatewayError {
  const reason: unknown = signal.reason
  if (reason instanceof GatewayError) return reason
  return new GatewayError('call_cancelled', 'The caller cancelled the call.', { cause: reason })
}

/** The connection that is being waited for belongs to all; a caller who gives up leaves it to the others. */
function waitFor<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(cancellation(signal))
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
