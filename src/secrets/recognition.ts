const SECRET_NAME = /key|token|secret|pass|auth|cred|cookie|dsn|connection_?string/i
/** Words that stand for something secret as a whole word only: `PAT` is one, and `PATH` and `PATTERN` are none. */
const SECRET_WORD = /(?:^|[_-])(?:pat|webhook|bearer|session|signature|private)(?:$|[_-])/i

/**
 * A part of a name that somebody made up, or a number: `release`, `oauth2`, `2025`, `8a`, `20251122T101500Z`. A longer run of letters is no
 * word, and one in which letters and digits take turns is none.
 */
const WORD = String.raw`(?:[A-Za-z]{1,19}\d{0,4}|\d+[A-Za-z]{0,3}|\d{1,8}T\d{1,6}Z?)`
const WORDS = new RegExp(String.raw`^[\W_]*(?:${WORD}[\W_]+)*(?:${WORD})?$`)
/** Letters and digits together, as in the part of a path by which a hosted server knows its user. */
const LONG_PART = /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_-]{16,}$/

/**
 * Credentials that say what they are by how they begin: of GitHub, GitLab, Slack, of those who write `sk-` (OpenAI, Anthropic, Stripe and
 * more), of AWS and Google, tokens of RFC 7519, and the keys of this gateway.
 */
const KNOWN_CREDENTIAL = new RegExp(
  String.raw`(?<![A-Za-z0-9])(?:${[
    String.raw`gh[oprsu]_\w{8,}`,
    String.raw`github_pat_\w{8,}`,
    String.raw`glpat-[\w-]{8,}`,
    String.raw`xox[abeprs]-[\w-]{8,}`,
    String.raw`sk[-_][\w-]{8,}`,
    String.raw`A(?:KI|SI)A[A-Z0-9]{16}`,
    String.raw`AIza[\w-]{20,}`,
    String.raw`ya29\.[\w-]{8,}`,
    String.raw`eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}`,
    String.raw`isk_[\w-]{8,}`,
  ].join('|')})`,
  'g',
)
/** `sk-` begins ordinary names too: `sk-learn-server`. */
const ORDINARY_NAME = /^sk(?:[-_](?:[A-Za-z]{1,19}\d{0,2}|\d{1,4}))+$/

/** True for a name such as `API_TOKEN`, whatever the value. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name)
}

/** True for a name such as `GITHUB_PAT` or `SESSION_MODE`: what is under it is secret where it is not made of words and numbers. */
export function isSecretWord(name: string): boolean {
  return SECRET_WORD.test(name)
}

/** True for words, numbers, dates, versions, and all that is made of them with signs between: `read-only`, `10.0.0.0/8`, `2025-11-25`. */
export function isMadeOfWords(value: string): boolean {
  return WORDS.test(value)
}

/** True for a part of an address that may be chance, and may be made of words. */
export function isLongPart(part: string): boolean {
  return LONG_PART.test(part)
}

/** True for a part of an address that looks like chance; not for one that is long and made of words. */
export function isRandomPart(part: string): boolean {
  return isLongPart(part) && !isMadeOfWords(part)
}

/** The credentials in a text that can be told by how they begin. */
export function knownCredentials(text: string): readonly string[] {
  const found = [...text.matchAll(KNOWN_CREDENTIAL)].filter(([credential]) => !ORDINARY_NAME.test(credential))
  const isAll = found[0]?.index === 0 && !/\s/.test(text)
  return [...(isAll ? [text] : []), ...found.map(([credential]) => credential)]
}
