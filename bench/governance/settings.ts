/** What a gateway of the benchmark is to have. */
export interface HouseSettings {
  /** Of the upstream. */
  readonly url: string
  /** False: one token, no rules, no limits, no record. */
  readonly isGoverned: boolean
  readonly durability: 'strict' | 'batched'
  readonly keys: number
  /** Ten of them have conditions over the arguments of the tool that is called. */
  readonly rules: number
}
