import { createPlace, eventually, start, type Place } from '../cli/program.ts'
import { TOKEN } from '../gateway/open-house.ts'

/** A gateway in a process of its own. */
export interface Serving {
  readonly url: string
  readonly place: Place
  readonly stdout: () => string
  readonly stderr: () => string
  readonly close: () => Promise<void>
}

const START_MS = 180_000
const END_MS = 20_000

/** Starts `isogate serve` with the tests' token and waits until each server has been tried. */
export async function serveServers(
  servers: Readonly<Record<string, object>>,
  config: object = {},
): Promise<Serving> {
  const place = await createPlace({
    http: { port: 0, token: TOKEN },
    admin: { enabled: false },
    log: { level: 'warn' },
    ...config,
    servers,
  })
  const { child, stdout, stderr, ended } = start(place, ['serve'])
  const close = async (): Promise<void> => {
    child.kill('SIGTERM')
    const force = setTimeout(() => child.kill('SIGKILL'), END_MS)
    await ended
    clearTimeout(force)
    await place.remove()
  }
  try {
    await eventually(() => /^Serving /m.test(stdout()) || child.exitCode !== null, START_MS)
  } catch (error) {
    await close()
    throw error
  }
  const url = /listens on (http:\S+)/.exec(stdout())?.[1]
  if (url === undefined) {
    await close()
    throw new Error(`the gateway does not serve: ${stdout()}${stderr()}`)
  }
  return { url, place, stdout, stderr, close }
}
