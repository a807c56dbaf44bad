/** A form that is shorter is too likely to be a part of an ordinary text. */
export const SHORTEST_FORM = 6

/**
 * All ways in which a program writes a secret without meaning to hide it: as it is, percent-encoded, and in base64, also as a part of something longer.
 * Not every way that there is: a server that wants to give its own credential away can write it backwards.
 */
export function formsOf(secret: string): readonly string[] {
  return distinct([secret, ...percentForms(secret), ...base64Forms(secret)])
}

/**
 * The forms of a secret in the bytes of JSON, as strings of one character for each byte. `\u0041` for an ordinary character is not among
 * them: `src/secrets/redactor.ts` reads those.
 */
export function jsonByteForms(secret: string): readonly string[] {
  return distinct(formsOf(secret).flatMap((form) => jsonForms(form).map(toByteString)))
}

/** UTF-8, a character for each byte. */
function toByteString(text: string): string {
  return Buffer.from(text).toString('latin1')
}

function percentForms(secret: string): readonly string[] {
  const upper = percentEncoded(secret)
  if (upper === undefined) return []
  const lower = upper.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())
  // As a form sends it, a blank is a plus.
  return [upper, lower, upper.replaceAll('%20', '+')]
}

function percentEncoded(secret: string): string | undefined {
  try {
    return encodeURIComponent(secret)
  } catch {
    // Half of a surrogate pair has no such form.
    return undefined
  }
}

/**
 * A part of something longer that is in base64 begins at one of three places of a group of four characters. What is cut off at its ends are the
 * characters that hold bits of its neighbours too.
 */
function base64Forms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  return [0, 1, 2].flatMap((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    const begin = Math.ceil((offset * 8) / 6)
    const end = Math.floor(((offset + bytes.length) * 8) / 6)
    const part = whole.slice(begin, end)
    return [part, part.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

/** As JSON writes it: as it must be, in nothing but ASCII, and with slashes escaped. */
function jsonForms(text: string): readonly string[] {
  const least = JSON.stringify(text).slice(1, -1)
  const forms = [least, toAscii(least, false), toAscii(least, true)]
  return [...forms, ...forms.map((form) => form.replaceAll('/', String.raw`\/`))]
}

function toAscii(text: string, isUpper: boolean): string {
  return text.replaceAll(/[^\0-\x7f]/g, (character) => {
    const digits = character.charCodeAt(0).toString(16).padStart(4, '0')
    return `\\u${isUpper ? digits.toUpperCase() : digits}`
  })
}

function distinct(forms: readonly string[]): readonly string[] {
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST_FORM)
}
