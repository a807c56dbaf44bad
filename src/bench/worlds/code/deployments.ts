import type { Json, JsonObject } from '../../../core/json.ts'
import { MockFailure } from '../../stage.ts'
import { readText } from '../world.ts'
import { createLog } from './data/log.ts'

/** Deployments go on by one stage each time that somebody asks for them. */
interface Deployments {
  readonly create: (args: JsonObject) => Json
  readonly get: (args: JsonObject) => Json
  readonly reset: () => void
}

const STATUSES = ['queued', 'building', 'testing', 'releasing', 'live'] as const
type Status = (typeof STATUSES)[number] | 'failed'

interface Deployment {
  readonly id: string
  readonly ref: string
  readonly environment: string
  readonly status: Status
  readonly log: string
}

const FAILED: Deployment = {
  id: 'd-3071',
  ref: 'v2.4.0-rc4',
  environment: 'production',
  status: 'failed',
  log: createLog(),
}

const FIRST_ID = 3_072

/** Begins with one that has failed. */
export function createDeployments(): Deployments {
  let all: readonly Deployment[] = [FAILED]
  return {
    create(args) {
      const environment = readText(args, 'environment')
      const ref = readText(args, 'ref')
      if (args['skipTests'] === true && environment !== 'preview')
        throw new MockFailure(`Tests cannot be skipped for ${environment}.`)
      const created: Deployment = {
        id: `d-${FIRST_ID + all.length - 1}`,
        ref,
        environment,
        status: 'queued',
        log: `09:00:00.000 [fetch] checking out atlas/shop at ${ref}`,
      }
      all = [...all, created]
      return toJson(created, false)
    },
    get(args) {
      const id = readText(args, 'id')
      const found = all.find((deployment) => deployment.id === id)
      if (found === undefined) throw new MockFailure(`No deployment ${id}.`)
      const next = { ...found, status: following(found.status) }
      all = all.map((deployment) => (deployment === found ? next : deployment))
      return toJson(next, args['log'] === true)
    },
    reset() {
      all = [FAILED]
    },
  }
}

function following(status: Status): Status {
  const at = STATUSES.findIndex((each) => each === status)
  return at < 0 ? status : (STATUSES[at + 1] ?? 'live')
}

function toJson({ id, ref, environment, status, log }: Deployment, withLog: boolean): Json {
  const at = STATUSES.findIndex((each) => each === status)
  const stageStatus = (stage: number): string => {
    if (status === 'failed') return stage === 1 ? 'succeeded' : stage === 2 ? 'failed' : 'skipped'
    return stage < at || status === 'live' ? 'succeeded' : stage === at ? 'running' : 'waiting'
  }
  return {
    id,
    ref,
    environment,
    status,
    startedBy: status === 'failed' ? 'henrik.solberg' : 'you',
    createdAt: status === 'failed' ? '2026-03-06T14:02:11Z' : '2026-03-09T13:00:00Z',
    finishedAt:
      status === 'failed' ? '2026-03-06T14:08:02Z' : status === 'live' ? '2026-03-09T13:06:40Z' : null,
    url: status === 'live' ? `https://${environment}.shop.example/${id}` : null,
    failure: status === 'failed' ? 'Stage test: 3 tests failed. See the log.' : null,
    stages: ['building', 'testing', 'releasing'].map((name, index) => ({
      name,
      status: stageStatus(index + 1),
    })),
    ...(withLog ? { log } : {}),
  }
}
