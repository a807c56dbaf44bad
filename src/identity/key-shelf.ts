import { parseKeySettings } from '../config/identity-settings.ts'
import { GatewayError } from '../core/errors.ts'
import type { KeySecret, VirtualKey } from '../core/identity.ts'
import type { FreshKey, KeyShelf, KeyView } from '../core/identity-desk.ts'
import type { DeskParts, DeskWork } from './desk-work.ts'
import type { Roll } from './roll.ts'
import { hashSecret, hintOf, makeSecret } from './secret.ts'
import { toKeyView } from './views.ts'

/** Secrets of one key that are accepted at the same time; the oldest go first. */
const MAX_SECRETS = 8
const DAY_MS = 86_400_000
const MAX_OVERLAP_MS = 90 * DAY_MS

/** Makes the shelf of virtual keys. */
export function createKeyShelf({ read, change }: DeskWork, { store, random, ...parts }: DeskParts): KeyShelf {
  const nowMs = (): number => Math.floor(parts.nowMs())
  const keysOf = ({ keys }: Roll) => keys
  const viewOf = (roll: Roll, id: string): KeyView => {
    const view = toKeyView(roll, id, nowMs())
    if (view === undefined) throw notThere(id)
    return view
  }
  const settingsOf = (id: string, settings: unknown): ReturnType<typeof parseKeySettings> => {
    const parsed = parseKeySettings(id, settings)
    return parsed
  }
  const requireTeam = ({ teams }: Roll, team: string | undefined): void => {
    if (team !== undefined && !teams.has(team))
      throw new GatewayError('invalid_arguments', `There is no team "${team}".`)
  }
  const fresh = async (id: string, secret: string): Promise<FreshKey> => ({
    key: viewOf(await read(), id),
    secret,
  })

  return {
    list: async () => {
      const roll = await read()
      return [...roll.keys.keys()].sort().map((id) => viewOf(roll, id))
    },
    get: async (id) => viewOf(await read(), id),
    async create(id, settings, by) {
      const parsed = settingsOf(id, settings)
      const secret = makeSecret(random)
      await change({ what: 'key', id, action: 'created', by }, true, keysOf, async (roll) => {
        requireTeam(roll, parsed.team)
        if (parsed.expiresAtMs !== undefined && parsed.expiresAtMs <= nowMs())
          throw new GatewayError('invalid_arguments', '`expires`: that moment is over.')
        await store.putKey({ ...parsed, secrets: [toSecret(secret)], createdAtMs: nowMs() }, true)
      })
      return fresh(id, secret)
    },
    async change(id, settings, by) {
      const parsed = settingsOf(id, settings)
      await change({ what: 'key', id, action: 'changed', by }, false, keysOf, async (roll, key) => {
        requireTeam(roll, parsed.team)
        const { secrets, createdAtMs, revokedAtMs } = required(key, id)
        const kept = { secrets, createdAtMs, ...(revokedAtMs === undefined ? {} : { revokedAtMs }) }
        await store.putKey({ ...parsed, ...kept }, false)
      })
      return viewOf(await read(), id)
    },
    remove: (id, by) =>
      change({ what: 'key', id, action: 'removed', by }, false, keysOf, async () => {
        await store.removeKey(id)
      }),
    async rotate(id, overlapMs, by) {
      if (!(overlapMs >= 0 && overlapMs <= MAX_OVERLAP_MS))
        throw new GatewayError(
          'invalid_arguments',
          `The overlap is from 0 to ${MAX_OVERLAP_MS / DAY_MS} days.`,
        )
      const secret = makeSecret(random)
      await change({ what: 'key', id, action: 'rotated', by }, false, keysOf, async (_roll, found) => {
        const key = required(found, id)
        if (key.revokedAtMs !== undefined)
          throw new GatewayError('invalid_arguments', `The key "${id}" is revoked; create another one.`)
        const old = endBy(key.secrets, nowMs(), overlapMs)
        await store.putKey({ ...key, secrets: [toSecret(secret), ...old].slice(0, MAX_SECRETS) }, false)
      })
      return fresh(id, secret)
    },
    async revoke(id, by) {
      await change({ what: 'key', id, action: 'revoked', by }, false, keysOf, async (_roll, found) => {
        const key = required(found, id)
        await store.putKey({ ...key, revokedAtMs: key.revokedAtMs ?? nowMs() }, false)
      })
      return viewOf(await read(), id)
    },
  }
}

function toSecret(secret: string): KeySecret {
  return { hash: hashSecret(secret), hint: hintOf(secret) }
}

/** The secrets that are still accepted, and for how long: never longer than it was said before. */
function endBy(secrets: readonly KeySecret[], nowMs: number, overlapMs: number): readonly KeySecret[] {
  return secrets
    .map((secret) => ({ ...secret, untilMs: Math.min(secret.untilMs ?? Infinity, nowMs + overlapMs) }))
    .filter(({ untilMs }) => untilMs > nowMs)
}

function required(key: VirtualKey | undefined, id: string): VirtualKey {
  if (key === undefined) throw notThere(id)
  return key
}

function notThere(id: string): GatewayError {
  return new GatewayError('not_there', `There is no key "${id.slice(0, 64)}".`)
}
