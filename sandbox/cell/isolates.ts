import ivm from 'isolated-vm'

import type { GuestSource } from './guest-source.ts'

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
  readonly refill: () => boolean
}

/** Keeps `target` isolates warm. Their memory limit follows what was last asked for. */
export function createIsolates(guest: GuestSource, target: number, firstMemoryMb: number): Isolates {
  let memoryMb = firstMemoryMb
  let warm: WarmIsolate[] = []
  const cache = new Map<string, ivm.ExternalCopy<ArrayBuffer>>()
  return {
    take(wantedMemoryMb) {
      if (wantedMemoryMb !== memoryMb) {
        for (const { isolate } of warm) isolate.dispose()
        warm = []
        memoryMb = wantedMemoryMb
      }
      return warm.shift() ?? createIsolate(guest, memoryMb, cache)
    },
    refill() {
      if (warm.length < target) warm.push(createIsolate(guest, memoryMb, cache))
      return warm.length < target
    },
  }
}

function createIsolate(
  { entry, modules }: GuestSource,
  memoryLimit: number,
  cache: Map<string, ivm.ExternalCopy<ArrayBuffer>>,
): WarmIsolate {
  const isolate = new ivm.Isolate({ memoryLimit })
  const context = isolate.createContextSync()
  const compiled = new Map<string, ivm.Module>()
  const compile = (specifier: string): ivm.Module => {
    const known = compiled.get(specifier)
    if (known !== undefined) return known
    const code = modules.get(specifier)
    if (code === undefined) throw new Error(`guest module ${specifier} is missing`)
    const cachedData = cache.get(specifier)
    const module = isolate.compileModuleSync(
      code,
      cachedData === undefined
        ? { filename: specifier, produceCachedData: true }
        : { filename: specifier, cachedData },
    )
    // The cache holds only what this process compiled of our own code.
    const produced = (module as { cachedData?: ivm.ExternalCopy<ArrayBuffer> }).cachedData
    if (produced !== undefined) cache.set(specifier, produced)
    compiled.set(specifier, module)
    return module
  }
  const bridge = compile(entry)
  bridge.instantiateSync(context, (specifier) => compile(specifier))
  bridge.evaluateSync()
  let listener: PostListener = () => {}
  const post = new ivm.Callback((kind: unknown, ...values: unknown[]) => listener(kind, values), {
    ignored: true,
  })
  const boot = bridge.namespace.getSync('boot', { reference: true })
  boot.applySync(undefined, [post])
  boot.release()
  return {
    isolate,
    context,
    start: bridge.namespace.getSync('start', { reference: true }),
    settle: bridge.namespace.getSync('settle', { reference: true }),
    listen: (next) => {
      listener = next
    },
  }
}
