import { describeKilledRuns } from './killed-runs.ts'

describeKilledRuns('SQLite')
