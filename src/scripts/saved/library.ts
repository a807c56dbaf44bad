import { isDeepStrictEqual } from 'node:util'

import { SCRIPTS_SERVER, type ScriptLock, type ScriptsPlan } from '../../config/schema/scripts.ts'
import type { QuarantinedTool, ToolSpec } from '../../core/tool.ts'
import { isReadOnly } from '../../policy/read-only.ts'
import type { Log } from '../../telemetry/log.ts'
import type { SavedHost } from './host.ts'
import { loadScripts, type LoadedScripts, type SavedScript, type ScriptFiles } from './folder/files.ts'
import { checkFit, findUsed, type Fit, type FitParts, type UsedTools, type World } from './fit.ts'
import { readCases } from './folder/fixtures.ts'
import { toSpec } from './spec.ts'

/** The saved scripts of a gateway, and whether they go with its tools. */
export interface Library {
  readonly get: (name: string) => SavedScript | undefined
  readonly loaded: () => LoadedScripts
  readonly lock: () => ScriptLock
  readonly plan: () => ScriptsPlan
  readonly tools: () => readonly ToolSpec[]
  readonly unusable: () => readonly QuarantinedTool[]
  /** Whether a script goes with the tools of this moment. Found out once for each state of them. */
  readonly fitOf: (script: SavedScript) => Promise<Fit>
  readonly world: () => World
  /** Reads the folder again. */
  readonly reload: (plan?: ScriptsPlan) => void
  /** Looks at the scripts whose tools are no longer those of the lock. Never rejects. */
  readonly review: () => Promise<void>
  readonly onChange: (listener: () => void) => () => void
}

export interface LibraryParts extends FitParts {
  readonly host: () => SavedHost
  readonly files: ScriptFiles
  readonly log: Log
  readonly plan: ScriptsPlan
}

interface Listed {
  readonly spec: ToolSpec
  /** All that the spec is made of. */
  readonly from: string
  readonly reads: boolean
}

/** Reads the folder, and begins with nothing checked. */
export function createLibrary(parts: LibraryParts): Library {
  const { host, files, log, hash } = parts
  let plan = parts.plan
  let loaded = loadScripts(files, plan)
  let fits = new Map<string, { readonly key: string; readonly fit: Promise<Fit> }>()
  const broken = new Map<string, readonly string[]>()
  /** Scripts that somebody has written since they were last looked at. */
  const edited = new Set<string>()
  let listed = new Map<string, Listed>()
  let tools: readonly ToolSpec[] = []
  let reviewing: Promise<void> | undefined
  let again = false
  const listeners = new Set<() => void>()

  const world = (): World => {
    const { snapshot, configuration, stateOf } = host()
    return {
      catalog: snapshot().catalog,
      lock: loaded.lock,
      classification: configuration().plan.classification,
      stateOf,
    }
  }
  const fitIn = (script: SavedScript, now: World, used: UsedTools): Promise<Fit> => {
    const known = fits.get(script.name)
    if (known?.key === used.key) return known.fit
    const cases = readCases(files, plan, script.name)
    const fit = checkFit(parts, script, now, used, cases.ok ? cases.value.cases : [])
    const entry = { key: used.key, fit }
    fits.set(script.name, entry)
    const forget = (): void => {
      if (fits.get(script.name) === entry) fits.delete(script.name)
    }
    // What could not be found out now may be the next time.
    fit.then(({ isUnchecked }) => isUnchecked === true && forget(), forget)
    return fit
  }
  const fitOf = async (script: SavedScript): Promise<Fit> => {
    const now = world()
    const fit = await fitIn(script, now, findUsed(script.manifest, now, hash))
    if (loaded.scripts.get(script.name) === script) tell(script.name, fit)
    return fit
  }

  /** Once for each break, and once when it is over. */
  const tell = (name: string, fit: Fit): void => {
    const wasBroken = broken.has(name)
    if (fit.state === 'broken') broken.set(name, fit.reasons)
    else if (fit.state === 'fits') broken.delete(name)
    if (wasBroken === broken.has(name)) return
    const tool = `${SCRIPTS_SERVER}.${name}`
    if (wasBroken) log.info({ tool }, 'A saved script fits its tools again.')
    else
      log.warn({ tool, reasons: fit.reasons }, 'A saved script no longer fits its tools; calls are refused.')
    relist()
  }

  /** A spec stays the same object while nothing about it changes: what others made of it is kept with it. */
  const relist = (readOnly?: ReadonlyMap<string, boolean>): void => {
    const next = new Map<string, Listed>()
    for (const script of loaded.scripts.values()) {
      const { name, manifest } = script
      const old = listed.get(name)
      const isBroken = broken.has(name)
      const reads = readOnly?.get(name) ?? old?.reads === true
      const from = JSON.stringify([manifest, isBroken, reads])
      const same = old?.from === from ? old : undefined
      next.set(name, same ?? { from, reads, spec: toSpec(script, { isBroken, isReadOnly: reads }) })
    }
    const isSame =
      next.size === listed.size && [...next].every(([name, { spec }]) => listed.get(name)?.spec === spec)
    listed = next
    if (isSame) return
    tools = Object.freeze([...next.values()].map(({ spec }) => spec))
    for (const listener of listeners) listener()
  }

  const lookThrough = async (): Promise<void> => {
    const now = world()
    const readOnly = new Map<string, boolean>()
    for (const script of loaded.scripts.values()) {
      const used = findUsed(script.manifest, now, hash)
      const specs = [...used.found.values()]
      readOnly.set(
        script.name,
        script.manifest.readOnly !== false &&
          specs.length === script.manifest.uses.length &&
          specs.every((spec) => isReadOnly(spec, now.classification)),
      )
      const isMoved = used.gone.length > 0 || used.behind.length > 0
      const isDue = isMoved || broken.has(script.name) || edited.delete(script.name)
      if (isDue) tell(script.name, await fitIn(script, now, used))
    }
    relist(readOnly)
  }

  const review = (): Promise<void> => {
    if (reviewing !== undefined) {
      again = true
      return reviewing
    }
    reviewing = lookThrough()
      .catch((error: unknown) => log.error({ err: error }, 'saved scripts could not be looked through'))
      .then(() => {
        reviewing = undefined
        if (!again) return undefined
        again = false
        return review()
      })
    return reviewing
  }

  const complain = (): void => {
    for (const { name, reason } of loaded.unusable)
      log.warn({ tool: `${SCRIPTS_SERVER}.${name}`, reason }, 'A saved script cannot be used.')
    for (const problem of loaded.problems) log.warn({ problem }, 'Saved scripts are not in order.')
  }
  complain()
  relist()

  return {
    get: (name) => loaded.scripts.get(name),
    loaded: () => loaded,
    lock: () => loaded.lock,
    plan: () => plan,
    tools: () => tools,
    unusable: () => loaded.unusable.map(({ name, reason }) => ({ server: SCRIPTS_SERVER, name, reason })),
    fitOf,
    world,
    reload(next = plan) {
      plan = next
      const before = loaded.scripts
      loaded = loadScripts(files, plan)
      fits = new Map()
      for (const name of broken.keys()) if (!loaded.scripts.has(name)) broken.delete(name)
      for (const script of loaded.scripts.values()) {
        if (!isDeepStrictEqual(script, before.get(script.name))) edited.add(script.name)
      }
      complain()
      relist()
      void review()
    },
    review,
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
