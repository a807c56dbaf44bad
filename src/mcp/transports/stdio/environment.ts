import { getDefaultEnvironment } from '@modelcontextprotocol/client/stdio'

/**
 * Beside what the SDK finds harmless: where to find the certificates of a private authority, without which a server, or the
 * `npx` that fetches it, hangs at its first request; and what a process needs to speak of dates and to write temporary files
 * as the rest of the machine does. No proxy: its address may carry a password.
 */
const ALSO: readonly string[] = [
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
]

/** The environment that a server is started with, before that of its configuration is added. */
export function minimalEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const also = ALSO.flatMap((name) => {
    const value = env[name]
    // The SDK's own rule: a shell may export functions as variables.
    return value === undefined || value.startsWith('()') ? [] : [[name, value] as const]
  })
  return { ...getDefaultEnvironment(), ...Object.fromEntries(also) }
}
