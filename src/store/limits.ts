const KIB = 1024
const MIB = 1024 * KIB
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** What a configuration says about the store; the rest follows from it. */
export interface StoreSettings {
  readonly handleBytes?: number
  readonly handleTtlMs?: number
  readonly runTtlMs?: number
}

/** Bounds of everything that is stored. Bytes are those of UTF-8. */
export interface StoreLimits {
  /** Where these are reached the oldest values go, of the owner first. */
  readonly handle: {
    readonly bytes: number
    readonly ownerBytes: number
    readonly valueBytes: number
    readonly count: number
    readonly ownerCount: number
    readonly ttlMs: number
  }
  /** Where these are reached a further run is refused: none may vanish that somebody waits for. */
  readonly run: {
    readonly bytes: number
    readonly ownerBytes: number
    readonly runBytes: number
    readonly count: number
    readonly ownerCount: number
    readonly ttlMs: number
  }
  readonly shape: { readonly count: number; readonly chars: number; readonly ttlMs: number }
  readonly usage: { readonly count: number; readonly writeAfterMs: number }
  readonly savings: { readonly rowsPerDay: number; readonly ttlMs: number }
  /** Of names, ids and keys. */
  readonly keyChars: number
  readonly pruneEveryMs: number
}

/** The limits of a store. An owner has a quarter of what there is for values, and a value a quarter of that. */
export function toStoreLimits(settings: StoreSettings): StoreLimits {
  const handleBytes = settings.handleBytes ?? 256 * MIB
  return Object.freeze({
    handle: {
      bytes: handleBytes,
      ownerBytes: Math.floor(handleBytes / 4),
      valueBytes: Math.floor(handleBytes / 16),
      count: 4_000,
      ownerCount: 1_000,
      ttlMs: settings.handleTtlMs ?? HOUR_MS,
    },
    run: {
      bytes: 1024 * MIB,
      ownerBytes: 256 * MIB,
      runBytes: 96 * MIB,
      count: 10_000,
      ownerCount: 1_000,
      ttlMs: settings.runTtlMs ?? 7 * DAY_MS,
    },
    shape: { count: 10_000, chars: 64 * KIB, ttlMs: 90 * DAY_MS },
    usage: { count: 50_000, writeAfterMs: 2_000 },
    savings: { rowsPerDay: 1_000, ttlMs: 400 * DAY_MS },
    keyChars: 1_024,
    pruneEveryMs: 300_000,
  })
}
