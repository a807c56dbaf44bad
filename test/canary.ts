import { expect } from 'vitest'

/**
 * Secrets that can be told from everything else, one for each place in which a configuration can have one. Their middle is looked for, so that a
 * secret that was only cut is found too.
 */
const MARK = 'CANARYbird'

const canary = (place: string): string => `sk-${place}-${MARK}-0a1B2c3D4e`

export const CANARIES = {
  env: canary('env'),
  argument: canary('argument'),
  header: canary('header'),
  query: canary('query'),
  path: canary('path'),
  password: canary('password'),
} as const

/** How the mark can stand in a text: as it is, in base64 at each of its three places, and in hexadecimal. */
const FORMS: readonly string[] = [
  MARK,
  ...[0, 1, 2].map((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), Buffer.from(MARK)]).toString('base64')
    return whole.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + MARK.length) * 8) / 6))
  }),
  Buffer.from(MARK).toString('hex'),
]

/** Where a canary is seen in a text, with what stands before it; nothing where none is. */
export function sightings(text: string): readonly string[] {
  const readable = text.replaceAll(/\\u00([2-7][0-9a-f])/gi, (_all, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
  return [text, readable].flatMap((each) =>
    FORMS.flatMap((form) => {
      const at = each.indexOf(form)
      return at < 0 ? [] : [each.slice(Math.max(0, at - 120), at + form.length)]
    }),
  )
}

/** Fails where a canary is seen. */
export function expectNone(where: string, text: string): void {
  expect([where, sightings(text)]).toEqual([where, []])
}
