import type { Approval, GrantRequest } from '../../core/approval.ts'
import { matchesGlob } from '../../core/glob.ts'
import type { PartPorts } from '../ports.ts'
import type { DialectName, SqlTransaction } from '../sql/sql.ts'
import { fromApprovalRow, type ApprovalRow } from './approval-row.ts'

/** What lets a call through: the approval, and the glob under which it counts. */
interface Grant {
  readonly approval: Approval
  readonly glob: string
}

type Plan = Extract<Approval['subject'], { kind: 'plan' }>

/**
 * Takes the grant for a call, in one transaction. The rows that may grant it are locked in the order of their ids, so that two who take
 * from one plan wait for each other and count rightly. A no is stronger than every yes.
 */
export function takeGrant(
  { sql, dialect, seal }: Pick<PartPorts, 'sql' | 'dialect' | 'seal'>,
  request: GrantRequest,
): Promise<Approval | 'denied' | undefined> {
  return sql.transaction().execute(async (transaction) => {
    const rows = await candidates(transaction, dialect, request)
    if (rows.some((row) => isNo(row, request))) return 'denied'
    const granting = rows
      .filter((row) => row.expiresAtMs > request.nowMs)
      .map((row) => fromApprovalRow(row, seal))

    const use = await usedBefore(transaction, request)
    if (use !== undefined) {
      // The same call again gets what it got. Another one under its key, or too late, gets nothing.
      if (use.hash !== request.hash) return undefined
      return granting.find(({ id }) => id === use.approval)
    }
    const approved = granting.filter(({ state }) => state === 'approved')
    const once = approved.find((approval) => scopeOf(approval) === 'call' && isThisCall(approval, request))
    const grant: Grant | undefined =
      once !== undefined
        ? { approval: once, glob: '' }
        : (ofRun(approved, request) ?? (await ofPlans(transaction, approved, request)))
    if (grant === undefined) return undefined
    const { approval, glob } = grant
    if (once !== undefined)
      await transaction.updateTable('approval').set({ state: 'used' }).where('id', '=', approval.id).execute()
    await remember(transaction, request, approval.id, glob)
    return once === undefined ? approval : { ...approval, state: 'used' }
  })
}

/** All approvals of the owner that say something about the call, whatever they say. */
function candidates(
  transaction: SqlTransaction,
  dialect: DialectName,
  { owner, tool, hash, run }: GrantRequest,
): Promise<ApprovalRow[]> {
  return transaction
    .selectFrom('approval')
    .selectAll()
    .where('owner', '=', owner)
    .where((row) =>
      row.or([
        row.and({ kind: 'call', hash, runId: run?.id ?? '', runKey: run?.key ?? '' }),
        ...(run === undefined
          ? []
          : [
              row.and({ kind: 'call', scope: 'run', runId: run.id, tool, codeHash: run.codeHash }),
              row.and({ kind: 'plan', codeHash: run.codeHash, state: 'approved' }),
            ]),
      ]),
    )
    .orderBy('id')
    .$if(dialect === 'postgres', (query) => query.forUpdate())
    .execute()
}

/**
 * A run is told the same at each replay, also when the time of the approval is over. A call that no script makes may be asked for
 * anew after that.
 */
function isNo(row: ApprovalRow, { hash, run, nowMs }: GrantRequest): boolean {
  const isSame = row.kind === 'call' && row.hash === hash && row.runKey === (run?.key ?? '')
  if (!isSame) return false
  if (run === undefined) return row.state === 'denied' && row.expiresAtMs > nowMs
  return (
    row.state === 'denied' || row.state === 'expired' || (row.state === 'pending' && row.expiresAtMs <= nowMs)
  )
}

function isThisCall({ subject, binding }: Approval, request: GrantRequest): boolean {
  if (subject.kind !== 'call' || binding !== request.binding) return false
  return (
    subject.hash === request.hash && subject.tool === request.tool && subject.run?.key === request.run?.key
  )
}

function ofRun(approved: readonly Approval[], { tool, binding, run }: GrantRequest): Grant | undefined {
  const approval = approved.find(
    ({ subject, ...found }) =>
      scopeOf(found) === 'run' &&
      run !== undefined &&
      subject.kind === 'call' &&
      subject.run?.id === run.id &&
      subject.tool === tool &&
      found.binding === binding,
  )
  return approval === undefined ? undefined : { approval, glob: '' }
}

/** Each call of a plan once for each time that it stands there; then what `atMost` says. */
async function ofPlans(
  transaction: SqlTransaction,
  approved: readonly Approval[],
  request: GrantRequest,
): Promise<Grant | undefined> {
  for (const approval of approved) {
    const { subject, decision } = approval
    if (subject.kind !== 'plan' || decision?.scope !== 'plan') continue
    const same = subject.effects.filter((effect) => isOfTool(effect, request) && effect.hash === request.hash)
    const uses = await usesOf(transaction, approval.id, request.hash)
    if ((uses.get('') ?? 0) < same.length) return { approval, glob: '' }
    // A tool that the plan does not have was shown to nobody: what stands behind it cannot be compared.
    if (!subject.effects.some((effect) => isOfTool(effect, request))) continue
    const glob = Object.entries(decision.atMost ?? {}).find(
      ([pattern, most]) =>
        pattern !== '' && matchesGlob(pattern, request.tool) && (uses.get(pattern) ?? 0) < most,
    )
    if (glob !== undefined) return { approval, glob: glob[0] }
  }
  return undefined
}

function isOfTool({ tool, binding }: Plan['effects'][number], request: GrantRequest): boolean {
  return tool === request.tool && binding === request.binding
}

/** How often a plan was used: under '' for this very call, else by glob. */
async function usesOf(
  transaction: SqlTransaction,
  approval: string,
  hash: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await transaction
    .selectFrom('approvalUse')
    .select(({ fn }) => ['glob', fn.countAll<number>().as('count')])
    .where('approval', '=', approval)
    .where((row) => row.or([row('glob', '<>', ''), row('hash', '=', hash)]))
    .groupBy('glob')
    .execute()
  return new Map(rows.map(({ glob, count }) => [glob, count]))
}

async function usedBefore(transaction: SqlTransaction, { owner, run }: GrantRequest) {
  if (run === undefined) return undefined
  return transaction
    .selectFrom('approvalUse')
    .select(['approval', 'hash'])
    .where((use) => use.and({ owner, runId: run.id, runKey: run.key }))
    .executeTakeFirst()
}

async function remember(
  transaction: SqlTransaction,
  { owner, hash, run }: GrantRequest,
  approval: string,
  glob: string,
): Promise<void> {
  if (run === undefined) return
  await transaction
    .insertInto('approvalUse')
    .values({ owner, runId: run.id, runKey: run.key, approval, hash, glob })
    .execute()
}

function scopeOf({ decision }: Pick<Approval, 'decision'>): string | undefined {
  return decision?.scope
}
