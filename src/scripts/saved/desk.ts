import { SCRIPTS_SERVER } from '../../config/schema/scripts.ts'
import { isDeepStrictEqual } from 'node:util'

import type { Call } from '../../core/call.ts'
import type { Principal } from '../../core/principal.ts'
import type { ScriptDesk, ScriptReport } from '../../core/saved-scripts.ts'
import { outputProblems } from './result.ts'
import { readCases } from './folder/fixtures.ts'
import type { Fit } from './fit.ts'
import type { SavedScript } from './folder/files.ts'
import { printLock } from './folder/lock.ts'
import { findRenames, makeLock } from './relock.ts'
import { rehearse } from './run/rehearsal.ts'
import { saveScript, type SaveParts } from './save.ts'

/** Makes the desk of a library. */
export function createScriptDesk(parts: SaveParts): ScriptDesk {
  const { library, files, runs, validator, hash, newId } = parts

  const callOf = (principal: Principal, name: string, signal: AbortSignal): Call =>
    Object.freeze({
      id: newId(),
      door: 'cli',
      principal,
      tool: { server: SCRIPTS_SERVER, name },
      args: {},
      signal,
    })
  const reportOf = (
    script: SavedScript,
    fit: Fit,
    examples: number,
    more: readonly string[] = [],
  ): ScriptReport => {
    const { name, manifest } = script
    const reasons = [...fit.reasons, ...more]
    return {
      name,
      state: more.length > 0 ? 'broken' : fit.state,
      description: manifest.description,
      uses: manifest.uses,
      reasons,
      behind: fit.behind,
      waitingFor: fit.waitingFor,
      examples,
    }
  }
  const unusable = (): readonly ScriptReport[] =>
    library.loaded().unusable.map(({ name, reason }) => notUsable(name, reason))
  const casesOf = (script: SavedScript) => readCases(files, library.plan(), script.name)

  const checkOne = async (
    script: SavedScript,
    principal: Principal,
    signal: AbortSignal,
  ): Promise<ScriptReport> => {
    const fit = await library.fitOf(script)
    const cases = casesOf(script)
    if (!cases.ok)
      return reportOf(script, fit, 0, [`${script.name}.fixtures.json cannot be used: ${cases.reason}.`])
    const found: string[] = []
    for (const [index, fixture] of cases.value.cases.entries()) {
      const call = callOf(principal, script.name, signal)
      const spec = library.tools().find(({ ref }) => ref.name === script.name)
      const problems = [
        ...(spec === undefined ? [] : validator.problems(spec, fixture.input)).map(
          (text) => `input: ${text}`,
        ),
        ...(await rehearse(runs, call, script, fixture, library.lock())),
        ...outputProblems(script, fixture.value, validator).map((text) => `output: ${text}`),
      ]
      found.push(...problems.map((text) => `example ${index + 1}: ${text}`))
    }
    return reportOf(script, fit, cases.value.cases.length, found)
  }

  return {
    async list() {
      const scripts = await Promise.all(
        [...library.loaded().scripts.values()].map(async (script) => {
          const cases = casesOf(script)
          return reportOf(script, await library.fitOf(script), cases.ok ? cases.value.cases.length : 0)
        }),
      )
      return { scripts: byName([...scripts, ...unusable()]), problems: library.loaded().problems }
    },
    async check(principal, { name, update = false, signal }) {
      const chosen = (): readonly SavedScript[] =>
        [...library.loaded().scripts.values()].filter((script) => name === undefined || script.name === name)
      const renames = findRenames(library, hash)
      let isUpdated = false
      if (update && library.loaded().problems.length === 0) {
        const lock = await makeLock(library, hash, renames)
        if (!isDeepStrictEqual(lock, library.lock())) {
          files.write([{ path: library.plan().lock, text: printLock(lock) }])
          library.reload()
          isUpdated = true
        }
      }
      const reports: ScriptReport[] = []
      for (const script of chosen()) reports.push(await checkOne(script, principal, signal))
      reports.push(...unusable().filter((report) => name === undefined || report.name === name))
      if (name !== undefined && reports.length === 0)
        reports.push(notUsable(name, 'There is no saved script of this name.'))
      return { scripts: byName(reports), problems: library.loaded().problems, renames, isUpdated }
    },
    async save(principal, draft, signal) {
      return saveScript(parts, callOf(principal, draft.name, signal), draft)
    },
  }
}

function notUsable(name: string, reason: string): ScriptReport {
  return {
    name,
    state: 'unusable',
    description: '',
    uses: [],
    reasons: [reason],
    behind: [],
    waitingFor: [],
    examples: 0,
  }
}

function byName(reports: readonly ScriptReport[]): readonly ScriptReport[] {
  return reports.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
