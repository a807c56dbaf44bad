import type { Json } from '../../../core/json.ts'
import type { RunOutcome } from '../../../core/run.ts'
import { cutValue } from './cut.ts'
import { toJsonText } from './json-text.ts'

/** The value of a run as a model gets it. */
export interface ShownValue {
  readonly kind: 'json' | 'text' | 'nothing'
  readonly text: string
  /** Where it was cut, and how to get at the rest. Absent: it is whole. */
  readonly note?: string
}

/** Keeps the whole of a value and gives its handle; undefined where it does not fit. */
export type KeepValue = (json: string) => Promise<string | undefined>

/**
 * Writes a value. One that is larger than `shownBytes` is cut where it is large, stays JSON, and is kept as a whole. Gives
 * undefined for one that is nested too deeply to be written: what a cell sends need not come from an honest guest.
 */
export async function showValue(
  { value, empty }: Pick<RunOutcome, 'value' | 'empty'>,
  shownBytes: number,
  keep: KeepValue,
): Promise<ShownValue | undefined> {
  if (empty === true || value === undefined) return { kind: 'nothing', text: 'The script returned nothing.' }
  const isText = typeof value === 'string'
  const whole = isText ? value : toJsonText(value)
  if (whole === undefined) return undefined
  const bytes = Buffer.byteLength(whole)
  const kind = isText ? 'text' : 'json'
  if (bytes <= shownBytes) return { kind, text: whole }
  const { text, places } = cutTo(value, shownBytes, bytes / whole.length)
  const handle = await keep(isText ? JSON.stringify(value) : whole)
  const rest =
    handle === undefined ? 'Return less to see the rest.' : `The whole value: runs.open("${handle}").`
  return { kind, text, note: `Cut (${bytes} bytes; ${places.join('; ')}). ${rest}` }
}

function cutTo(
  value: Json,
  shownBytes: number,
  bytesPerChar: number,
): { text: string; places: readonly string[] } {
  const { value: cut, places } = cutValue(value, Math.floor(shownBytes / bytesPerChar))
  return { text: typeof cut === 'string' ? cut : JSON.stringify(cut), places }
}
