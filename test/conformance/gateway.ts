import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { startChild } from './child.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** A gateway in a process of its own. */
export interface RunningGateway {
  /** Without a path. */
  readonly url: string
  readonly token: string
  /** What it has logged. */
  readonly log: () => string
  readonly close: () => Promise<void>
}

/** Starts the program with one upstream, as a person would, and waits until the upstream has been tried. */
export async function startGateway(name: string, upstream: object): Promise<RunningGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'isogate-conformance-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  const token = randomUUID()
  const config = { servers: { [name]: upstream }, http: { port: 0, token }, admin: { enabled: false } }
  // JSON is YAML.
  await writeFile(join(folder, 'isogate.yaml'), JSON.stringify(config))
  try {
    const child = await startChild({
      args: [MAIN, 'serve', '--no-watch'],
      cwd: folder,
      env: { ...process.env, HOME: folder, ISOGATE_HOME: join(folder, 'home') },
      read: (lines) => {
        const isSettled = lines.some((line) => line.startsWith('Serving '))
        return isSettled ? /listens on (http:\S+)/.exec(lines.join('\n'))?.[1] : undefined
      },
    })
    return {
      url: child.said,
      token,
      log: child.stderr,
      close: async () => {
        await child.close()
        await remove()
      },
    }
  } catch (error) {
    await remove()
    throw error
  }
}
