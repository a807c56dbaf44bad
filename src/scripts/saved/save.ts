import { join } from 'node:path'

import {
  parseFixtures,
  parseManifest,
  SCRIPT_NAME_PATTERN,
  type FixtureCase,
  type ParsedText,
  type ScriptManifest,
} from '../../config/schema/scripts.ts'
import type { Call } from '../../core/call.ts'
import { GatewayError } from '../../core/errors.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import { toolKey, type ToolSpec } from '../../core/tool.ts'
import { printSignature } from '../../catalog/stubs/signature.ts'
import { createCatalog } from '../../catalog/catalog.ts'
import { readTokens } from '../check/script/tokens.ts'
import { readUses } from '../check/script/uses.ts'
import { problemLine } from '../run/check-gate.ts'
import type { FitParts } from './fit.ts'
import { inputTypeOf } from './fit.ts'
import type { ScriptFiles } from './folder/files.ts'
import { toRunnable } from './run/form.ts'
import type { SavedHost } from './host.ts'
import type { SavedReport, ScriptDraft } from '../../core/saved-scripts.ts'
import { inferSchema } from './infer-schema.ts'
import type { Library } from './library.ts'
import { printLock } from './folder/lock.ts'
import { record, rehearse, type Recording } from './run/rehearsal.ts'
import { outputProblems } from './result.ts'
import type { SavedRuns } from './run/runs.ts'
import { toSpec } from './spec.ts'

export interface SaveParts extends FitParts {
  readonly host: () => SavedHost
  readonly library: Library
  readonly runs: SavedRuns
  readonly files: ScriptFiles
  readonly newId: () => string
}

/** One file; the folder itself may hold many. */
const MAX_FIXTURE_CHARS = 2 * 1024 * 1024
const MAX_CODE_BYTES = 256 * 1024
const NO_INPUT: JsonObject = { type: 'object', properties: {}, additionalProperties: false }

/** Checks a script, runs its examples, and writes its files and the lock. Nothing is written where anything is wrong. */
export async function saveScript(parts: SaveParts, call: Call, draft: ScriptDraft): Promise<SavedReport> {
  const { library, runs, files, hash, validator } = parts
  const { name, code, examples } = draft
  const { folder, lock: lockPath, enabled } = library.plan()
  if (!enabled)
    throw new GatewayError('config_invalid', 'SavedReport scripts are switched off by `scripts.enabled`.')
  refuseName(library, draft)
  if (Buffer.byteLength(code) > MAX_CODE_BYTES)
    throw new GatewayError('script_limit', `A saved script has at most ${MAX_CODE_BYTES} bytes.`)
  const runnable = toRunnable(code)
  const input = draft.input ?? inputOf(draft)
  const spec = toSpec(
    { name, runnable, manifest: { description: draft.description, input, uses: [] } },
    { isBroken: false, isReadOnly: false },
  )
  for (const [index, example] of examples.entries()) {
    const problems = validator.problems(spec, example)
    if (problems.length > 0)
      throw new GatewayError('invalid_arguments', `Example ${index + 1}: ${problems.join('; ')}.`)
  }
  await refuseMistakes(parts, call, runnable, input)
  const named = namedTools(parts, call, code)
  const recordings: Recording[] = []
  for (const example of examples)
    recordings.push(await record(runs, call, { runnable, input: example, isDryRun: false }, library.lock()))

  const uses = [...new Set([...named, ...recordings.flatMap(({ tools }) => [...tools])])].sort()
  const output = draft.output ?? outputOf(recordings)
  const manifest: ScriptManifest = {
    ...(draft.title === undefined ? {} : { title: draft.title }),
    description: draft.description,
    input,
    ...(output === undefined ? {} : { output }),
    uses,
  }
  const script = { name, runnable, manifest }
  const remarks: string[] = []
  const cases: FixtureCase[] = []
  for (const [index, { fixture }] of recordings.entries()) {
    const misfits = outputProblems(script, fixture.value, validator)
    if (misfits.length > 0)
      throw new GatewayError(
        'invalid_arguments',
        `The value of example ${index + 1} does not fit the output schema: ${misfits.join('; ')}.`,
      )
    const problems = await rehearse(runs, call, script, fixture, library.lock())
    if (problems.length === 0) cases.push(fixture)
    else
      remarks.push(
        `Example ${index + 1} is not kept as a test, because it does not come out the same twice: ${problems.join('; ')}.`,
      )
  }
  const manifestText = `${JSON.stringify(manifest, null, 2)}\n`
  refuseUnreadable(parseManifest(manifestText))
  const lock = library.lock()
  const { catalog } = library.world()
  const pinned = uses.flatMap((key) => {
    const used = catalog.get(key)
    return used === undefined ? [] : [[key, { schema: hash(used) }] as const]
  })
  const written = [
    { path: join(folder, `${name}.ts`), text: code.endsWith('\n') ? code : `${code}\n` },
    { path: join(folder, `${name}.json`), text: manifestText },
    { path: join(folder, `${name}.fixtures.json`), text: fixturesText(cases) },
    { path: lockPath, text: printLock({ ...lock, tools: { ...lock.tools, ...Object.fromEntries(pinned) } }) },
  ]
  files.write(written)
  library.reload()
  return {
    name,
    paths: written.map(({ path }) => path),
    signature: signatureOf(toSpec(script, { isBroken: false, isReadOnly: false })),
    uses,
    examples: cases.length,
    remarks,
  }
}

