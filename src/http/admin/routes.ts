import type { AdminPorts } from './ports.ts'
import type { AdminRoute } from './route.ts'
import { approvalRoutes } from './routes/approvals.ts'
import { auditRoutes } from './routes/audit.ts'
import { identityRoutes } from './routes/identities.ts'
import { policyRoutes } from './routes/policy.ts'

/** All routes of the admin API, but for its own description. */
export function createAdminRoutes(ports: AdminPorts): readonly AdminRoute[] {
  return [
    ...identityRoutes(ports.identities),
    ...approvalRoutes(ports.approvals),
    ...auditRoutes(ports.audit),
    ...policyRoutes(ports),
  ]
}
