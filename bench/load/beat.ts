/** When calls are due. */
export interface Beat {
  /** By `nowMs`. */
  readonly startMs: number
  readonly perSecond: number
  readonly count: number
  /** One number that is not 0 once nobody waits any more. */
  readonly end: SharedArrayBuffer
}

/** Milliseconds of a clock that is the same in all threads. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

/** When the call with this number is to be sent. */
export function dueAtMs({ startMs, perSecond }: Pick<Beat, 'startMs' | 'perSecond'>, index: number): number {
  return startMs + (index * 1_000) / perSecond
}
