import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { readBaselineVerdict, readOutcomes, type Outcome } from './outcome.ts'
import type { SetReport, SetRun } from './report.ts'

/** Runs the scenarios of one revision against a server. */
export async function runServerSet(run: SetRun, url: string): Promise<SetReport> {
  const { suite, set, scenario, expectedFailures, say } = run
  const folder = await mkdtemp(join(tmpdir(), 'isogate-conformance-out-'))
  const which =
    scenario === undefined ? ['--requirements', set] : ['--scenario', scenario, '--spec-version', set]
  const baseline = expectedFailures === undefined ? [] : ['--expected-failures', expectedFailures]
  try {
    const { code, output } = await suite.run(['server', '--url', url, ...which, ...baseline, '-o', folder], {
      onLine: (line) => {
        const started = /^=== Running scenario: (.+) ===$/.exec(line)?.[1]
        if (started !== undefined) say(started)
      },
    })
    const outcomes = await readOutcomes(folder)
    const scored = await suite.scored(set, 'server')
    const wanted = scenario === undefined ? scored : [scenario]
    const missing: readonly Outcome[] = wanted
      .filter((name) => !outcomes.has(name))
      .map((name) => ({ scenario: name, failed: [], remark: 'it was not run' }))
    const all = [...outcomes.values(), ...missing]
    return {
      title: run.title,
      outcomes: all.filter((outcome) => wanted.includes(outcome.scenario)),
      unscored: all.filter((outcome) => !wanted.includes(outcome.scenario)),
      ...readBaselineVerdict(output),
      ...(outcomes.size === 0 ? { remark: `The suite ended with ${code}: ${output.slice(-2_000)}` } : {}),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
