import { isDeepStrictEqual } from 'node:util'

import type { DeclaredIdentities } from '../config/schema/identity.ts'
import { GatewayError } from '../core/errors.ts'
import type { IdentityStore, Standings } from '../core/identity.ts'
import type { Clock } from '../core/ports.ts'
import type { Principal } from '../core/principal.ts'
import type { Log } from '../telemetry/log.ts'
import { followIdentities } from './follower.ts'
import { joinIdentities, NOBODY, type Roll } from './roll.ts'
import { hashSecret, isMade } from './secret.ts'
import { findPosition, NO_STANDING, type Position } from './standing.ts'

export interface KeyringParts {
  readonly store: Pick<IdentityStore, 'version' | 'load'>
  readonly declared: DeclaredIdentities
  readonly clock: Clock
  readonly log: Pick<Log, 'warn'>
  /** The pause between two looks for changes of other processes, milliseconds. */
  readonly pollMs?: number
  /** How long keys of the store are accepted while it does not answer, milliseconds; after that they are refused. */
  readonly staleMs?: number
}

/** Knows every virtual key, and what holds for it at this moment. Answers from memory. */
export interface Keyring extends Standings {
  /**
   * Who has this secret; always the same object for the same key. Whether the key still holds is for `of` to say.
   *
   * @returns undefined where no key has it
   * @throws GatewayError `key_revoked` where it was replaced by another secret of the key; `store_unusable` where it may be one of a store
   * that has not answered
   */
  readonly authenticate: (secret: string) => Principal | undefined
  /** Resolves when all that was written into the store before holds. @throws GatewayError `store_unusable` */
  readonly refresh: () => Promise<void>
  /** Another configuration is applied. */
  readonly declare: (identities: DeclaredIdentities) => void
  /** Calls the listener after each change. Returns the way to stop listening. */
  readonly onChange: (listener: () => void) => () => void
  readonly close: () => void
}

const POLL_MS = 250
const STALE_MS = 60_000
const NOTICE_EVERY_MS = 60_000

interface Holder extends Position {
  readonly roll: Roll
  readonly principal: Principal
}

/** Makes a keyring. It knows the keys of the configuration at once, and those of the store when `refresh` has resolved. */
export function createKeyring(parts: KeyringParts): Keyring {
  const { store, clock, log, pollMs = POLL_MS, staleMs = STALE_MS } = parts
  const nowMs = createForwardTime(clock)
  const listeners = new Set<() => void>()
  /** By the id of the principal, as they are used. */
  const holders = new Map<string, Holder>()
  let { declared } = parts
  let stored: Parameters<typeof joinIdentities>[1] = NOBODY
  let roll = joinIdentities(declared, stored)
  let noticedMs: number | undefined
  note([], roll)

  function note(before: readonly string[], { notes }: Roll): void {
    for (const each of notes) if (!before.includes(each)) log.warn({}, each)
  }

  function rejoin(): void {
    const before = roll
    roll = joinIdentities(declared, stored, before)
    note(before.notes, roll)
    for (const [id, { standing }] of holders) if (!roll.keys.has(standing.key ?? '')) holders.delete(id)
    for (const listener of listeners) listener()
  }

  const follower = followIdentities({
    store,
    clock,
    pollMs,
    staleMs,
    onRecords: (records) => {
      stored = records
      rejoin()
    },
    onFault: (error) => {
      const atMs = clock.monotonicMs()
      if (noticedMs !== undefined && atMs - noticedMs < NOTICE_EVERY_MS) return
      noticedMs = atMs
      const seconds = staleMs / 1_000
      log.warn(
        { err: error instanceof Error ? error.message : String(error) },
        `The store does not say who may call. What was read holds for ${seconds} s; then its keys are refused.`,
      )
    },
  })

  const unanswered = (): GatewayError =>
    new GatewayError(
      'store_unusable',
      'The store does not answer, so nobody knows whether the key still holds.',
    )

  /** Looked up anew after a change, and the same as before where nothing has changed for this key. */
  function holderOf(principalId: string): Holder | undefined {
    const known = holders.get(principalId)
    if (known?.roll === roll) return known
    const id = known?.standing.key ?? principalId.slice(KEY_ID.length)
    const position = findPosition(roll, id)
    if (position === undefined) return undefined
    const isSame = known !== undefined && isDeepStrictEqual(known.sources, position.sources)
    const holder = {
      ...position,
      ...(isSame ? { standing: known.standing } : {}),
      roll,
      principal: known?.principal ?? Object.freeze({ id: principalId, kind: 'key' as const }),
    }
    holders.set(principalId, holder)
    return holder
  }

  return {
    authenticate(secret) {
      // No comparison that takes longer the more is right: what is looked up is a hash, which nobody can choose.
      const known = roll.secrets.get(hashSecret(secret))
      if (known === undefined) {
        if (isMade(secret) && !follower.isFresh()) throw unanswered()
        return undefined
      }
      if (known.untilMs !== undefined && known.untilMs <= nowMs())
        throw new GatewayError('key_revoked', `The key "${known.key}" has another secret by now.`)
      return holderOf(`${KEY_ID}${known.key}`)?.principal
    },
    of(principal) {
      if (principal.kind !== 'key') return NO_STANDING
      const holder = holderOf(principal.id)
      if (holder === undefined) throw new GatewayError('key_revoked', 'The key is gone.')
      if (holder.refusal !== undefined) throw new GatewayError('key_revoked', holder.refusal)
      if (holder.expiresAtMs !== undefined && holder.expiresAtMs <= nowMs())
        throw new GatewayError('key_revoked', `The key "${holder.standing.key}" has expired.`)
      if (holder.isStored && !follower.isFresh()) throw unanswered()
      return holder.standing
    },
    refresh: () => follower.refresh(),
    declare(identities) {
      declared = identities
      rejoin()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => follower.close(),
  }
}

const KEY_ID = 'key:'

/** The time by the wall, which never goes back: a clock that is set back must not open what was over. */
function createForwardTime({ nowMs, monotonicMs }: Clock): () => number {
  const startMs = nowMs() - monotonicMs()
  return () => Math.max(nowMs(), startMs + monotonicMs())
}
