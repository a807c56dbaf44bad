import { RESERVED_SERVER_NAMES, SERVER_NAME_PATTERN } from '../../core/tool.ts'

const MAX_LENGTH = 32

/** Is this a name that a server may have here? */
export function isServerName(name: string): boolean {
  return SERVER_NAME_PATTERN.test(name) && !RESERVED_SERVER_NAMES.includes(name)
}

/** The allowed server name that looks most like another one. */
export function toServerName(name: string): string {
  if (isServerName(name)) return name
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[^A-Za-z]+|-+$/g, '')
    .slice(0, MAX_LENGTH)
  if (plain === '') return 'server'
  return RESERVED_SERVER_NAMES.includes(plain) ? `${plain}-server` : plain
}

/** Allowed names for a list of names, in their order and all different. Names that are allowed stay as they are. */
export function toServerNames(names: readonly string[]): readonly string[] {
  const taken = new Set(names.filter(isServerName))
  return names.map((name) => {
    if (isServerName(name)) return name
    const wanted = toServerName(name)
    let candidate = wanted
    for (let number = 2; taken.has(candidate); number++) {
      candidate = `${wanted.slice(0, MAX_LENGTH - String(number).length - 1)}-${number}`
    }
    taken.add(candidate)
    return candidate
  })
}
