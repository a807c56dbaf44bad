import { hash } from 'node:crypto'

import { canonicalJson, type JsonObject } from '../core/json.ts'

/** What stands behind a tool at this moment. */
export interface Ground {
  /** The definition as the server gave it. Absent: none is known. */
  readonly definition?: JsonObject
  /** Of the way to the server: its command, its arguments and environment, or its address. */
  readonly fingerprint?: string
}

/**
 * Binds an approval to what stands behind a tool: a server that is another one, or a definition that says something else, is not what the
 * person agreed to (CVE-2025-54136). A hash over secrets too: compare it, and never show it.
 */
export function toBinding({ definition, fingerprint }: Ground): string {
  return hash(
    'sha256',
    canonicalJson({ definition: definition ?? null, fingerprint: fingerprint ?? null }),
    'hex',
  )
}
