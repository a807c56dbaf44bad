import { createSeed } from '../seed.ts'

/** A service of the installation whose files can be looked at. */
interface Service {
  readonly name: string
  readonly team: string
  readonly port: number
  readonly replicas: number
  readonly poolSize: number
  readonly timeoutMs: number
  readonly logLevel: string
  readonly cacheMb: number
}

const NAMES = [
  'accounts',
  'billing',
  'catalog',
  'checkout',
  'courier',
  'documents',
  'exports',
  'forecast',
  'gateway',
  'identity',
  'imports',
  'invoices',
  'ledger',
  'mailer',
  'orders',
  'payments',
  'pricing',
  'reports',
  'returns',
  'search',
  'sessions',
  'shipping',
  'taxes',
  'webhooks',
]

/** Each with settings of its own. */
export function makeServices(): readonly Service[] {
  const seed = createSeed(6_007)
  return NAMES.map((name, at) => ({
    name,
    team: seed.pick(['atlas', 'borealis', 'cygnus', 'delta']),
    port: 7100 + at,
    replicas: seed.integer(1, 6),
    poolSize: seed.pick([10, 20, 20, 40, 60]),
    timeoutMs: seed.pick([500, 1_500, 1_500, 3_000, 8_000]),
    logLevel: seed.pick(['info', 'info', 'warn', 'debug']),
    cacheMb: seed.pick([64, 128, 256, 512]),
  }))
}

/** The file of settings of a service. */
export function toConfigFile(service: Service): string {
  const { name, team, port, replicas, poolSize, timeoutMs, logLevel, cacheMb } = service
  return `# Settings of ${name}. Changed by the pipeline only.
service: ${name}
owner: team-${team}
http:
  port: ${port}
  timeout_ms: ${timeoutMs}
  keep_alive: true
scaling:
  replicas: ${replicas}
  max_replicas: ${replicas * 3}
  target_cpu_percent: 70
database:
  host: db-${team}.internal
  name: ${name}
  pool_size: ${poolSize}
cache:
  host: cache.internal
  max_mb: ${cacheMb}
logging:
  level: ${logLevel}
  format: json
`
}
