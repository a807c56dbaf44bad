import type { LimitSettings } from './limits.ts'
import type { Principal } from './principal.ts'
import type { PolicySettings } from './rule.ts'

/** Where a policy and its limits stand. `gateway` is above all others. */
export type LevelKind = 'gateway' | 'organisation' | 'team' | 'key'

/** One level of the hierarchy as it stands in the store or in the configuration. */
export interface LevelSettings {
  readonly policy: PolicySettings
  readonly limits: LimitSettings
}

/** The uppermost level that customers have. */
export interface Organisation extends LevelSettings {
  /** A name that a person chose: lower case letters, digits, `-`, `_`. Unique. */
  readonly id: string
  readonly title?: string
}

/** A part of an organisation, or one that stands for itself. */
export interface Team extends LevelSettings {
  readonly id: string
  readonly title?: string
  readonly organisation?: string
}

/** A virtual key, without its secret. */
export interface VirtualKey extends LevelSettings {
  /** A name that a person chose. Unique. The principal's id is `key:<id>`. */
  readonly id: string
  readonly title?: string
  readonly team?: string
  /** SHA-256 of the key, hexadecimal; while it is rotated, the new one first and the old one with its end. */
  readonly secrets: readonly KeySecret[]
  readonly createdAtMs: number
  readonly expiresAtMs?: number
  /** Set: it is refused from then on. */
  readonly revokedAtMs?: number
}

/** One secret of a key, as it is kept. */
export interface KeySecret {
  readonly hash: string
  /** The first characters, so that a person can tell keys apart. */
  readonly hint: string
  /** Refused from then on: the end of the overlap of a rotation. */
  readonly untilMs?: number
}

/** One level that holds for a principal. */
export interface Level extends LevelSettings {
  readonly kind: LevelKind
  readonly id: string
}

/**
 * What holds for a principal at this moment. The same object for as long as nothing has changed for the principal: what is found
 * out for it may be kept by it.
 */
export interface Standing {
  readonly organisation?: string
  readonly team?: string
  readonly key?: string
  /** The outermost first. Empty: nothing but the policy of the gateway holds. */
  readonly levels: readonly Level[]
}

/** Knows what holds for whom. In memory: never waits. */
export interface Standings {
  /** @throws GatewayError `key_revoked`: the key of the principal is revoked, has expired, or is gone */
  readonly of: (principal: Principal) => Standing
}

/** All that the store knows of who may call. */
export interface IdentityRecords {
  /** Grows with each change. */
  readonly version: number
  readonly organisations: readonly Organisation[]
  readonly teams: readonly Team[]
  readonly keys: readonly VirtualKey[]
}

/** Organisations, teams and keys in the store. What was written is on the disk when a promise resolves. */
export interface IdentityStore {
  /** The version alone: cheap, so that it can be asked for several times a second. */
  readonly version: () => Promise<number>
  readonly load: () => Promise<IdentityRecords>
  /** @throws GatewayError `already_there` where one of this id is there and `isNew`; `not_there` where none is there and not `isNew` */
  readonly putOrganisation: (organisation: Organisation, isNew: boolean) => Promise<void>
  readonly putTeam: (team: Team, isNew: boolean) => Promise<void>
  /** A key that is revoked stays revoked, whatever is written: of two who change a key at once, one may have read it before. */
  /** A key that is revoked stays revoked, whatever is written. */
  readonly putKey: (key: VirtualKey, isNew: boolean) => Promise<void>
  /** @returns false where there was none */
  readonly removeOrganisation: (id: string) => Promise<boolean>
  readonly removeTeam: (id: string) => Promise<boolean>
  readonly removeKey: (id: string) => Promise<boolean>
}
