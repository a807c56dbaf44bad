/** What of a server can hold credentials. A part of the plans of the configuration and of `src/mcp`. */
export type SecretBearer =
  | { readonly kind: 'http'; readonly url: string; readonly headers: Readonly<Record<string, string>> }
  | {
      readonly kind: 'stdio'
      readonly args: readonly string[]
      readonly env: Readonly<Record<string, string>>
    }

const SECRET_NAME = /key|token|secret|pass|auth|cred|cookie|dsn|connection_?string/i
/** `SSL_KEY_FILE`: the way to a secret, which a result may name. */
const PLACE_NAME = /(?:file|path|dir|folder|sock)$/i
const PLACE = /^(?:[/~.]|[A-Za-z]:\\)/
/** Headers that never carry a credential. */
const HARMLESS_HEADERS: readonly string[] = [
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'content-type',
  'mcp-protocol-version',
  'origin',
  'pragma',
  'referer',
  'user-agent',
]
/** A value such as `default`, `true` or `2025-06-18` under a name that says nothing: taken out of every text it would only do harm. */
const ORDINARY_VALUE = /^(?:[A-Za-z]+|[\d.:-]+)$/
/** A part of a path that nobody has made up: such as the one by which a hosted server knows its user. */
const RANDOM_PART = /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_-]{16,}$/

/** The credentials of a server, as far as they can be told from what is none; with repetitions, and short ones too. */
export function secretsOf(server: SecretBearer): readonly string[] {
  return server.kind === 'http'
    ? [...headerSecrets(server.headers), ...urlSecrets(server.url)]
    : [...envSecrets(server.env), ...argumentSecrets(server.args)]
}

function headerSecrets(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers)
    .filter(([name]) => !HARMLESS_HEADERS.includes(name.toLowerCase()))
    .filter(([name, value]) => SECRET_NAME.test(name) || !ORDINARY_VALUE.test(value))
    .flatMap(([, value]) => [value.trim(), ...partsOf(value)])
}

/** `Bearer abc`, `Basic YTpi`, `session=abc; theme=dark`: what a server would repeat without the rest. */
function partsOf(value: string): readonly string[] {
  const [scheme = '', ...tokens] = value.trim().split(/\s+/)
  const basic = /^basic$/i.test(scheme) ? passwordOf(Buffer.from(tokens[0] ?? '', 'base64').toString()) : []
  const cookies = value.includes('=')
    ? value.split(/;\s*/).map((pair) => pair.slice(pair.indexOf('=') + 1))
    : []
  return [...tokens, ...basic, ...cookies].filter((part) => !ORDINARY_WORD.test(part))
}

/** Parts of a value are taken only where they are more than a word. */
const ORDINARY_WORD = /^[A-Za-z]{0,15}$/

function passwordOf(userAndPassword: string): readonly string[] {
  return [userAndPassword, userAndPassword.slice(userAndPassword.indexOf(':') + 1)]
}

function urlSecrets(text: string): readonly string[] {
  const url = URL.parse(text)
  if (url === null) return []
  const query = [...url.searchParams]
    .filter(([name, value]) => SECRET_NAME.test(name) || !ORDINARY_VALUE.test(value))
    .map(([, value]) => value)
  const parts = url.pathname.split('/').filter((part) => RANDOM_PART.test(part))
  const inUrl = [url.username, url.password, ...query, ...parts, url.hash.slice(1)]
  return inUrl.flatMap((value) => [value, decodeOrSame(value)])
}

function envSecrets(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    const isPlace = PLACE_NAME.test(name) && PLACE.test(value)
    return SECRET_NAME.test(name) && !isPlace ? [value] : addressSecrets(value)
  })
}

/** `--token abc` and `--token=abc`, and addresses with a password. */
function argumentSecrets(args: readonly string[]): readonly string[] {
  return args.flatMap((argument, index) => {
    const [, flag, joined] = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(argument) ?? []
    if (flag === undefined) return addressSecrets(argument)
    const value = joined ?? args[index + 1] ?? ''
    const isSecret = SECRET_NAME.test(flag) && !value.startsWith('-') && !PLACE.test(value)
    return isSecret ? [value] : addressSecrets(joined ?? '')
  })
}

/** The password of `postgresql://user:password@host`, and the address as a whole. */
function addressSecrets(value: string): readonly string[] {
  const password = value.includes('://') ? URL.parse(value)?.password : undefined
  return password ? [value, password, decodeOrSame(password)] : []
}

function decodeOrSame(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
