import type { IncomingMessage, ServerResponse } from 'node:http'

import { isMode, MODES, type Mode } from '../../../core/mode.ts'
import { INVALID_REQUEST, refuse } from './read-json.ts'

/** How a client wants to be shown the tools. */
export interface Wish {
  readonly mode: Mode | undefined
}

const NONE: Wish = Object.freeze({ mode: undefined })

/**
 * Reads the mode that a request names, in its address or in its header; the address wins, because it was written for this
 * endpoint. Undefined where it names one that there is not; then the request has been answered.
 */
export function readWish({ url = '', headers }: IncomingMessage, response: ServerResponse): Wish | undefined {
  const query = url.indexOf('?')
  const inAddress = query < 0 ? null : new URLSearchParams(url.slice(query)).get('mode')
  const inHeader = headers['isogate-mode']
  if (inAddress === null && inHeader === undefined) return NONE
  for (const said of [inAddress ?? undefined, inHeader]) {
    if (said === undefined || isMode(said)) continue
    const names = MODES.map((mode) => `\`${mode}\``).join(', ')
    const place = said === inAddress ? 'The `mode` in the address' : 'The header `isogate-mode`'
    refuse(response, 400, INVALID_REQUEST, `${place} is none of ${names}.`)
    return undefined
  }
  const mode = inAddress ?? inHeader
  return isMode(mode) ? { mode } : NONE
}