function refuseName(library: Library, { name, isForced }: ScriptDraft): void {
  if (!SCRIPT_NAME_PATTERN.test(name))
    throw new GatewayError(
      'invalid_arguments',
      `"${name.slice(0, 100)}" cannot be the name of a saved script: it begins with a lower-case letter and has at most 64 of a-z, 0-9 and _.`,
    )
  const { scripts, unusable, problems } = library.loaded()
  // What cannot be read would be written over.
  const [problem] = problems
  if (problem !== undefined) throw new GatewayError('file_unreadable', problem)
  const isThere = scripts.has(name) || unusable.some((other) => other.name === name)
  if (isThere && !isForced)
    throw new GatewayError('file_exists', `There is a saved script "${name}" already.`)
}

function inputOf({ code, examples }: ScriptDraft): JsonObject {
  if (examples.length > 0) {
    const inferred = inferSchema(examples, { isClosed: true })
    return { ...NO_INPUT, ...inferred }
  }
  if (readTokens(code).list.some(({ kind, text }) => kind === 'name' && text === 'input'))
    throw new GatewayError(
      'invalid_arguments',
      'The script uses `input`, and nothing says what that is: give an example, or an input schema.',
    )
  return NO_INPUT
}

function outputOf(recordings: readonly Recording[]): JsonObject | undefined {
  const values = recordings.flatMap(({ fixture: { value } }): Json[] => (value === undefined ? [] : [value]))
  // One that returned nothing once may do so again.
  if (values.length === 0 || values.length < recordings.length) return undefined
  const inferred = inferSchema(values, { isClosed: false })
  return inferred['type'] === undefined ? undefined : inferred
}

async function refuseMistakes(
  { checker, library, host }: SaveParts,
  { principal, signal }: Call,
  runnable: string,
  input: JsonObject,
): Promise<void> {
  const { problems } = await checker.check({
    code: runnable,
    catalog: library.world().catalog,
    isVisible: ({ ref }) => ref.server !== 'code' && host().isVisible(principal, 'script', ref),
    inputType: inputTypeOf({ manifest: { description: '', input, uses: [] } }),
    signal,
  })
  const errors = problems.filter(({ severity }) => severity === 'error')
  if (errors.length > 0)
    throw new GatewayError(
      'script_check',
      `The script is not right:\n${errors.map(problemLine).join('\n')}\n`,
    )
}

/** The tools that stand in the script. A call that only shows when it is made is found in the examples. */
function namedTools({ library, host }: SaveParts, { principal }: Call, code: string): readonly string[] {
  const { catalog } = library.world()
  const { uses } = readUses(readTokens(code), ['tools'])
  return uses.flatMap(({ server, tool }) => {
    if (server === undefined || tool === undefined) return []
    const ref = catalog.names.resolvePair(server, tool)
    return ref === undefined || ref.server === 'code' || !host().isVisible(principal, 'script', ref)
      ? []
      : [toolKey(ref)]
  })
}

/** What could not be read again is not written. */
function refuseUnreadable(parsed: ParsedText<unknown>): void {
  if (!parsed.ok) throw new GatewayError('invalid_arguments', `The script cannot be saved: ${parsed.reason}.`)
}

function fixturesText(cases: readonly FixtureCase[]): string {
  const text = `${JSON.stringify({ cases }, null, 2)}\n`
  if (text.length > MAX_FIXTURE_CHARS)
    throw new GatewayError(
      'script_limit',
      `What the examples recorded is larger than ${MAX_FIXTURE_CHARS} characters: use smaller ones.`,
    )
  refuseUnreadable(parseFixtures(text))
  return text
}

function signatureOf(spec: ToolSpec): string {
  const { names } = createCatalog({ revision: 0, specs: [spec] })
  return printSignature(spec, names)
}
