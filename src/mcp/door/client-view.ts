import { isJsonObject } from '../../core/json.ts'
import { UNKNOWN_CLIENT, type ClientView } from '../../core/listing.ts'
import type { Mode } from '../../core/mode.ts'

/** What is read of a name or a version, characters. */
const MAX_CHARACTERS = 256

/** A client of the session that begins here, before it has said who it is. */
export function newcomer(wish: Mode | undefined): ClientView {
  return { isLasting: true, ...(wish === undefined ? {} : { wish }) }
}

/** The same client of the same session, once it has introduced itself. Source: MCP 2025-11-25, lifecycle, "Initialization". */
export function introduced({ wish, isLasting }: ClientView, clientInfo: unknown): ClientView {
  return { isLasting, ...identityIn(clientInfo), ...(wish === undefined ? {} : { wish }) }
}

/** The client behind a request that stands for itself, where it says who it is. */
export function passing(wish: Mode | undefined, clientInfo: unknown): ClientView {
  return wish === undefined && clientInfo === undefined
    ? UNKNOWN_CLIENT
    : introduced({ isLasting: false, ...(wish === undefined ? {} : { wish }) }, clientInfo)
}

function identityIn(clientInfo: unknown): Pick<ClientView, 'name' | 'version'> {
  if (!isJsonObject(clientInfo)) return {}
  const { name, version } = clientInfo
  return {
    ...(typeof name === 'string' ? { name: name.slice(0, MAX_CHARACTERS) } : {}),
    ...(typeof version === 'string' ? { version: version.slice(0, MAX_CHARACTERS) } : {}),
  }
}
