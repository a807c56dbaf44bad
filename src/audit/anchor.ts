import { closeSync, constants, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { GatewayError } from '../core/errors.ts'
import { isJsonObject } from '../core/json.ts'

/** The same width whatever it says, so that it is replaced in one write and is never half of an old and half of a new one. */
const WIDTH = 160

/** How far the chain reached when this gateway wrote to it last. It stands outside of the store: rows that are cut off its end are missed. */
export interface Anchor {
  readonly seq: number
  readonly hash: string
  /** The number of the last checkpoint; 0 where there is none. */
  readonly checkpoint: number
}

/** The file of an anchor. */
export interface AnchorFile {
  /** @throws GatewayError `audit_broken` where there is a file and no anchor in it */
  readonly read: () => Anchor | undefined
  /** Not flushed to the disk: after a power cut it may be older than the chain, and never newer. */
  readonly write: (anchor: Anchor) => void
  readonly close: () => void
}

/** Where the anchor is: beside the key that signs. */
export function anchorFile(keyFile: string): string {
  return join(dirname(keyFile), 'audit.head.json')
}

/** Opens the file of an anchor at the first write. */
export function openAnchor(file: string): AnchorFile {
  let handle: number | undefined
  return {
    read() {
      let text: string
      try {
        text = readFileSync(file, 'utf8')
      } catch (cause) {
        const { code } = cause as NodeJS.ErrnoException
        if (code === 'ENOENT') return undefined
        throw new GatewayError('audit_broken', `${file} cannot be read: ${code ?? 'unknown error'}.`, {
          cause,
        })
      }
      return parseAnchor(text, file)
    },
    write(anchor) {
      const { seq, hash, checkpoint } = anchor
      handle ??= openInPlace(file)
      writeSync(handle, `${JSON.stringify({ seq, hash, checkpoint }).padEnd(WIDTH - 1)}\n`, 0)
    },
    close() {
      if (handle !== undefined) closeSync(handle)
      handle = undefined
    },
  }
}

/** @throws GatewayError `audit_broken` */
export function parseAnchor(text: string, file: string): Anchor {
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch {
    // Told below.
  }
  if (isJsonObject(found)) {
    const { seq, hash, checkpoint } = found
    const isNumbered = Number.isSafeInteger(seq) && Number.isSafeInteger(checkpoint)
    if (isNumbered && typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash))
      return { seq: seq as number, hash, checkpoint: checkpoint as number }
  }
  throw new GatewayError('audit_broken', `${file} does not say how far the chain reached.`)
}

/** Without cutting it to nothing first: whoever reads it at that moment would find none. */
function openInPlace(file: string): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  return openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600)
}
