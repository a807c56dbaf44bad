import type { Plan } from '../config/compile.ts'
import type { PlanDiff } from '../config/diff.ts'
import type { AuditEvent } from '../core/audit.ts'
import { describeError, toGatewayError, type GatewayError } from '../core/errors.ts'
import type { Log } from '../telemetry/log.ts'
import type { CliPorts, OpenedGateway } from './ports.ts'
import { loadPlan } from './session.ts'

/** What is watched, and for whom. */
export interface WatchParts {
  /** The file, as an absolute path. */
  readonly path: string
  readonly gateway: OpenedGateway
  /** What the command line says goes over what the file says. */
  readonly adjust: (plan: Plan) => Plan
  readonly log: Log
  /** False: only SIGHUP reads the file again. */
  readonly watchesFile: boolean
}

/** A configuration that is applied whenever it changes. */
export interface ConfigWatch {
  /** True while the file has errors, so that the configuration before it is served. */
  readonly isStale: () => boolean
  readonly stop: () => void
}

/** Reads the configuration again when its file changes and at SIGHUP, and applies it. A bad one changes nothing. */
export function watchConfig(ports: CliPorts, parts: WatchParts): ConfigWatch {
  const { path, gateway, adjust, log, watchesFile } = parts
  let isStale = false
  let isStopped = false
  let running: Promise<void> | undefined
  let again = false

  const read = async (): Promise<void> => {
    try {
      const { plan } = await loadPlan(ports, path)
      const { revision, applied, diff } = await gateway.reload(adjust(plan))
      isStale = false
      if (applied) log.info({ revision, ...summaryOf(diff) }, 'The configuration was applied.')
      else log.info({ revision }, 'The configuration has nothing new to apply.')
      if (diff.restart.length > 0)
        log.warn({ settings: diff.restart }, 'These settings are applied at the next start.')
    } catch (thrown) {
      if (isStopped) return
      isStale = true
      const error = toGatewayError(thrown)
      const { revision } = gateway.configuration()
      gateway.governance.note(toRefused(ports, error, revision))
      log.error(
        {
          path,
          revision,
          code: error.code,
          ...(error.code === 'config_invalid' ? { issues: error.detail['issues'] } : {}),
          ...(error.cause === undefined ? {} : { err: error.cause }),
        },
        `The configuration is not applied, the one before it is served: ${describeError(error)}`,
      )
    }
  }

  /** One at a time. What changes while a file is read is read once more. */
  const changed = (): void => {
    if (isStopped) return
    if (running !== undefined) {
      again = true
      return
    }
    running = read().finally(() => {
      running = undefined
      if (again) {
        again = false
        changed()
      }
    })
  }

  const stopHangup = hangupMeansRead(ports) ? ports.onHangup(changed) : undefined
  const stopWatch = watchesFile
    ? ports.watchFile(path, changed, (reason) =>
        log.warn({ path, reason }, 'The configuration cannot be watched; SIGHUP reads it again.'),
      )
    : undefined
  return {
    isStale: () => isStale,
    stop: () => {
      isStopped = true
      stopHangup?.()
      stopWatch?.()
    },
  }
}

/** On a terminal the signal says that the terminal is gone, and ends the program as it always does. */
function hangupMeansRead({ stdout, stderr }: CliPorts): boolean {
  return !stdout.isTerminal && !stderr.isTerminal
}

interface ConfigErrors {
  readonly path?: string
  readonly issues?: readonly string[]
}

/** Line, column and path of an error, without what is said of it. */
const PLACE = /^:(\d+:\d+ \S{0,200})/

/** Where the errors are, and not what stands there: that may be a credential which was put into the wrong place. */
function toRefused({ nowMs, newId }: CliPorts, error: GatewayError, revision: number): AuditEvent {
  const { path = '', issues = [] }: ConfigErrors = error.code === 'config_invalid' ? error.detail : {}
  const places = issues.flatMap((issue) => PLACE.exec(issue.slice(path.length))?.[1] ?? [])
  return {
    kind: 'config.refused',
    atMs: Math.floor(nowMs()),
    id: newId(),
    principal: 'gateway',
    outcome: 'refused',
    code: error.code,
    // The one that goes on being served.
    detail: { revision, ...(places.length === 0 ? {} : { places }) },
  }
}

function summaryOf({ servers, rules, settings }: PlanDiff): object {
  return {
    added: servers.added,
    removed: servers.removed,
    changed: servers.changed.map(({ name }) => name),
    rulesAdded: rules.added.length,
    rulesRemoved: rules.removed.length,
    settings,
  }
}
