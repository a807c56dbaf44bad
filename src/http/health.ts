import type { FastifyInstance } from 'fastify'

/** What a supervisor wants to know of the configuration that is served. */
export interface ServedState {
  /** Grows with each configuration that is applied. */
  readonly revision: number
  /** The configuration on the disk has errors and is not the one that is served. */
  readonly isStale: boolean
  /** No new calls are taken. */
  readonly isStopping: boolean
}

export interface HealthParts {
  /** Names of servers that have not been tried yet. */
  readonly pending: () => readonly string[]
  readonly state: () => ServedState
}

/** Adds `/health` and `/ready`. */
export function addHealth(app: FastifyInstance, { pending, state }: HealthParts): void {
  app.get('/health', () => ({ status: 'ok' }))
  app.get('/ready', (_request, reply) => {
    const waiting = pending().length
    const { revision, isStale, isStopping } = state()
    const ready = waiting === 0 && !isStopping
    // Stale is not unready: the configuration of before serves as well as it did.
    return reply.code(ready ? 200 : 503).send({
      ready,
      waiting,
      revision,
      ...(isStale ? { configuration: 'stale' } : {}),
      ...(isStopping ? { stopping: true } : {}),
    })
  })
}
