import { TransportFault } from '../../transports/port.ts'
import type { Connection } from '../wire/connection.ts'
import { isOutage } from '../wire/outage.ts'
import type { UpstreamPlan } from '../../plan.ts'

/**
 * Asks a server behind HTTP now and then whether it is there: without that, one that went away is found by
 * the first caller who needs it. Any answer is a sign of life, "no such method" too.
 * Ends with the connection.
 *
 * @param isBusy True while calls are under way: they find out by themselves, and a busy server may answer late.
 */
export function watchHealth(
  connection: Connection,
  plan: UpstreamPlan,
  random: () => number,
  isBusy: () => boolean,
  onGone: (fault: TransportFault) => void,
): void {
  const everyMs = plan.kind === 'http' ? (plan.probeMs ?? 0) : 0
  if (everyMs === 0) return
  const timeoutMs = plan.timeouts.connectMs
  const { exchange, era } = connection
  const method = era === 'modern' ? 'server/discover' : 'ping'
  const ended = new AbortController()
  let heard = exchange.heard()
  let timer: NodeJS.Timeout | undefined

  function schedule(): void {
    if (ended.signal.aborted) return
    // Many gateways, or one with many servers, must not ask all at the same moment.
    timer = setTimeout(() => void look(), everyMs * (0.8 + random() * 0.4)).unref()
  }

  async function look(): Promise<void> {
    const fault = isQuiet() ? await ask() : undefined
    heard = exchange.heard()
    if (fault === undefined) schedule()
    else onGone(fault)
  }

  function isQuiet(): boolean {
    return heard === exchange.heard() && !isBusy()
  }

  /** Why the server is gone; undefined where it is not, or where that is not sure. */
  async function ask(): Promise<TransportFault | undefined> {
    const timeout = AbortSignal.timeout(timeoutMs)
    try {
      await exchange.request(method, {}, { signal: AbortSignal.any([timeout, ended.signal]) })
      return undefined
    } catch (error) {
      if (!(error instanceof TransportFault) || ended.signal.aborted) return undefined
      if (!timeout.aborted) return error.lost || isOutage(error) ? error : undefined
      if (!isQuiet()) return undefined
      return new TransportFault('timeout', `no answer to a health probe within ${timeoutMs} ms`)
    }
  }

  void exchange.closed.then(() => {
    ended.abort()
    clearTimeout(timer)
  })
  schedule()
}
