import { setTimeout as sleep } from 'node:timers/promises'

import type { ApprovalsPlan } from '../../config/schema/approvals.ts'
import type { Approval } from '../../core/approval.ts'
import type { Clock } from '../../core/ports.ts'
import { SIGNATURE_HEADER, sign } from './signature.ts'
import { toAskedBody } from './asked-body.ts'

export interface WebhookParts {
  /** The webhook of the configuration that is at work; undefined where there is none. */
  readonly settings: () => ApprovalsPlan['webhook']
  readonly clock: Clock
  /** `fetch` of the platform. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Hears that an approval could not be told of, in words for the log; without the address, which may hold a secret. */
  readonly onFault: (approval: string, reason: string) => void
}

/** Tells another system of approvals that wait. */
export interface Webhook {
  /** Returns at once; never throws. */
  readonly tell: (approval: Approval) => void
  /** Gives up what has not been told. */
  readonly close: () => Promise<void>
}

/** Pauses before the further attempts, in milliseconds. */
const PAUSES_MS = [1_000, 4_000, 15_000, 60_000]
const ATTEMPT_MS = 10_000
/** Those that wait to be told of; beyond it the receiver must look for itself. */
const MAX_QUEUED = 1_000
const PARALLEL = 4

/** Begins with nothing to tell. A receiver that is slow or gone holds up nobody: the approval waits in the store all the same. */
export function createWebhook({ settings, clock, fetch, onFault }: WebhookParts): Webhook {
  const ending = new AbortController()
  const queue: Approval[] = []
  const sending = new Set<Promise<void>>()

  /** @returns why it did not work; undefined where it did */
  const attempt = async (approval: Approval): Promise<string | undefined> => {
    const webhook = settings()
    if (webhook === undefined) return undefined
    const body = toAskedBody(approval)
    try {
      const response = await fetch(webhook.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          [SIGNATURE_HEADER]: sign(webhook.secret, body, clock.nowMs()),
        },
        body,
        // Another address was not written into the configuration by anybody.
        redirect: 'manual',
        signal: AbortSignal.any([ending.signal, AbortSignal.timeout(ATTEMPT_MS)]),
      })
      await response.body?.cancel()
      return response.ok ? undefined : `it answered with status ${response.status}`
    } catch (error) {
      return error instanceof Error && error.name === 'TimeoutError'
        ? `it did not answer within ${ATTEMPT_MS} ms`
        : 'it cannot be reached'
    }
  }

  const send = async (approval: Approval): Promise<void> => {
    for (const pauseMs of [0, ...PAUSES_MS]) {
      try {
        await sleep(pauseMs, undefined, { signal: ending.signal, ref: false })
      } catch {
        return
      }
      // By now nobody can decide about it any more.
      if (clock.nowMs() >= approval.expiresAtMs) return
      const reason = await attempt(approval)
      if (reason === undefined || ending.signal.aborted) return
      if (pauseMs === PAUSES_MS.at(-1)) onFault(approval.id, reason)
    }
  }

  const goOn = (): void => {
    while (sending.size < PARALLEL) {
      const approval = queue.shift()
      if (approval === undefined) return
      const sent = send(approval).finally(() => {
        sending.delete(sent)
        goOn()
      })
      sending.add(sent)
    }
  }

  return {
    tell(approval) {
      if (settings() === undefined || ending.signal.aborted) return
      if (queue.length >= MAX_QUEUED) return onFault(approval.id, 'too many others wait to be told of')
      queue.push(approval)
      goOn()
    },
    async close() {
      queue.length = 0
      ending.abort()
      await Promise.all(sending)
    },
  }
}
