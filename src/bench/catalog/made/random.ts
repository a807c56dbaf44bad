/** A source of numbers that are the same for the same seed. */
export interface Random {
  /** At least 0, below 1. */
  readonly next: () => number
  /** A whole number of 0 to `below - 1`. */
  readonly below: (below: number) => number
  readonly chance: (share: number) => boolean
  /** @throws RangeError where the list is empty */
  readonly pick: <T>(list: readonly T[]) => T
  /** The list in another order. */
  readonly shuffle: <T>(list: readonly T[]) => T[]
}

/** Numbers from a seed. Not for secrets: 32 bits of state, mixed well enough for made-up data. */
export function createRandom(seed: number): Random {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x9e37_79b9) | 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0_aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    next,
    below,
    chance: (share) => next() < share,
    pick(list) {
      const index = below(list.length)
      if (index >= list.length) throw new RangeError('There is nothing to pick from.')
      return list[index] as (typeof list)[number]
    },
    shuffle(list) {
      const keyed = list.map((item) => ({ item, key: next() }))
      return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item)
    },
  }
}
