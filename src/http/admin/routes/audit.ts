import { z } from 'zod'

import { AUDIT_KINDS, type AuditQuery, type AuditRow } from '../../../core/audit.ts'
import { GatewayError } from '../../../core/errors.ts'
import type { AdminPorts } from '../ports.ts'
import { route, type AdminRoute } from '../route.ts'

const ROW = z.object({
  seq: z.number().describe('Its place in the chain.'),
  hash: z.string().describe('SHA-256 over its place, the hash before it, and its text.'),
  event: z.looseObject({ kind: z.string(), atMs: z.number() }),
})
const MOMENT = z.iso.datetime({ offset: true }).optional()
const SEQ = /^[1-9]\d{0,15}$/

/** The routes of the audit. It is read here, and never written. */
export function auditRoutes({ list, verify }: AdminPorts['audit']): readonly AdminRoute[] {
  return [
    route({
      method: 'GET',
      path: '/audit',
      name: 'listAudit',
      summary: 'Lists records, the newest first.',
      query: z.strictObject({
        since: MOMENT,
        until: MOMENT,
        principal: z.string().min(1).max(256).optional(),
        tool: z.string().min(1).max(512).optional().describe('`server.tool`.'),
        kind: z.enum(AUDIT_KINDS).optional(),
        outcome: z.enum(['ok', 'tool_error', 'refused']).optional(),
        afterSeq: z.coerce.number().int().min(0).optional().describe('Only later ones, the oldest first.'),
        limit: z.coerce.number().int().min(1).max(10_000).default(100),
      }),
      answer: z.object({ rows: z.array(ROW) }),
      handle: async ({ query: { since, until, afterSeq, ...rest } }) => {
        const query = {
          ...rest,
          ...(since === undefined ? {} : { fromMs: Date.parse(since) }),
          ...(until === undefined ? {} : { toMs: Date.parse(until) }),
          ...(afterSeq === undefined ? { newestFirst: true } : { afterSeq }),
        }
        const rows = await list(JSON.parse(JSON.stringify(query)) as AuditQuery)
        return { rows: rows.map(toRow) }
      },
    }),
    // Before the one with the number: no record is called like this.
    route({
      method: 'POST',
      path: '/audit/verify',
      name: 'verifyAudit',
      summary: 'Checks the whole chain and its signatures.',
      answer: z.looseObject({}),
      handle: () => verify(),
    }),
    route({
      method: 'GET',
      path: '/audit/:id',
      name: 'getAudit',
      summary: 'Shows one record, by its place in the chain.',
      answer: ROW,
      handle: async ({ id }) => {
        const seq = SEQ.test(id) ? Number(id) : 0
        const [row] = seq === 0 ? [] : await list({ afterSeq: seq - 1, limit: 1 })
        if (row?.seq !== seq) throw new GatewayError('not_there', `There is no record ${id.slice(0, 20)}.`)
        return toRow(row)
      },
    }),
  ]
}

function toRow({ seq, hash, body }: AuditRow): object {
  return { seq, hash, event: JSON.parse(body) as object }
}
