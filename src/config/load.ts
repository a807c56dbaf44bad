import { basename, dirname, extname, join, resolve, sep } from 'node:path'
import type { Issue, Note, ParsedDocument, Path, Tree } from './document/tree.ts'
import type { ReadFile } from './files.ts'
import type { EnvFile } from './client/entry.ts'
import type { Config } from './schema.ts'
import { GatewayError } from '../core/errors.ts'
import { checkConfig, checkTree } from './checks/checks.ts'
import { noteUnknownServers } from './checks/patterns.ts'
import { isDisabled } from './checks/server.ts'
import { adaptClientFile, isClientFile } from './client/client-file.ts'
import { readEnvFiles } from './client/env-file.ts'
import { parseJson } from './document/json.ts'
import { resolveReferences } from './document/references.ts'
import { issueAt, toPlain, treeAt } from './document/tree.ts'
import { parseYaml } from './document/yaml.ts'
import { formatIssue, sortIssues, toIssues } from './issues.ts'
import { toJsonSchema } from './json-schema.ts'
import { CONFIG_SCHEMA, toConfig } from './schema.ts'

/** Names that are looked for, in this order. */
export const CONFIG_FILE_NAMES = ['isogate.yaml', 'isogate.yml', 'isogate.json'] as const

const MAX_FILE_BYTES = 1024 * 1024
const MAX_SHOWN_ISSUES = 50
/** Folders of clients inside a project: the project is the folder above. */
const CLIENT_FOLDERS = ['.cursor', '.vscode', '.gemini', '.claude', '.windsurf']

/** Where configurations and the values of their references come from. */
export interface ConfigSource {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly readFile: ReadFile
}

export interface LoadOptions extends ConfigSource {
  /** A file that was named; absent: the known names in `cwd`, then the variable ISOGATE_CONFIG. */
  readonly path?: string
  readonly cwd: string
}

export interface LoadedConfig {
  readonly config: Config
  /** The file, as an absolute path. */
  readonly path: string
  /** The folder that relative paths of the configuration begin in. */
  readonly baseDir: string
  readonly notes: readonly Note[]
}

/** A configuration, or all that is wrong with it, as data. */
export type CheckedConfig =
  | ({ readonly ok: true } & LoadedConfig)
  | {
      readonly ok: false
      readonly path: string
      readonly issues: readonly Issue[]
      readonly notes: readonly Note[]
    }

/** Loads the configuration. Throws one GatewayError: `config_not_found`, or `config_invalid` with all errors in its message. */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const checked = await checkConfigFile(options)
  if (!checked.ok) throw toConfigError(checked.path, checked.issues)
  const { config, path, baseDir, notes } = checked
  return { config, path, baseDir, notes }
}

/** Loads the configuration and returns what is wrong with it as data. Throws only `config_not_found`. */
export async function checkConfigFile(options: LoadOptions): Promise<CheckedConfig> {
  const { path, read } = await findFile(options)
  if (read.kind === 'failed') {
    const message = `the file cannot be read: ${read.reason}`
    return { ok: false, path, issues: [issueAt([], { line: 1, column: 1 }, message)], notes: [] }
  }
  return checkConfigText(read.text, path, options)
}

/** Makes the error that carries all issues. Its message never holds a resolved value, because no issue does. */
export function toConfigError(
  path: string,
  issues: readonly Issue[],
  what = 'the configuration',
): GatewayError<'config_invalid'> {
  const shown = issues.slice(0, MAX_SHOWN_ISSUES).map((issue) => formatIssue(path, issue))
  const more = issues.length - shown.length
  const lines = more > 0 ? [...shown, `… and ${more} more`] : shown
  const count = issues.length === 1 ? '1 error' : `${issues.length} errors`
  return new GatewayError('config_invalid', `${count} in ${what}:\n${lines.join('\n')}\n`, {
    detail: { path, issues: shown },
  })
}

/** Reads a document that is at hand as text. `path` names its format and is where relative paths begin. */
export async function checkConfigText(
  text: string,
  path: string,
  source: ConfigSource,
): Promise<CheckedConfig> {
  const document = parseDocumentText(text, path)
  const notes: Note[] = []
  if (document.issues.length > 0) return { ok: false, path, issues: sortIssues(document.issues), notes }
  const baseDir = dirname(resolve(path))

  let adapted: Tree = document.root
  let envFiles: readonly EnvFile[] = []
  if (isClientFile(document.root)) {
    const client = adaptClientFile(document.root, toClientContext(baseDir, source.env))
    adapted = client.root
    envFiles = client.envFiles
    notes.push(...client.notes)
  }

  const isOff = (at: Path): boolean =>
    at.length === 2 && (at[0] === 'servers' || at[0] === 'mcpServers') && isDisabled(treeAt(adapted, at))
  const references = { ...source, baseDir }
  const resolved = await resolveReferences(adapted, references, isOff)
  // After the references: what a file of variables holds is never scanned for them.
  const root = await readEnvFiles(resolved.root, envFiles, references, notes)

  const parsed = CONFIG_SCHEMA.safeParse(toPlain(root))
  const issues = [...resolved.issues, ...checkTree(root)]
  if (!parsed.success) issues.push(...toIssues(parsed.error, root, toJsonSchema()))
  if (parsed.success && issues.length === 0) {
    const config = toConfig(parsed.data)
    issues.push(...checkConfig(config, root))
    notes.push(...noteUnknownServers(config, root))
    if (issues.length === 0) return { ok: true, config, path, baseDir, notes }
  }
  return { ok: false, path, issues: sortIssues(withoutEchoes(issues, resolved.issues)), notes }
}

/** A reference that failed leaves a hole in its value; that the hole is not a valid value is no second error. */
function withoutEchoes(issues: readonly Issue[], failed: readonly Issue[]): readonly Issue[] {
  const failedPaths = new Set(failed.map((issue) => issue.path))
  return issues.filter((issue) => failed.includes(issue) || !failedPaths.has(issue.path))
}

/** Parses a document by the ending of its name; another ending is decided by the first character. */
export function parseDocumentText(text: string, path: string): ParsedDocument {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text
  const ending = extname(path).toLowerCase()
  const isYaml = ending === '.yaml' || ending === '.yml'
  const isJson = ending === '.json' || ending === '.jsonc' || (!isYaml && /^\s*(?:\{|\/[/*])/.test(plain))
  return isJson ? parseJson(plain) : parseYaml(plain)
}

type TextOrFailure = Exclude<Awaited<ReturnType<ReadFile>>, { kind: 'missing' }>

async function findFile(options: LoadOptions): Promise<{ path: string; read: TextOrFailure }> {
  const candidates =
    options.path === undefined
      ? CONFIG_FILE_NAMES.map((name) => join(options.cwd, name))
      : [resolve(options.cwd, options.path)]
  const named = options.path === undefined ? options.env['ISOGATE_CONFIG'] : undefined
  if (named !== undefined && named !== '') candidates.push(resolve(options.cwd, named))
  for (const path of candidates) {
    const read = await options.readFile(path, MAX_FILE_BYTES)
    if (read.kind !== 'missing') return { path, read }
  }
  throw new GatewayError('config_not_found', `Looked for ${candidates.join(', ')}.`, {
    detail: { paths: candidates },
  })
}

function toClientContext(baseDir: string, env: ConfigSource['env']) {
  const workspace = CLIENT_FOLDERS.includes(basename(baseDir)) ? dirname(baseDir) : baseDir
  return { workspace, home: env['HOME'] ?? env['USERPROFILE'] ?? '', separator: sep }
}
