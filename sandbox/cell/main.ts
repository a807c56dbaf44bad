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
import { startRun, type CellRun } from './run.ts'

/** How often the watchdog looks at the runs. */
const INSPECT_EVERY_MS = 25

const [warmIsolates = 2, memoryMb = 128, maxFrameBytes = 0] = process.argv.slice(2).map(Number)
const channel = new Socket({ fd: 3 })
const readFrames = createFrameReader(maxFrameBytes)
const isolates = createIsolates(loadGuestSource(), warmIsolates, memoryMb)
const runs = new Map<number, CellRun>()
let watchdog: NodeJS.Timeout | undefined
let refilling: NodeJS.Timeout | undefined

function send(message: CellMessage, parts?: readonly string[]): void {
  channel.write(encodeFrame(message, parts))
}

/** Ends the process at once, also while isolates run on other threads, which would hold up an orderly exit. */
function end(): void {
  process.kill(process.pid, 'SIGKILL')
}

function receive({ message, parts }: Envelope<HostMessage>): void {
  const { run } = message
  if (message.type === 'start') {
    const { limits } = message
    const started = startRun(parts[0] ?? '', limits, isolates.take(limits.memoryMb), {
      calls: (items, args) => send({ type: 'calls', run, items }, args),
      log: (level, text) => send({ type: 'log', run, level, text }),
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
    runs.get(run)?.settle(message.items, parts)
  } else {
    runs.get(run)?.cancel()
  }
}

function inspectAll(): void {
  const nowMs = performance.now()
  for (const run of runs.values()) run.inspect(nowMs)
}

/** Making an isolate blocks this process, so it waits until what is due has been done. */
function refillSoon(): void {
  refilling ??= setTimeout(() => {
    refilling = undefined
    if (isolates.refill()) refillSoon()
  }, 1)
}

channel.on('data', (chunk: Buffer) => {
  for (const envelope of readFrames(chunk)) receive(envelope as Envelope<HostMessage>)
})
channel.on('close', end)
channel.on('error', end)

while (isolates.refill()) {
  // Until all of the warm isolates are there.
}
send({ type: 'ready' })
