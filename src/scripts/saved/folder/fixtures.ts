import {
  parseFixtures,
  type FixtureCase,
  type ParsedText,
  type ScriptsPlan,
} from '../../../config/schema/scripts.ts'
import type { ScriptFiles } from './files.ts'

/** Reads the recorded runs of a script; one without a file has none. */
export function readCases(
  files: ScriptFiles,
  plan: ScriptsPlan,
  name: string,
): ParsedText<{ readonly cases: readonly FixtureCase[] }> {
  const read = files.readFixtures(plan, name)
  if (read.kind === 'missing') return { ok: true, value: { cases: [] } }
  if (read.kind === 'failed') return { ok: false, reason: read.reason }
  return parseFixtures(read.text)
}
