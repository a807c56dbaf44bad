import { UNKNOWN_CLIENT } from '../../core/listing.ts'
import type { ShownMode } from '../../core/mode.ts'
import type { Principal } from '../../core/principal.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import { displayAt } from '../../gateway/listing/display-at.ts'
import { createModes } from '../../gateway/listing/modes.ts'

/** Whoever has the token, as it is at the HTTP door. */
const ANYBODY: Principal = Object.freeze({ id: 'token', kind: 'token' })

const SHOWN: Readonly<Record<ShownMode, string>> = {
  classic: 'the classic tool list',
  code: 'Code Mode',
  search: 'search and single calls',
}

/** What a client that is not known is shown at `/mcp` at the moment; undefined where that does not depend on the moment. */
export function describeModeNow(gateway: Gateway): string | undefined {
  const display = displayAt(gateway.configuration().plan, '/mcp')
  if (display.mode !== 'auto') return undefined
  const { mode } = createModes(gateway, 'mcp', () => display).choose(ANYBODY, UNKNOWN_CLIENT)
  const than = mode === 'classic' ? 'at most' : 'more than'
  return `A client that is not known is shown ${SHOWN[mode]} at /mcp now: the definitions cost ${than} ${display.autoThresholdTokens} tokens.`
}
