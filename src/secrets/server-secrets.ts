import {
  isLongPart,
  isMadeOfWords,
  isRandomPart,
  isSecretName,
  isSecretWord,
  knownCredentials,
} from './recognition.ts'

/** What of a server can hold credentials. A part of the plans of the configuration and of `src/mcp`. */
export type SecretBearer =
  | { readonly kind: 'http'; readonly url: string; readonly headers: Readonly<Record<string, string>> }
  | {
      readonly kind: 'stdio'
      readonly args: readonly string[]
      readonly env: Readonly<Record<string, string>>
    }

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

/** A part of a value under a telling name that is worth taking alone. In characters. */
const WORTH_TAKING = 16
const ADDRESS = /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s"'<>]+/gi

/** The credentials of a server, as far as they can be told from what is none; with repetitions, and short ones too. */
export function secretsOf(server: SecretBearer): readonly string[] {
  return server.kind === 'http'
    ? [...headerSecrets(server.headers), ...urlSecrets(server.url)]
    : [...envSecrets(server.env), ...argumentSecrets(server.args)]
}

function headerSecrets(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers)
    .filter(([name]) => !HARMLESS_HEADERS.includes(name.toLowerCase()))
    .filter(([name, value]) => isSecretName(name) || !ORDINARY_VALUE.test(value))
    .flatMap(([, value]) => [value.trim(), ...partsOf(value), ...knownCredentials(value)])
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
    .filter(([name, value]) => isSecretName(name) || !ORDINARY_VALUE.test(value))
    .map(([, value]) => value)
  const parts = url.pathname.split('/').filter(isLongPart)
  const inUrl = [url.username, url.password, ...query, ...parts, url.hash.slice(1), ...knownCredentials(text)]
  return inUrl.flatMap((value) => [value, decodeOrSame(value)])
}

function envSecrets(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    const isPlace = PLACE_NAME.test(name) && PLACE.test(value)
    return isSecretName(name) && !isPlace ? [value, ...textSecrets(value)] : namedSecrets(name, value)
  })
}

/** `--token abc` and `--token=abc`, `TOKEN=abc` as containers take it, `Authorization: Bearer abc`, and what is secret under any name. */
function argumentSecrets(args: readonly string[]): readonly string[] {
  return args.flatMap((argument, index) => {
    const [, variable, assigned = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(argument) ?? []
    if (variable !== undefined) return envSecrets({ [variable]: assigned })
    const [, header, sent = ''] = /^([A-Za-z][\w-]*):\s*([^/\s].*)$/s.exec(argument) ?? []
    if (header !== undefined && isSecretName(header)) return headerSecrets({ [header]: sent })
    const [, flag, joined] = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(argument) ?? []
    if (flag === undefined) return textSecrets(argument)
    const value = joined ?? args[index + 1] ?? ''
    if (value.startsWith('-') || PLACE.test(value)) return textSecrets(argument)
    return isSecretName(flag) ? [value, ...textSecrets(value)] : namedSecrets(flag, value)
  })
}

/** Under a name that may be that of a secret everything is taken that is not made of words, and parts of it that are long. */
function namedSecrets(name: string, value: string): readonly string[] {
  const isNamed = isSecretWord(name) && !PLACE.test(value) && !isMadeOfWords(value)
  if (!isNamed) return textSecrets(value)
  const parts = value.split(/[/?&=#]/).filter((part) => part.length >= WORTH_TAKING && !isMadeOfWords(part))
  return [value, ...parts, ...textSecrets(value)]
}

/** What is secret whatever the name: the passwords and random parts of addresses, and credentials that say what they are. */
function textSecrets(text: string): readonly string[] {
  const addresses = text.includes('://') ? new Set([text, ...(text.match(ADDRESS) ?? [])]) : []
  return [...knownCredentials(text), ...[...addresses].flatMap(addressSecrets)]
}

/** The password of `postgresql://user:password@host` with the address as a whole, and parts that nobody has made up. */
function addressSecrets(address: string): readonly string[] {
  const url = URL.parse(address)
  if (url === null || url.protocol === 'file:') return []
  const query = [...url.searchParams]
    .filter(([name, value]) => isSecretName(name) && !isMadeOfWords(value))
    .map(([, value]) => value)
  const parts = [url.username, ...url.pathname.split('/'), ...url.searchParams.values(), url.hash.slice(1)]
  const found = [url.password, ...query, ...parts.filter(isRandomPart)].filter((part) => part !== '')
  return [...(url.password === '' ? [] : [address]), ...found.flatMap((part) => [part, decodeOrSame(part)])]
}

function decodeOrSame(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
