import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { isatty, type WriteStream } from 'node:tty'

import { runCli } from './cli/cli.ts'
import { UsageError, reportFailure } from './cli/failure.ts'
import { NOBODY_READS, type CliPorts, type FileWrite, type Output, type WriteOptions } from './cli/ports.ts'
import { watchFile } from './cli/watch-file.ts'
import type { Plan } from './config/compile.ts'
import { createReadFile } from './config/files.ts'
import type { Store } from './core/store.ts'
import { hashToken } from './http/auth.ts'
import { loadToken } from './http/token.ts'
import { createKnownLists } from './known-lists.ts'
import { createMetrics } from './telemetry/metrics.ts'
import type { Journal } from './core/ports.ts'
import type { GatewayWithScripts } from './saved-scripts.ts'
import type { Log } from './telemetry/log.ts'
import { readVersion } from './version.ts'

/** Width of an output that is no terminal. */
const USUAL_COLUMNS = 100
const MAX_STDIN_BYTES = 64 * 1024 * 1024
/** How long what is left may hold the process when its work is done. */
const LINGER_MS = 3_000

const interruption = new AbortController()
const version = readVersion()
const metrics = createMetrics()
const words = process.argv.slice(2)
const stateFolder = process.env['ISOGATE_HOME'] || join(homedir(), '.isogate')

for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (interruption.signal.aborted) endAtOnce()
    interruption.abort(name)
  })
}

function endAtOnce(): never {
  // A spinner may have hidden the cursor.
  if (process.stderr.isTTY) process.stderr.write('\u001b[?25h')
  process.exit(130)
}

function toOutput(stream: WriteStream & { readonly fd: number }): Output {
  // A reader that goes away (`| head`) is no failure.
  stream.on('error', () => interruption.abort(NOBODY_READS))
  return {
    write: (text) => void stream.write(text),
    isTerminal: isatty(stream.fd),
    get columns() {
      return stream.columns || USUAL_COLUMNS
    },
    stream,
  }
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  const stop = (): void => void process.stdin.destroy()
  interruption.signal.addEventListener('abort', stop)
  try {
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > MAX_STDIN_BYTES)
        throw new UsageError(`The standard input is longer than ${MAX_STDIN_BYTES} bytes.`)
      chunks.push(chunk)
    }
  } finally {
    interruption.signal.removeEventListener('abort', stop)
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function write(path: string, text: string, options: WriteOptions): Promise<FileWrite> {
  const flag = options.exclusive === true ? 'wx' : 'w'
  try {
    await writeFile(path, text, { flag, mode: options.isPrivate === true ? 0o600 : 0o644 })
    return { kind: 'written' }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    return code === 'EEXIST' ? { kind: 'exists' } : { kind: 'failed', reason: code }
  }
}

/** The file of the store; nothing where everything is in memory. */
function storePath(plan: Plan | undefined): string | undefined {
  const path = plan?.store.path
  return path === false ? undefined : (path ?? join(stateFolder, 'isogate.db'))
}

async function openStoreOf(
  plan: Plan | undefined,
  onFault: (error: Error) => void = () => {},
): Promise<Store> {
  const { openStore } = await import('./store/store.ts')
  const clock = { nowMs: Date.now, monotonicMs: () => performance.now() }
  const path = storePath(plan)
  return openStore({
    ...(path === undefined ? {} : { path }),
    ...(plan === undefined ? {} : { settings: plan.store }),
    clock,
    random: randomBytes,
    onFault,
  })
}

/** Loaded when a gateway is opened: help and the verbs of the configuration need none of it and answer sooner. */
const assembly = () => import('./assemble.ts')

async function openWhole(plan: Plan, log: Log, journal?: Journal): Promise<GatewayWithScripts> {
  const { openGateway, systemClock: clock } = await assembly()
  const known = createKnownLists(join(stateFolder, 'known'))
  const given = journal === undefined ? {} : { journal }
  const store = await openStoreOf(plan, (error) =>
    log.warn({ err: error.message }, 'the store lost something'),
  )
  return openGateway(plan, { clock, log, version, known, metrics, store, ...given })
}

const ports: CliPorts = {
  version,
  env: process.env,
  cwd: process.cwd(),
  home: homedir(),
  platform: process.platform,
  stdout: toOutput(process.stdout),
  stderr: toOutput(process.stderr),
  readStdin,
  stdinEnded: () => new Promise((resolve) => process.stdin.once('end', resolve).once('close', resolve)),
  readFile: createReadFile(),
  writeFile: write,
  interrupted: interruption.signal,
  onHangup: (listener) => {
    process.on('SIGHUP', listener)
    return () => void process.off('SIGHUP', listener)
  },
  watchFile,
  showsStacks: /(?:^| )--log-level[ =]debug(?: |$)/.test(words.join(' ')),
  newId: randomUUID,
  nowMs: Date.now,
  openStore: async (plan) => {
    const path = storePath(plan)
    if (path === undefined || !existsSync(path)) return undefined
    return openStoreOf(plan)
  },
  openGateway: openWhole,
  openScripts: async (plan, log) => {
    const gateway = await openWhole(plan, log)
    return { gateway, desk: gateway.desk }
  },
  inspectServers: async (plan, log) => {
    const [{ inspectServers }, { systemClock: clock }] = await Promise.all([
      import('./inspect.ts'),
      assembly(),
    ])
    return inspectServers(plan, { clock, log, version })
  },
  listenHttp: async (plan, gateway, hash, log, isStale) => {
    const { listenHttp, systemClock: clock } = await assembly()
    return listenHttp(plan, gateway, hash, { clock, log, version, metrics }, isStale)
  },
  listenStdio: async (gateway, log, mode) => {
    const { listenStdio, systemClock: clock } = await assembly()
    return listenStdio(gateway, { clock, log, version }, mode)
  },
  loadToken: (makeNew) => loadToken(stateFolder, makeNew),
  hashToken,
}

// Servers and cells end with this process however it ends.
process.on('uncaughtException', (error) => process.exit(reportFailure(ports, error, false)))

process.exitCode = await runCli(words, ports)
setTimeout(() => process.exit(), LINGER_MS).unref()
