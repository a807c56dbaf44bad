import ivm from 'isolated-vm'

import { BRIDGE_GLOBAL } from './guest-source.ts'

/** An isolate with the guest loaded, ready to take one script. Used once, then disposed of. */
export interface WarmIsolate {
  readonly isolate: ivm.Isolate
  readonly context: ivm.Context
  readonly start: ivm.Reference<(...args: unknown[]) => void>
  readonly settle: ivm.Reference<(...args: unknown[]) => void>
  /** Sets who hears what the guest posts. */
  readonly listen: (listener: PostListener) => void
}

export type PostListener = (kind: unknown, values: readonly unknown[]) => void

/** Isolates made ahead of need. */
export interface Isolates {
  readonly take: (memoryMb: number) => WarmIsolate
  /** Makes one isolate if some are missing. Blocks the process for about 2 ms: call it when nothing else is due. */
  readonly refill: () => void
  readonly warm: () => number
  readonly full: () => boolean
}

/**
 * Keeps `target` isolates warm, made from one snapshot in which the guest has been loaded. Their memory
 * limit follows what was last asked for.
 */
export function createIsolates(guest: string, target: number, firstMemoryMb: number): Isolates {
  const snapshot = ivm.Isolate.createSnapshot([{ code: guest, filename: 'guest.js' }], REHEARSAL)
  let memoryMb = firstMemoryMb
  let warm: WarmIsolate[] = []
  return {
    take(wantedMemoryMb) {
      if (wantedMemoryMb !== memoryMb) {
        for (const { isolate } of warm) isolate.dispose()
        warm = []
        memoryMb = wantedMemoryMb
      }
      return warm.shift() ?? createIsolate(snapshot, memoryMb)
    },
    refill() {
      if (warm.length < target) warm.push(createIsolate(snapshot, memoryMb))
    },
    warm: () => warm.length,
    full: () => warm.length >= target,
  }
}

/**
 * Run while the snapshot is made, in a context that is thrown away: what it calls is compiled in the snapshot, and the
 * first call of a run does not pay for it.
 */
const REHEARSAL = `
  const script = (enter, resume, leave, restore, exit, place) => async () => {
    const self = enter(1)
    console.log('text', { key: 1 }, Date.now(), Math.random())
    const one = async (n) => {
      const self = enter(2)
      try {
        return resume(self, await leave(self, tools.server.tool(place(1, 1, { n }))))
      } finally {
        exit(self)
      }
    }
    resume(self, await leave(self, Promise.all([one(1), tools.server.other()]).catch((error) => error.message)))
    return { key: 'value' }
  }
  const bridge = ${BRIDGE_GLOBAL}
  bridge.boot(() => {})
  bridge.start(script, '{"key":1}', 1, 1, 10, 10, 10, 1000, 1000, 1000)
  bridge.settle(2, 1, true, '{"key":1}', 2, false, '{"code":"code","message":"text","retryable":false}')
`

function createIsolate(snapshot: ivm.ExternalCopy<ArrayBuffer>, memoryLimit: number): WarmIsolate {
  const isolate = new ivm.Isolate({ memoryLimit, snapshot })
  const context = isolate.createContextSync()
  let listener: PostListener = () => {}
  // Synchronous: what the guest posts has arrived when its turn is over, and a guest on another thread waits for it.
  const post = new ivm.Callback((kind: unknown, ...values: unknown[]) => {
    try {
      listener(kind, values)
    } catch (error) {
      // Thrown into the guest, it would show a script the inside of this process.
      queueMicrotask(() => {
        throw error
      })
    }
  })
  const bridge = context.global.getSync(BRIDGE_GLOBAL, { reference: true })
  const boot = bridge.getSync('boot', { reference: true })
  const start = bridge.getSync('start', { reference: true })
  const settle = bridge.getSync('settle', { reference: true })
  boot.applySync(undefined, [post])
  boot.release()
  bridge.release()
  return {
    isolate,
    context,
    start,
    settle,
    listen: (next) => {
      listener = next
    },
  }
}
