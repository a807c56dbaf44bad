import { createSeed } from '../seed.ts'

const ROUTES = [
  '/v1/orders',
  '/v1/orders/search',
  '/v1/payments',
  '/v1/accounts',
  '/v1/invoices',
  '/v1/exports',
] as const
const LINES = 300

/** The access log of one day of the gateway: one line for each request. */
export function makeGatewayLog(): string {
  const seed = createSeed(9_091)
  return Array.from({ length: LINES }, (_, at) => {
    const time = new Date(Date.UTC(2026, 10, 1, 6) + at * 173_000 + seed.integer(0, 999)).toISOString()
    const status = seed.pick([200, 200, 200, 200, 200, 200, 201, 304, 404, 502])
    const isSlow = seed.chance(0.06)
    const took = isSlow ? seed.integer(2_050, 9_400) : seed.integer(9, 1_480)
    const client = `10.20.${seed.integer(0, 7)}.${seed.integer(2, 250)}`
    const method = status === 201 ? 'POST' : 'GET'
    return `${time} ${client} "${method} ${seed.pick(ROUTES)}" ${status} ${seed.integer(180, 48_000)}B ${took}ms id=${seed.hex(8)}`
  }).join('\n')
}

/** The log of one day of the worker: jobs that began and ended. */
export function makeWorkerLog(day: string): string {
  const seed = createSeed(Number(day.replaceAll('-', '')))
  return Array.from({ length: seed.integer(24, 58) }, (_, at) => {
    const hour = String(Math.min(23, Math.floor(at / 2.5))).padStart(2, '0')
    const minute = String(seed.integer(0, 59)).padStart(2, '0')
    const job = seed.pick(['sync-stock', 'send-reminders', 'close-day', 'rebuild-index'])
    const outcome = seed.chance(0.1) ? 'WARN retried' : 'INFO finished'
    return `${day}T${hour}:${minute}:00Z worker ${outcome} job=${job} items=${seed.integer(3, 900)} took=${seed.integer(1, 240)}s`
  })
    .toSorted()
    .join('\n')
}
