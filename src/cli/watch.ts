import type { Plan } from '../config/compile.ts'
import type { PlanDiff } from '../config/diff.ts'
import { describeError, toGatewayError } from '../core/errors.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Log } from '../telemetry/log.ts'
import type { CliPorts } from './ports.ts'
import { loadPlan } from './session.ts'

/** What is watched, and for whom. */
export interface WatchParts {
  /** The file, as an absolute path. */
  readonly path: string
  readonly gateway: Gateway
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
