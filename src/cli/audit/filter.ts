import { Option, type Command } from 'commander'

import { AUDIT_KINDS, type AuditEvent, type AuditKind, type AuditQuery } from '../../core/audit.ts'
import { UsageError } from '../failure.ts'
import { toLine } from '../output/printable.ts'
import type { ConfigOptions } from '../verb.ts'

/** The options that say which events are meant. */
export interface FilterOptions extends ConfigOptions {
  readonly since?: string
  readonly until?: string
  readonly principal?: string
  readonly tool?: string
  readonly kind?: AuditKind
  readonly outcome?: AuditEvent['outcome']
}

const OUTCOMES: readonly AuditEvent['outcome'][] = ['ok', 'tool_error', 'refused']

const UNITS_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}
/** A day, or a moment as RFC 3339 writes it. */
const MOMENT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/

/** Gives a verb the options that say which events are meant. */
export function withFilter(command: Command): Command {
  return command
    .option('-s, --since <time>', '30m, 12h, 7d or 4w ago, a day as 2026-11-22, or 2026-11-22T10:00:00Z')
    .option('-u, --until <time>', 'the same, for the end')
    .option('-p, --principal <id>', 'who: `key:build`, `token`, `cli`')
    .option('-t, --tool <server.tool>', 'of one tool')
    .addOption(new Option('-k, --kind <kind>', 'of one kind').choices(AUDIT_KINDS))
    .addOption(new Option('-o, --outcome <outcome>', 'that ended so').choices(OUTCOMES))
}

/** What the options ask for. @throws UsageError */
export function toQuery(options: FilterOptions, nowMs: () => number): AuditQuery {
  const { since, until, principal, tool, kind, outcome } = options
  return {
    ...(since === undefined ? {} : { fromMs: parseMoment('--since', since, nowMs) }),
    ...(until === undefined ? {} : { toMs: parseMoment('--until', until, nowMs) }),
    ...(principal === undefined ? {} : { principal }),
    ...(tool === undefined ? {} : { tool }),
    ...(kind === undefined ? {} : { kind }),
    ...(outcome === undefined ? {} : { outcome }),
  }
}

function parseMoment(option: string, text: string, nowMs: () => number): number {
  const [, count, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? []
  if (count !== undefined) return nowMs() - Number(count) * (UNITS_MS[unit] ?? 0)
  const atMs = MOMENT.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(atMs)) {
    throw new UsageError(
      `${option} takes 30m, 12h, 7d, 4w, a day as 2026-11-22 or a moment as 2026-11-22T10:00:00Z, not "${toLine(text, 40)}".`,
    )
  }
  return atMs
}
