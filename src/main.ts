import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { isatty, type WriteStream } from 'node:tty'

import { runCli } from './cli/cli.ts'
import { UsageError, reportFailure } from './cli/failure.ts'
import {
  NOBODY_READS,
  type CliPorts,
  type FileWrite,
  type GatewayUse,
  type Output,
  type WriteOptions,
} from './cli/ports.ts'
import { watchFile } from './cli/watch-file.ts'
import type { Plan } from './config/compile.ts'
import { createReadFile } from './config/files.ts'
import { createHomeStore } from './home-store.ts'
import type { Store } from './core/store.ts'
import { hashToken } from './http/auth.ts'
import { ADMIN_TOKEN, loadToken } from './http/token.ts'
import { createKnownLists } from './known-lists.ts'
import { createMetrics } from './telemetry/metrics.ts'
import type { GovernedGateway } from './assemble.ts'
import type { HomeAudit } from './home-audit.ts'
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
const homeStore = createHomeStore(stateFolder)

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

/** On the error output, where the standard output may go to another program. */
async function askAtTerminal(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises')
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await terminal.question(question, { signal: interruption.signal })
  } finally {
    terminal.close()
  }
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

/** Loaded when a gateway is opened: help and the verbs of the configuration need none of it and answer sooner. */
const assembly = () => import('./assemble.ts')

/** What the admin API of a gateway needs beside it. */
const behind = new WeakMap<object, { readonly store: Store; readonly records: HomeAudit | undefined }>()

async function openWhole(plan: Plan, log: Log, use: GatewayUse = {}): Promise<GovernedGateway> {
  const { openGateway, systemClock: clock } = await assembly()
  const known = createKnownLists(join(stateFolder, 'known'))
  const store = await homeStore.open(plan.store, {
    onFault: (error) => log.warn({ err: error.message }, 'the store lost something'),
    warn: (message) => log.warn({}, message),
  })
  let records: HomeAudit | undefined
  try {
    records = await openRecords(plan, store, log)
    const seal = await homeStore.seal(plan.store)
    const gateway = openGateway(plan, {
      clock,
      log,
      version,
      known,
      metrics,
      store,
      seal,
      ...(records === undefined ? {} : { audit: records.audit }),
      ...use,
    })
    behind.set(gateway, { store, records })
    // Keys of the store are let in from the first request on.
    await gateway.governance.keyring.refresh()
    return gateway
  } catch (error) {
    await records?.audit.close()
    await store.close()
    throw error
  }
}

async function openRecords(plan: Plan, store: Store, log: Log): Promise<HomeAudit | undefined> {
  if (!plan.audit.enabled) return undefined
  const [{ openHomeAudit }, { systemClock: clock }] = await Promise.all([
    import('./home-audit.ts'),
    assembly(),
  ])
  return openHomeAudit({
    stateFolder,
    plan: plan.audit,
    store,
    isInMemory: plan.store.path === false && plan.store.url === undefined,
    clock,
    onFault: (error) => log.error({ err: error.message }, 'the audit cannot be written'),
    warn: (message) => log.warn({}, message),
  })
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
  ...(isatty(0) && isatty(2) ? { ask: askAtTerminal } : {}),
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
  openStore: async (plan, makesNew = false) =>
    homeStore.isThere(plan?.store) || (makesNew && plan?.store.path !== false)
      ? homeStore.open(plan?.store)
      : undefined,
  openApprovals: async (plan) => {
    const store = homeStore.isThere(plan?.store) ? await homeStore.open(plan?.store) : undefined
    if (store === undefined) return undefined
    const { openHomeApprovals } = await import('./home-approvals.ts')
    return openHomeApprovals(store, {
      fourEyes: plan?.approvals.fourEyes ?? false,
      isAudited: plan?.audit.enabled ?? true,
    })
  },
  openSeal: (plan) => homeStore.seal(plan?.store),
  openStoreDesk: (plan, options) => homeStore.openDesk(plan?.store, options, plan?.audit.enabled),
  openGateway: openWhole,
  openScripts: async (plan, log) => {
    const gateway = await openWhole(plan, log)
    return { gateway, desk: gateway.desk }
  },
  openBench: async (log) => (await import('./home-bench.ts')).createBenchHost({ log, version }),
  inspectServers: async (plan, log) => {
    const [{ inspectServers }, { systemClock: clock }] = await Promise.all([
      import('./inspect.ts'),
      assembly(),
    ])
    return inspectServers(plan, { clock, log, version })
  },
  listenHttp: async (plan, gateway, hash, log, isStale) => {
    const { listenHttp, systemClock: clock } = await assembly()
    behind.get(gateway)?.records?.keepShort()
    return listenHttp(plan, gateway, hash, { clock, log, version, metrics }, isStale)
  },
  listenStdio: async (gateway, log, wishes) => {
    const { listenStdio, systemClock: clock } = await assembly()
    behind.get(gateway)?.records?.keepShort()
    return listenStdio(gateway, { clock, log, version }, wishes)
  },
  listenAdmin: async (plan, gateway, tokenHash, log) => {
    const { listenAdmin } = await import('./admin.ts')
    const parts = behind.get(gateway)
    if (parts === undefined) throw new Error('The gateway was not opened here.')
    const { store, records } = parts
    return listenAdmin(plan, {
      gateway: gateway as GovernedGateway,
      store,
      log,
      version,
      newId: randomUUID,
      nowMs: Date.now,
      tokenHash,
      ...(records === undefined ? {} : { chain: records }),
    })
  },
  loadToken: (makeNew) => loadToken(stateFolder, makeNew),
  loadAdminToken: (makeNew) => loadToken(stateFolder, makeNew, ADMIN_TOKEN),
  hashToken,
}

// Servers and cells end with this process however it ends.
process.on('uncaughtException', (error) => process.exit(reportFailure(ports, error, false)))

process.exitCode = await runCli(words, ports)
setTimeout(() => process.exit(), LINGER_MS).unref()
