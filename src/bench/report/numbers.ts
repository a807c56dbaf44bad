/** A space that keeps a number and its unit on one line. */
const NARROW = '\u00a0'
const NONE = '–'

/** A count in full: `1,234`. Fractions are rounded. */
export function toCount(value: number): string {
  return Number.isFinite(value) ? Math.round(value).toLocaleString('en') : NONE
}

/** A mean of small numbers: `3.4`; whole numbers keep their zero, so that a column is of one kind. */
export function toMean(value: number): string {
  return Number.isFinite(value)
    ? value.toLocaleString('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
    : NONE
}

/** A count in two or three digits, for labels in charts: `950`, `1.2k`, `34k`, `1.9M`. */
export function toShort(value: number): string {
  if (!Number.isFinite(value)) return NONE
  const [divisor, unit] =
    value >= 999_500_000 ? [1e9, 'G'] : value >= 999_500 ? [1e6, 'M'] : value >= 999.5 ? [1e3, 'k'] : [1, '']
  return `${toDigits(value / divisor)}${unit}`
}

/** Dollars in two digits or to the cent, whichever says more: `$0.0012`, `$0.34`, `$12.50`, `$1,250`. */
export function toDollars(value: number): string {
  if (!Number.isFinite(value)) return NONE
  if (value >= 1_000) return `$${toCount(value)}`
  if (value >= 0.1) return `$${value.toFixed(2)}`
  if (value === 0) return '$0'
  const digits = Math.min(8, 1 - Math.floor(Math.log10(value)))
  return `$${value.toFixed(digits)}`
}

/** Dollars for the ticks of an axis, which are round: `$10`, `$0.03`. */
export function toRoundDollars(value: number): string {
  return `$${value.toLocaleString('en', { maximumSignificantDigits: 2 })}`
}

/** A time from milliseconds: `120 ms`, `4.2 s`, `34 s`, `3 min 20 s`. */
export function toTime(valueMs: number): string {
  if (!Number.isFinite(valueMs)) return NONE
  if (valueMs < 999.5) return `${toDigits(valueMs)}${NARROW}ms`
  if (valueMs < 119_500) return `${toDigits(valueMs / 1_000)}${NARROW}s`
  const seconds = Math.round(valueMs / 1_000)
  return `${toCount(Math.floor(seconds / 60))}${NARROW}min ${seconds % 60}${NARROW}s`
}

/** How far a ratio is from 1, in percent: `−94 %`, `+2.3 %`. A saving is never rounded up to all of it. */
export function toChange(ratio: number): string {
  const bare = toBareChange(ratio)
  return bare === NONE ? NONE : `${bare}${NARROW}%`
}

/** The same without its sign of percent, for labels beside each other. */
export function toBareChange(ratio: number): string {
  if (ratio === Infinity) return '+∞'
  if (!Number.isFinite(ratio)) return NONE
  const percent = (ratio - 1) * 100
  const size = Math.abs(percent)
  if (size < 0.05) return '0'
  const digits = size < 9.95 || (percent < 0 && size > 98.95) ? 1 : 0
  return `${percent < 0 ? '−' : '+'}${size.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`
}

/** A share of 1 in percent: `42 %`. */
export function toShare(share: number): string {
  if (!Number.isFinite(share)) return NONE
  const isFine = (share > 0 && share < 0.0995) || (share > 0.995 && share < 1)
  return `${(isFine ? Math.min(99.9, share * 100) : share * 100).toFixed(isFine ? 1 : 0)}${NARROW}%`
}

/** A number of things, in words. */
export function toCountOf(count: number, thing: string, things = `${thing}s`): string {
  return `${toCount(count)} ${count === 1 ? thing : things}`
}

function toDigits(value: number): string {
  return value < 9.95 && !Number.isInteger(value) ? value.toFixed(1) : toCount(value)
}
