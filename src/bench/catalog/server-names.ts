import { isServerName, toServerName } from '../../config/client/names.ts'

const MAX_LENGTH = 32

/**
 * Allowed names for servers, all different. A name that is allowed stays as it is, and no other takes it; the rest become what looks
 * most like them, with a number where somebody has that already.
 */
export function nameServers(names: readonly string[]): ReadonlyMap<string, string> {
  const named = new Map<string, string>()
  const taken = new Set(names.filter(isServerName))
  const numbers = new Map<string, number>()
  for (const name of names) {
    if (named.has(name)) continue
    named.set(name, isServerName(name) ? name : takeName(toServerName(name), taken, numbers))
  }
  return named
}

/**
 * A name that is not taken, and takes it.
 *
 * @param numbers The last number of each name: thousands of servers may look alike.
 */
export function takeName(wanted: string, taken: Set<string>, numbers: Map<string, number>): string {
  let candidate = wanted
  for (let number = numbers.get(wanted) ?? 2; taken.has(candidate); number++) {
    candidate = `${wanted.slice(0, MAX_LENGTH - String(number).length - 1)}-${number}`
    numbers.set(wanted, number + 1)
  }
  taken.add(candidate)
  return candidate
}
