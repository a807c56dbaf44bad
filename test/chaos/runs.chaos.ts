import { describeKilledRuns } from '../approvals/killed-runs.ts'

describeKilledRuns('PostgreSQL')
