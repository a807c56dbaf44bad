import type { ApprovalDecisions } from '../../core/approval-desk.ts'
import type { AuditStore } from '../../core/audit.ts'
import type { Door } from '../../core/call.ts'
import type { IdentityDesk } from '../../core/identity-desk.ts'
import type { JsonObject } from '../../core/json.ts'
import type { ToolRef } from '../../core/tool.ts'

/** A question about the policy. */
export interface ExplainRequest {
  /** The id of a virtual key. Absent: whoever has the token of the gateway. */
  readonly key?: string
  readonly tool: ToolRef
  readonly door: Door
  /** Absent: what the mildest verdict is. */
  readonly args?: JsonObject
}

/** What the admin API works with. Nothing here starts a server or runs a command. */
export interface AdminPorts {
  readonly identities: IdentityDesk
  readonly approvals: ApprovalDecisions
  readonly audit: {
    readonly list: AuditStore['list']
    /** Checks the chain and says what was found, a fault as well. */
    readonly verify: () => Promise<object>
  }
  /** @throws GatewayError `not_there` for a key that does not exist */
  readonly explain: (request: ExplainRequest) => Promise<object>
  /** The limits that hold for a key, or for the gateway alone, and what is used of them. @throws GatewayError `not_there` */
  readonly limits: (key: string | undefined) => Promise<readonly object[]>
}
