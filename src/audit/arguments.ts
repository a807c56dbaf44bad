import { hash } from 'node:crypto'

import type { AuditEvent } from '../core/audit.ts'
import { GatewayError } from '../core/errors.ts'
import { canonicalJson, isDeeperThan, isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import type { Seal } from '../core/seal.ts'

/** What is recorded of arguments. */
export type ArgumentsMode = 'hash' | 'store' | 'none'

/** The members of an event that say what a call was called with. */
export type RecordedArguments = Pick<AuditEvent, 'argumentsHash' | 'args' | 'argumentBytes'>

/**
 * As deep as the doors and the bindings of scripts let arguments through, so that nobody chooses to have no hash; beyond it, writing them
 * canonically could exhaust the stack.
 */
const MAX_LEVELS = 256
/** Longer ones are recorded by their hash alone. In characters. */
const MAX_STORED = 65_536

const NOTHING: RecordedArguments = Object.freeze({})

/**
 * What is recorded of the arguments of the call with this id: the hash of their canonical JSON (`hash`), the hash and they themselves, sealed
 * (`store`: `args` is `{ sealed }`, or `{ omitted }` where they are too large), or nothing.
 *
 * @throws GatewayError `sealed` where they are to be stored and there is no seal: they are never stored readable
 */
export function argumentsOf(
  mode: ArgumentsMode,
  seal: Seal | undefined,
  id: string,
  args: JsonObject,
): RecordedArguments {
  if (mode === 'none') return NOTHING
  if (isDeeperThan(args, MAX_LEVELS)) return { args: { omitted: 'nested too deeply' } }
  const text = canonicalJson(args)
  const recorded = {
    argumentsHash: `sha256:${hash('sha256', text, 'hex')}`,
    argumentBytes: Buffer.byteLength(text),
  }
  if (mode === 'hash') return recorded
  if (seal === undefined)
    throw new GatewayError(
      'sealed',
      'Arguments are to be recorded, and there is no key to encrypt them with.',
    )
  if (text.length > MAX_STORED) return { ...recorded, args: { omitted: 'too large' } }
  return { ...recorded, args: { sealed: seal.seal(text, placeOf(id)) } }
}

/**
 * The arguments that an event holds, readable.
 *
 * @returns nothing where it holds none
 * @throws GatewayError `sealed`
 */
export function openArguments({ id, args }: Pick<AuditEvent, 'id' | 'args'>, seal: Seal): Json | undefined {
  if (!isJsonObject(args) || typeof args['sealed'] !== 'string') return undefined
  const text = seal.open(args['sealed'], placeOf(id))
  try {
    return JSON.parse(text) as Json
  } catch (cause) {
    throw new GatewayError('sealed', `The arguments of ${id.slice(0, 100)} are no JSON.`, { cause })
  }
}

function placeOf(id: string): string {
  return `audit.args:${JSON.stringify([id])}`
}
