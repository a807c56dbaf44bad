/** What a person does with a store as a whole. */
export interface StoreDesk {
  /** A file or an address without a password, for a person. */
  readonly where: string
  /**
   * Writes all that the store holds at one moment into a file, while gateways go on. Sealed values stay sealed: their key is needed to
   * read them again.
   *
   * @throws GatewayError `file_exists` where it is there and must not be replaced, `file_unwritable`, `store_newer`, `store_unusable`
   */
  readonly backup: (file: string, mayReplace: boolean) => Promise<StoreCopy>
  /**
   * Puts what a backup holds in the place of what the store holds, all of it or nothing. The store may be of another kind than the one that
   * the backup was made of. No gateway should be at work on it.
   *
   * @throws GatewayError `already_there` where the store is not empty and must not be replaced, `file_unreadable`, `store_newer`,
   *   `store_unusable`
   */
  readonly restore: (file: string, mayReplace: boolean) => Promise<StoreCopy>
  /** Brings the schema up to date. @throws GatewayError `store_newer`, `store_unusable` */
  readonly migrate: () => Promise<{ readonly from: number; readonly to: number }>
  /**
   * Seals all that is sealed, or should be, with the first key. @returns the number of values
   *
   * @throws GatewayError `sealed` where a value cannot be read with the keys that are there: those before it have the new key
   */
  readonly rekey: () => Promise<number>
  readonly close: () => Promise<void>
}

/** How a store is opened for a person. */
export interface StoreDeskOptions {
  /** Made where there is none. */
  readonly mayMake?: boolean
  /** A new key is put before the others first. */
  readonly hasNewKey?: boolean
}

/** What was copied. */
export interface StoreCopy {
  readonly rows: number
  /** Of the schema. */
  readonly version: number
}
