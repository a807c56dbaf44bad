import { createHmac, timingSafeEqual } from 'node:crypto'

/** The header that carries a signature. */
export const SIGNATURE_HEADER = 'isogate-signature'

/** How far the clock of the other side may be off, and how long a signature is good for. */
const WINDOW_SECONDS = 300
const MAX_HEADER_CHARS = 1_024
const SIGNATURE = /^[0-9a-f]{64}$/

/** `t=<seconds since the epoch>,v1=<hex of HMAC-SHA-256 over "t.body">`. */
export function sign(secret: string, body: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1_000)
  return `t=${seconds},v1=${macOf(secret, seconds, body).toString('hex')}`
}

/**
 * True where the header is a signature of the body that was made at most five minutes ago, or from now. More than one `v1` may be there: who
 * changes a secret signs with both for a while.
 */
export function verifySignature(
  secret: string,
  body: string,
  header: string | undefined,
  nowMs: number,
): boolean {
  if (header === undefined || header.length > MAX_HEADER_CHARS) return false
  const members = header.split(',').map((member) => member.trim().split('='))
  const [time, ...furtherTimes] = members.flatMap(([name, value]) => (name === 't' ? [value ?? ''] : []))
  if (time === undefined || furtherTimes.length > 0 || !/^\d{1,15}$/.test(time)) return false
  const seconds = Number(time)
  if (Math.abs(nowMs / 1_000 - seconds) > WINDOW_SECONDS) return false
  const own = macOf(secret, seconds, body)
  return members.some(
    ([name, value = '']) =>
      name === 'v1' && SIGNATURE.test(value) && timingSafeEqual(own, Buffer.from(value, 'hex')),
  )
}

function macOf(secret: string, seconds: number, body: string): Buffer {
  return createHmac('sha256', secret).update(`${seconds}.${body}`).digest()
}
