import { createSeed, type Seed } from '../../seed.ts'
import { TEAMS } from './staff.ts'

/** An alert as the monitoring keeps it. */
export type Alert = Readonly<{
  id: string
  rule: string
  service: string
  severity: string
  state: string
  region: string
  summary: string
  value: number
  threshold: number
  unit: string
  startedAt: string
  endedAt: string | null
  acknowledgedBy: string | null
  note: string | null
  runbook: string
}>

const RULES = [
  { rule: 'latency-p95-high', unit: 'ms', threshold: 800, text: 'is slow' },
  { rule: 'error-rate-high', unit: 'percent', threshold: 2, text: 'answers with too many errors' },
  { rule: 'queue-depth-high', unit: 'jobs', threshold: 5_000, text: 'does not keep up with its queue' },
  { rule: 'disk-nearly-full', unit: 'percent', threshold: 90, text: 'is running out of space' },
  { rule: 'certificate-expires', unit: 'days', threshold: 14, text: 'has a certificate that ends soon' },
] as const

const REGIONS = ['north', 'west', 'south'] as const
const SERVICES = ['checkout', ...TEAMS.flatMap(({ services }) => services)] as const
const DAY_MS = 86_400_000

const FIRING_WARNINGS_OF_CHECKOUT = 16
const OTHERS_FIRING = 18
const RESOLVED = 132

/** All alerts of February 2026, which are over, and those of March that are not. The newest first. */
export function createAlerts(): readonly Alert[] {
  const seed = createSeed(505)
  const february = Array.from({ length: RESOLVED }, (_, index) => {
    const startMs =
      Date.UTC(2026, 1, 1) + Math.floor((index * 28 * DAY_MS) / RESOLVED) + seed.integer(0, 5_000_000)
    return createAlert(seed, 2_000 + index, startMs, { minutes: seed.integer(4, 95) })
  })
  const startOfMarch = Date.UTC(2026, 2, 6)
  const firing = Array.from({ length: FIRING_WARNINGS_OF_CHECKOUT + OTHERS_FIRING }, (_, index) => {
    const startMs = startOfMarch + index * 7_000_000 + seed.integer(0, 3_000_000)
    const isOfCheckout = index < FIRING_WARNINGS_OF_CHECKOUT
    return createAlert(
      seed,
      2_200 + index,
      startMs,
      isOfCheckout ? { service: 'checkout', severity: 'warning' } : {},
    )
  })
  return [...february, ...firing].sort((a, b) => (a.startedAt > b.startedAt ? -1 : 1))
}

function createAlert(
  seed: Seed,
  number: number,
  startMs: number,
  { minutes, ...fixed }: { minutes?: number } & Partial<Pick<Alert, 'service' | 'severity'>>,
): Alert {
  const { rule, unit, threshold, text } = seed.pick<(typeof RULES)[number]>(RULES)
  const service = fixed.service ?? SERVICES[seed.integer(1, SERVICES.length - 1)] ?? 'checkout'
  const severity = fixed.severity ?? seed.pick(['critical', 'warning', 'warning', 'info'] as const)
  const region = seed.pick(REGIONS)
  return {
    id: `a-${number}`,
    rule,
    service,
    severity,
    state: minutes === undefined ? 'firing' : 'resolved',
    region,
    summary: `${service} in ${region} ${text}`,
    value: Math.round(threshold * (1 + seed.integer(2, 140) / 100)),
    threshold,
    unit,
    startedAt: toTime(startMs),
    endedAt: minutes === undefined ? null : toTime(startMs + minutes * 60_000),
    acknowledgedBy: null,
    note: null,
    runbook: `https://handbook.example/runbooks/${rule}`,
  }
}

function toTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
