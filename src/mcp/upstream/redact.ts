import type { UpstreamPlan } from '../plan.ts'

const SECRET_NAME = /key|token|secret|pass|auth|cred|cookie|dsn|connection_?string/i
/** A shorter value is too likely to be an ordinary word of a message. */
const SHORTEST_SECRET = 6

/**
 * Makes the function that takes the secrets of a plan out of a text.
 *
 * The attack it stops: an upstream that repeats the credential it was sent, in an error, on stderr or in
 * a status page, and so carries it into a reason that every caller can read.
 */
export function createRedactor(plan: UpstreamPlan): (text: string) => string {
  const secrets = [...new Set(plan.kind === 'http' ? httpSecrets(plan) : envSecrets(plan.env))]
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length)
  if (secrets.length === 0) return (text) => text
  return (text) => {
    let clean = text
    for (const secret of secrets) clean = clean.replaceAll(secret, '[redacted]')
    return clean
  }
}

function httpSecrets(plan: { url: string; headers: Readonly<Record<string, string>> }): string[] {
  const secrets: string[] = []
  for (const value of Object.values(plan.headers)) {
    secrets.push(value)
    // `Bearer abc`: the token alone is what a server would repeat.
    secrets.push(...value.split(/\s+/).slice(1))
  }
  const url = URL.parse(plan.url)
  if (url === null) return secrets
  const inUrl = [url.username, url.password, ...url.searchParams.values()]
  for (const value of inUrl) secrets.push(value, decodeOrSame(value), encodeURIComponent(value))
  return secrets
}

function envSecrets(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env)
    .filter(([name]) => SECRET_NAME.test(name))
    .map(([, value]) => value)
}

function decodeOrSame(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
