import type { LevelSettings } from './identity.ts'

/*
 * Where people look at and change who may call: the command line and the admin API. Times are ISO 8601 in UTC here, as people write
 * them in a configuration.
 */

/** What is said of an organisation. */
export interface OrganisationSettings extends LevelSettings {
  readonly title?: string
}

/** What is said of a team. */
export interface TeamSettings extends OrganisationSettings {
  readonly organisation?: string
}

/** What is said of a virtual key. */
export interface KeySettings extends OrganisationSettings {
  readonly team?: string
  /** When it ends. */
  readonly expires?: string
}

/** One of them as it is shown. */
interface Shown<Settings> {
  readonly id: string
  /** True: it stands in the configuration and can be changed only there. */
  readonly isDeclared: boolean
  /** In the form in which they are given when it is created or changed. */
  readonly settings: Settings
}

export type OrganisationView = Shown<OrganisationSettings>
export type TeamView = Shown<TeamSettings>

/** A virtual key without its secret. */
export interface KeyView extends Shown<KeySettings> {
  /** `orphaned`: its team, or the organisation of that, is not there. Only an active key is let in. */
  readonly state: 'active' | 'expired' | 'revoked' | 'orphaned'
  /** The first characters of each secret, and until when it is accepted where that is limited. None for a declared key. */
  readonly secrets: readonly { readonly hint: string; readonly until?: string }[]
  readonly createdAt?: string
  readonly revokedAt?: string
}

/** A key in the one moment in which its secret is known. */
export interface FreshKey {
  readonly key: KeyView
  readonly secret: string
}

/**
 * All of a kind. `by` is the id of the principal that does it, for the audit. When a promise of a change resolves, the change is on
 * the disk and holds for every request that comes after.
 */
export interface Shelf<View, Created = View> {
  /** In the order of their names. */
  readonly list: () => Promise<readonly View[]>
  /** @throws GatewayError `not_there` */
  readonly get: (id: string) => Promise<View>
  /** @throws GatewayError `already_there`, `declared`, `invalid_arguments` */
  readonly create: (id: string, settings: unknown, by: string) => Promise<Created>
  /** Puts other settings in the place of all that there were. @throws GatewayError `not_there`, `declared`, `invalid_arguments` */
  readonly change: (id: string, settings: unknown, by: string) => Promise<View>
  /** @throws GatewayError `not_there`, `declared`; `invalid_arguments` where something belongs to it */
  readonly remove: (id: string, by: string) => Promise<void>
}

/** Virtual keys. */
export interface KeyShelf extends Shelf<KeyView, FreshKey> {
  /**
   * Gives the key another secret. The old ones are accepted for the overlap, in milliseconds; 0 refuses them at once.
   *
   * @throws GatewayError `not_there`, `declared`, `invalid_arguments`
   */
  readonly rotate: (id: string, overlapMs: number, by: string) => Promise<FreshKey>
  /** For ever. Revoking it twice is no error. @throws GatewayError `not_there`, `declared` */
  readonly revoke: (id: string, by: string) => Promise<KeyView>
}

/** The desk. */
export interface IdentityDesk {
  readonly organisations: Shelf<OrganisationView>
  readonly teams: Shelf<TeamView>
  readonly keys: KeyShelf
}
