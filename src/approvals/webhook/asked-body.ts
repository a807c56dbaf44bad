import type { Approval } from '../../core/approval.ts'
import type { JsonObject } from '../../core/json.ts'

/** What is larger is not sent: half of the arguments would say something else than the whole. */
const MAX_ARGUMENT_CHARS = 262_144

/** What a receiver is told of an approval that waits, as JSON. */
export function toAskedBody(approval: Approval): string {
  const { id, owner, team, rule, createdAtMs, expiresAtMs, fourEyes } = approval
  return JSON.stringify({
    type: 'approval.asked',
    approval: {
      id,
      owner,
      ...(team === undefined ? {} : { team }),
      rule,
      createdAt: new Date(createdAtMs).toISOString(),
      expiresAt: new Date(expiresAtMs).toISOString(),
      fourEyes,
      ...subjectOf(approval),
    },
  })
}

function subjectOf({ subject }: Approval): JsonObject {
  if (subject.kind === 'plan') {
    const effects = subject.effects.map(({ tool, args }) => ({ tool, args }))
    const { hash, codeHash } = subject
    return { kind: 'plan', plan: hash, codeHash, ...bounded('effects', effects) }
  }
  const { tool, args, run } = subject
  return {
    kind: 'call',
    tool,
    ...bounded('args', args),
    ...(run === undefined ? {} : { run: { id: run.id, codeHash: run.codeHash, done: run.done } }),
  }
}

function bounded(name: string, value: JsonObject | readonly JsonObject[]): JsonObject {
  const chars = JSON.stringify(value).length
  return chars > MAX_ARGUMENT_CHARS ? { [`${name}Chars`]: chars } : { [name]: value }
}
