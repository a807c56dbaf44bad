/** The tables of who may call, of approvals, effects, budgets and the audit. What is absent is null, or '' where it is searched for. */
export interface GovernanceTables {
  readonly organisation: OrganisationTable
  readonly team: TeamTable
  readonly virtualKey: VirtualKeyTable
  readonly mark: MarkTable
  readonly approval: ApprovalTable
  readonly approvalUse: ApprovalUseTable
  readonly effect: EffectTable
  readonly budget: BudgetTable
  readonly budgetWindow: BudgetWindowTable
  readonly auditRow: AuditRowTable
  readonly auditSearch: AuditSearchTable
  readonly auditCheckpoint: AuditCheckpointTable
}

interface LevelTable {
  readonly id: string
  readonly title: string | null
  /** JSON. */
  readonly policy: string
  /** JSON. */
  readonly limits: string
}

export type OrganisationTable = LevelTable

export interface TeamTable extends LevelTable {
  readonly organisation: string | null
}

export interface VirtualKeyTable extends LevelTable {
  readonly team: string | null
  /** JSON: hashes of secrets, no secret. */
  readonly secrets: string
  readonly createdAtMs: number
  readonly expiresAtMs: number | null
  readonly revokedAtMs: number | null
}

/** Numbers that stand for themselves. */
interface MarkTable {
  /** `identity`: grows with each change of who may call. `audit.floor`: rows up to this one are pruned, or about to be. */
  readonly name: string
  readonly value: number
}

export interface ApprovalTable {
  readonly id: string
  readonly owner: string
  readonly team: string | null
  readonly state: string
  readonly kind: string
  /** '' for a plan. */
  readonly tool: string
  readonly hash: string
  /** '' where no script makes the call. */
  readonly codeHash: string
  readonly runId: string
  readonly runKey: string
  readonly binding: string
  readonly rule: string
  readonly createdAtMs: number
  readonly expiresAtMs: number
  readonly fourEyes: number
  /** Of the decision; '' before it. */
  readonly scope: string
  /** Of the subject, before it was sealed. */
  readonly bytes: number
  /** JSON. */
  readonly decision: string | null
  /** JSON, sealed. */
  readonly subject: string
}

interface ApprovalUseTable {
  readonly owner: string
  readonly runId: string
  readonly runKey: string
  readonly approval: string
  /** Of the call. */
  readonly hash: string
  /** The glob of `atMost` under which it counts; '' where it was approved as it is. */
  readonly glob: string
}

interface EffectTable {
  readonly owner: string
  readonly runId: string
  readonly runKey: string
  readonly tool: string
  readonly argumentsHash: string
  readonly beganAtMs: number
  /** JSON, sealed. Null: nobody knows how it ended. */
  readonly outcome: string | null
}

interface BudgetTable {
  readonly account: string
  readonly windowStartMs: number
  readonly endsAtMs: number
  readonly amount: number
  readonly spent: number
  /** What the last statement took: `RETURNING` knows new values only. */
  readonly taken: number
}

/** Windows that begin with the first use: the one that is open. */
interface BudgetWindowTable {
  readonly account: string
  readonly windowStartMs: number
}

/** The chain. */
export interface AuditRowTable {
  readonly seq: number
  readonly hash: string
  readonly body: string
}

/** What is searched for in a row, apart from it: narrow, and written at its end only. */
export interface AuditSearchTable {
  readonly seq: number
  readonly atMs: number
  readonly kind: string
  readonly principal: string
  /** '' where there is none. */
  readonly tool: string
  readonly outcome: string
}

interface AuditCheckpointTable {
  readonly seq: number
  readonly hash: string
  readonly previous: number
  readonly atMs: number
  readonly keyId: string
  readonly signature: string
}
