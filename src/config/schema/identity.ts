import { z } from 'zod'
import type { Organisation, Team } from '../../core/identity.ts'
import { LEVEL_POLICY, toPolicySettings } from './policy.ts'
import { LIMITS_SCHEMA, toLimitSettings } from './limits.ts'

/** A name of an organisation, a team or a key: a part of commands, addresses and records. */
export const IDENTITY_PATTERN = /^[a-z][a-z0-9_-]{0,62}$/

const TITLE = z.string().min(1).max(256).optional().describe('Name for people.')
const PARENT = z.string().max(63)
const LEVEL = { title: TITLE, policy: LEVEL_POLICY, limits: LIMITS_SCHEMA }

/** An organisation, as a person writes it. */
export const ORGANISATION = z.strictObject(LEVEL)
/** A team, as a person writes it. */
export const TEAM = z.strictObject({
  organisation: PARENT.optional().describe('The organisation that it belongs to.'),
  ...LEVEL,
})
const KEY = z.strictObject({
  team: PARENT.optional().describe('The team that it belongs to.'),
  key: z
    .string()
    .min(16)
    .max(4096)
    .optional()
    .describe('The key itself, at least 16 characters; write a reference such as `${env:CI_KEY}`.'),
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'expected SHA-256 in 64 hexadecimal digits')
    .optional()
    .describe('SHA-256 of the key, in the place of `key`.'),
  expires: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('When it ends, such as `2027-01-31T00:00:00Z`. Absent: never.'),
  ...LEVEL,
})
/** A virtual key of the store, as a person writes it: its secret is made, and never given. */
export const STORED_KEY = KEY.omit({ key: true, hash: true })

function named<Schema extends z.ZodType>(schema: Schema, text: string) {
  return z
    .record(z.string(), schema)
    .default({})
    .describe(text)
    .meta({ propertyNames: { pattern: IDENTITY_PATTERN.source } })
}

export const ORGANISATIONS = named(
  ORGANISATION,
  'Organisations, by name. Those of the store are beside them.',
)
export const TEAMS = named(TEAM, 'Teams, by name. Those of the store are beside them.')
export const KEYS = named(
  KEY,
  'Virtual keys, by name. Those that `isogate keys create` makes are in the store, beside them.',
)

/** A key that the configuration declares. */
export interface DeclaredKey extends Omit<Team, 'organisation'> {
  readonly team?: string
  /** SHA-256 of the key, hexadecimal. */
  readonly hash: string
  readonly expiresAtMs?: number
}

/** Who may call, as the configuration says; it can be changed only there. */
export interface DeclaredIdentities {
  readonly organisations: readonly Organisation[]
  readonly teams: readonly Team[]
  readonly keys: readonly DeclaredKey[]
}

interface Sections {
  readonly organisations: z.output<typeof ORGANISATIONS>
  readonly teams: z.output<typeof TEAMS>
  readonly keys: z.output<typeof KEYS>
}

/** Compiles the three sections. */
export function toIdentities(
  { organisations, teams, keys }: Sections,
  hashKey: (key: string) => string,
): DeclaredIdentities {
  return {
    organisations: Object.entries(organisations).map(([id, level]) => ({ id, ...levelOf(level) })),
    teams: Object.entries(teams).map(([id, { organisation, ...level }]) => ({
      id,
      ...(organisation === undefined ? {} : { organisation }),
      ...levelOf(level),
    })),
    keys: Object.entries(keys).map(([id, { team, key, hash, expires, ...level }]) => ({
      id,
      ...(team === undefined ? {} : { team }),
      hash: hash ?? hashKey(key ?? ''),
      ...(expires === undefined ? {} : { expiresAtMs: Date.parse(expires) }),
      ...levelOf(level),
    })),
  }
}

/** What all three have. */
export function levelOf({ title, policy, limits }: z.output<typeof ORGANISATION>) {
  return {
    ...(title === undefined ? {} : { title }),
    policy: toPolicySettings(policy),
    limits: toLimitSettings(limits),
  }
}
