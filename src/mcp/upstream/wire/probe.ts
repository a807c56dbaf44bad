import type { JSONRPCMessage } from '@modelcontextprotocol/client'
import { isJsonObject } from '../../../core/json.ts'
import type { UpstreamTransport } from '../../transports/port.ts'

/** How long silence after the probe is borne before it counts as an answer, milliseconds. */
export interface Patience {
  /** From a server that has written something since it was started. */
  readonly silenceMs: number
  /** From a server that has not given any sign of life. */
  readonly muteMs: number
}

/** @param knowsModern True where the server is known to speak the newer era: then silence is no answer. */
export function patienceFor(connectMs: number, knowsModern: boolean): Patience {
  if (knowsModern) return { silenceMs: connectMs, muteMs: connectMs }
  // Never more than half of the time for connecting, so that the handshake still fits.
  return { silenceMs: Math.min(3_000, connectMs / 2), muteMs: Math.min(10_000, connectMs / 2) }
}

/** Watches the question "do you speak 2026-07-28?" that the SDK puts to a server. */
export interface ProbeWatch {
  readonly sent: (message: JSONRPCMessage) => void
  /** Takes an answer that was not for us. False where it is the late answer to a probe that was given up. */
  readonly received: (message: JSONRPCMessage) => boolean
  readonly onLife: () => void
  readonly stop: () => void
  /** True while the probe waits for its answer. */
  readonly isOpen: () => boolean
  /** True where silence was taken for an answer. */
  readonly wasGivenUp: () => boolean
  /** True where the answer came too late, and said that the server does speak it. */
  readonly wasModern: () => boolean
}

/**
 * Decides when silence is an answer.
 *
 * A server of the older era may ignore a method that it does not know, so the probe cannot be waited for
 * without end. But silence is evidence only of a server that runs: `npx` that fetches a package, or an
 * interpreter that loads half a minute of libraries, is silent too and may speak the newer era.
 * So the clock of 3 s starts at the first byte of stdout or stderr. A process that has written nothing
 * at all gets 10 s.
 *
 * Giving up is cheap, whichever way it turns out. The connection goes on in place with `initialize`, which
 * a slow server finds in its pipe behind the probe and answers when it is ready. If it turns out to
 * speak the newer era, its late answer says so, and that is remembered; and if it refuses the older
 * handshake, it is started once more, with patience.
 *
 * Over HTTP nothing is decided here: a server that is deployed answers, and silence there is an outage.
 *
 * @param deliver Hands the SDK the answer "no such method", on which it goes on with `initialize`.
 */
export function createProbeWatch(
  transport: UpstreamTransport,
  patience: Patience,
  deliver: (answer: JSONRPCMessage) => void,
): ProbeWatch {
  let probeId: string | number | undefined
  let given: string | number | undefined
  let modern = false
  let timer: NodeJS.Timeout | undefined

  function arm(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(giveUp, ms).unref()
  }

  function giveUp(): void {
    if (probeId === undefined) return
    given = probeId
    probeId = undefined
    deliver({
      jsonrpc: '2.0',
      id: given,
      error: { code: -32601, message: 'No answer to server/discover.' },
    })
  }

  return {
    sent(message) {
      if (transport.shape !== 'process' || !('method' in message) || !('id' in message)) return
      if (message.method !== 'server/discover') return
      probeId = message.id
      arm(transport.alive ? patience.silenceMs : patience.muteMs)
    },
    received(message) {
      if (!('id' in message) || message.id === undefined) return true
      if (message.id === probeId) {
        probeId = undefined
        clearTimeout(timer)
        return true
      }
      if (message.id !== given) return true
      const result: unknown = 'result' in message ? message.result : undefined
      modern = isJsonObject(result) && Array.isArray(result['supportedVersions'])
      return false
    },
    onLife() {
      if (probeId !== undefined) arm(patience.silenceMs)
    },
    stop() {
      clearTimeout(timer)
    },
    isOpen: () => probeId !== undefined,
    wasGivenUp: () => given !== undefined,
    wasModern: () => modern,
  }
}
