/**
 * A cell: the process in which scripts run. It is started with an empty environment, Node's permission model and one
 * descriptor, number 3, its channel to the gateway. It knows nothing and owns nothing; when the channel closes it ends.
 *
 * Arguments: <warm isolates> <memory limit of an isolate in MB> <largest frame in bytes>
 */
import { Socket } from 'node:net'

import { createFrameReader, encodeFrame, type CellMessage, type Envelope, type HostMessage } from '../wire.ts'
import { loadGuestSource } from './guest-source.ts'
import { createIsolates } from './isolates.ts'
import { prepareScript } from './script/prepare.ts'
import { startRun, type CellRun } from './run.ts'

/** So long nothing must have come or gone before an isolate is made. */
const QUIET_MS = 1

/** How often the watchdog looks at the runs. */
const INSPECT_EVERY_MS = 25

// A script should see the same time of day wherever it is run, and run again.
process.env['TZ'] = 'UTC'

const [warmIsolates = 2, memoryMb = 128, maxFrameBytes = 0] = process.argv.slice(2).map(Number)
const channel = new Socket({ fd: 3 })
const readFrames = createFrameReader(maxFrameBytes)
const isolates = createIsolates(loadGuestSource(), warmIsolates, memoryMb)
const runs = new Map<number, CellRun>()
let activeMs = 0
let watchdog: NodeJS.Timeout | undefined
let refilling: NodeJS.Timeout | undefined

function send(message: CellMessage, parts?: readonly string[]): void {
  activeMs = performance.now()
  channel.write(encodeFrame(message, parts))
}

function sendReady(): void {
  send({ type: 'ready', warm: isolates.warm() })
}

/** Ends the process at once, also while isolates run on other threads, which would hold up an orderly exit. */
function end(): void {
  process.kill(process.pid, 'SIGKILL')
}

function receive({ message, parts }: Envelope<HostMessage>): void {
  activeMs = performance.now()
  if (message.type === 'ping') return sendReady()
  const { run } = message
  if (message.type === 'start') {
    const { limits, atMs, seed } = message
    const [code = '', input] = parts
    const started = startRun({ code, input, limits, atMs, seed }, isolates.take(limits.memoryMb), {
      calls: (items, args) => send({ type: 'calls', run, items }, args),
      log: (level, text) => send({ type: 'log', run, level, text }),
      isAlone: () => runs.size <= 1,
      done: (runEnd, value) => {
        runs.delete(run)
        send({ type: 'done', run, end: runEnd }, value === undefined ? [] : [value])
        if (runs.size === 0) clearInterval(watchdog)
        refillSoon()
      },
    })
    runs.set(run, started)
    if (runs.size === 1) watchdog = setInterval(inspectAll, INSPECT_EVERY_MS)
  } else if (message.type === 'settle') {
    runs.get(run)?.settle(message.atMs, message.items, parts)
  } else if (message.type === 'suspend') {
    runs.get(run)?.suspend(message.calls)
  } else if (message.type === 'pause') {
    runs.get(run)?.pause(message.isPaused)
  } else {
    runs.get(run)?.cancel()
  }
}

function inspectAll(): void {
  for (const run of runs.values()) run.inspect()
}

/** Making an isolate blocks this process, so it waits until what is due has been done. */
function refillSoon(): void {
  refilling ??= setTimeout(() => {
    refilling = undefined
    if (isolates.full()) return
    if (performance.now() - activeMs < QUIET_MS) return refillSoon()
    isolates.refill()
    sendReady()
    refillSoon()
  }, QUIET_MS)
}

channel.on('data', (chunk: Buffer) => {
  for (const envelope of readFrames(chunk)) receive(envelope as Envelope<HostMessage>)
})
// Ctrl-C at a terminal reaches the whole process group; the gateway decides when its cells end.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {})
channel.on('close', end)
channel.on('error', end)

/** Parses often enough for the parsers to be compiled: the first scripts should be as fast as the later ones. */
function rehearse(): void {
  for (let times = 0; times < 20; times++)
    prepareScript(`const n: number = ${times}\nconst f = async () => n\nreturn await f()`)
}

rehearse()
while (!isolates.full()) isolates.refill()
sendReady()
