import type { Json, JsonObject } from '../../../core/json.ts'
import { MockFailure, type MockServer } from '../../stage.ts'
import { readOptionalText, readText, toPage } from '../world.ts'
import { createAlerts, type Alert } from './data/alerts.ts'
import { SELF } from './data/events.ts'
import { measure, METRICS } from './data/series.ts'
import { TEAMS } from './data/staff.ts'
import { ACKNOWLEDGE_ALERT, LIST_ALERTS, QUERY_SERIES } from './metrics-tools.ts'

const MAX_POINTS = 2_000

/** What is measured of the services, and the alerts that come of it. */
export function createMetrics(): MockServer {
  const first = createAlerts()
  let alerts = first
  return {
    name: 'metrics',
    reset() {
      alerts = first
    },
    tools: [
      { definition: QUERY_SERIES, run: querySeries },
      {
        definition: LIST_ALERTS,
        run(args) {
          const { state, severity, service } = args
          const since = readOptionalText(args, 'since') ?? ''
          const until = readOptionalText(args, 'until') ?? '9999'
          const matches = alerts.filter(
            (alert) =>
              (state === undefined || alert.state === state) &&
              (severity === undefined || alert.severity === severity) &&
              (service === undefined || alert.service === service) &&
              alert.startedAt >= since &&
              alert.startedAt < until,
          )
          const { entries, nextCursor } = toPage(matches, args, { usual: 25, most: 50 })
          return { alerts: entries, nextCursor }
        },
      },
      {
        definition: ACKNOWLEDGE_ALERT,
        run(args) {
          const id = readText(args, 'id')
          const alert = alerts.find((each) => each.id === id)
          if (alert === undefined) throw new MockFailure(`No alert ${id}.`)
          if (alert.state !== 'firing') throw new MockFailure(`Alert ${id} is ${alert.state}, not firing.`)
          const changed: Alert = {
            ...alert,
            state: 'acknowledged',
            acknowledgedBy: SELF,
            note: readText(args, 'note'),
          }
          alerts = alerts.map((each) => (each === alert ? changed : each))
          return changed
        },
      },
    ],
  }
}

function querySeries(args: JsonObject): Json {
  const service = readText(args, 'service')
  const metric = readText(args, 'metric')
  const from = Date.parse(readText(args, 'from')) / 1_000
  const to = Date.parse(readText(args, 'to')) / 1_000
  const step = typeof args['stepSeconds'] === 'number' ? args['stepSeconds'] : 60
  if (!TEAMS.some(({ services }) => services.includes(service)))
    throw new MockFailure(`No service '${service}'.`)
  if (METRICS[metric] === undefined)
    throw new MockFailure(
      `'${metric}' is not measured of ${service}. Metrics: ${Object.keys(METRICS).join(', ')}.`,
    )
  if (!(to > from)) throw new MockFailure(`'from' and 'to' must be times, 'to' the later one.`)
  if ((to - from) / step > MAX_POINTS)
    throw new MockFailure(`More than ${MAX_POINTS} values. Ask for a shorter time or larger steps.`)
  const points = measure(service, metric, from, to, step)
  return {
    service,
    metric,
    unit: METRICS[metric].unit,
    region: readOptionalText(args, 'region') ?? 'all',
    stepSeconds: step,
    points,
  }
}
