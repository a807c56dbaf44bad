import type { MockTool } from '../../stage.ts'

type Definition = MockTool['definition']

const ALERT = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    rule: { type: 'string' },
    service: { type: 'string' },
    severity: { type: 'string', enum: ['critical', 'warning', 'info'] },
    state: { type: 'string', enum: ['firing', 'acknowledged', 'resolved'] },
    region: { type: 'string' },
    summary: { type: 'string' },
    value: { type: 'number' },
    threshold: { type: 'number' },
    unit: { type: 'string' },
    startedAt: { type: 'string' },
    endedAt: { type: ['string', 'null'] },
    acknowledgedBy: { type: ['string', 'null'] },
    note: { type: ['string', 'null'] },
    runbook: { type: 'string' },
  },
  required: ['id', 'rule', 'service', 'severity', 'state', 'region', 'summary', 'startedAt', 'endedAt'],
}

export const QUERY_SERIES: Definition = {
  name: 'query_series',
  description:
    'Get what was measured of a service over a time: one value for each step, as pairs of seconds since 1970 and value. At most 2,000 values at once.',
  inputSchema: {
    type: 'object',
    properties: {
      service: { type: 'string', description: 'Name of the service, for example shipping' },
      metric: { type: 'string', description: 'What is measured, for example error_rate' },
      from: { type: 'string', description: 'ISO 8601' },
      to: { type: 'string', description: 'ISO 8601, not included' },
      stepSeconds: {
        type: 'integer',
        enum: [60, 300, 3600],
        default: 60,
        description: 'Mean over so many seconds',
      },
      region: { type: 'string', description: 'Only this region; all together where it is left out' },
    },
    required: ['service', 'metric', 'from', 'to'],
  },
}

export const LIST_ALERTS: Definition = {
  name: 'list_alerts',
  description:
    'List alerts of the monitoring, newest first, by state, severity, service or the time of their start.',
  inputSchema: {
    type: 'object',
    properties: {
      state: { type: 'string', enum: ['firing', 'acknowledged', 'resolved'] },
      severity: { type: 'string', enum: ['critical', 'warning', 'info'] },
      service: { type: 'string', description: 'Name of the service' },
      since: { type: 'string', description: 'Started at this time or later, ISO 8601' },
      until: { type: 'string', description: 'Started before this time, ISO 8601' },
      limit: { type: 'integer', minimum: 1, default: 25, description: 'Alerts per page, at most 50' },
      cursor: { type: 'string', description: 'nextCursor of the page before' },
    },
  },
  outputSchema: {
    type: 'object',
    properties: { alerts: { type: 'array', items: ALERT }, nextCursor: { type: ['string', 'null'] } },
    required: ['alerts', 'nextCursor'],
  },
}

export const ACKNOWLEDGE_ALERT: Definition = {
  name: 'acknowledge_alert',
  description:
    'Acknowledge an alert that is firing: nobody is called for it any more, and the note says who does what about it.',
  inputSchema: {
    type: 'object',
    properties: {
      id: { type: 'string', description: 'Id of the alert, for example a-2207' },
      note: { type: 'string', description: 'What is being done' },
      silenceMinutes: { type: 'integer', minimum: 5, maximum: 1440, default: 60 },
    },
    required: ['id', 'note'],
  },
  outputSchema: ALERT,
}
