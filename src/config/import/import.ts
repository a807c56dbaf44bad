import type { JsonObject } from '../../core/json.ts'
import type { Entry, Note, Path, Tree } from '../document/tree.ts'
import type { Candidate, FoundConfig, ImportedServer, ImportSource } from './source.ts'
import { adaptServers } from '../client/client-file.ts'
import { entryOf, formatPath, toPlain, treeAt } from '../document/tree.ts'
import { SERVER_SCHEMA } from '../schema/server.ts'
import { claudeCodeFiles } from './claude-code.ts'
import { claudeDesktopFiles } from './claude-desktop.ts'
import { codexFiles } from './codex.ts'
import { cursorFiles } from './cursor.ts'
import { geminiFiles } from './gemini.ts'
import { vscodeFiles } from './vscode.ts'

/** The user's file of Claude Code also holds a history, and grows with it. */
const MAX_FILE_BYTES = 32 * 1024 * 1024
const SECRET_NAME = /token|secret|passw|api_?key|access_?key|credential|authorization|cookie/i

/** Looks where MCP clients keep their servers. Reads only; a file that cannot be understood is a note. */
export async function findClientConfigs(source: ImportSource): Promise<readonly FoundConfig[]> {
  const candidates = [
    ...claudeCodeFiles(source),
    ...claudeDesktopFiles(source),
    ...cursorFiles(source),
    ...vscodeFiles(source),
    ...codexFiles(source),
    ...geminiFiles(source),
  ]
  const found = await Promise.all(unique(candidates).map((candidate) => readCandidate(candidate, source)))
  return found.filter((config) => config.servers.length > 0 || config.notes.length > 0)
}

/** In the home folder, the file of the project is that of the user. */
function unique(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter(
    (candidate, index) => candidates.findIndex(({ path }) => path === candidate.path) === index,
  )
}

async function readCandidate(candidate: Candidate, source: ImportSource): Promise<FoundConfig> {
  const { client, path } = candidate
  const read = await source.readFile(path, MAX_FILE_BYTES)
  if (read.kind === 'missing') return { client, path, servers: [], notes: [] }
  if (read.kind === 'failed') {
    return {
      client,
      path,
      servers: [],
      notes: [{ path: '', line: 1, message: `cannot be read: ${read.reason}` }],
    }
  }
  // Editors leave empty files behind.
  if (read.text.trim() === '') return { client, path, servers: [], notes: [] }
  const text = read.text.startsWith('\uFEFF') ? read.text.slice(1) : read.text
  const { root, issues } = candidate.parse(text)
  const notes: Note[] = issues.map(({ path: at, line, message }) => ({ path: at, line, message }))
  const servers: ImportedServer[] = []
  const separator = source.platform === 'win32' ? '\\' : '/'
  const context = { workspace: source.cwd, home: source.home, separator }
  for (const section of candidate.sections) {
    const tree = treeAt(root, section)
    if (tree?.kind !== 'map') continue
    const adapted = adaptServers(tree.entries, section, context)
    notes.push(...adapted.notes)
    for (const { server, line } of adapted.envFiles) {
      notes.push({
        path: formatPath([...section, server, 'envFile']),
        line,
        message: 'set aside: write its variables under `env`',
      })
    }
    for (const entry of adapted.servers) {
      const isTaken = servers.some(({ name }) => name === entry.key)
      const problem = isTaken ? 'the file has a nearer server of that name' : refusalOf(entry.value)
      const { line } = entry.keyAt
      if (problem !== undefined) {
        notes.push({ path: formatPath([...section, entry.key]), line, message: `left out: ${problem}` })
        continue
      }
      servers.push({ name: entry.key, entry: toPlain(entry.value) as JsonObject, line })
      notes.push(...noteSecrets(entry, [...section, entry.key]))
    }
  }
  return { client, path, servers, notes }
}

/** Why an entry cannot be used, in words that repeat none of its values. */
function refusalOf(value: Tree): string | undefined {
  const parsed = SERVER_SCHEMA.safeParse(toPlain(value))
  const fault = parsed.error?.issues[0]
  if (fault !== undefined) return `\`${formatPath(fault.path.map(String))}\` is not as it should be`
  const hasCommand = entryOf(value, 'command') !== undefined
  const hasUrl = entryOf(value, 'url') !== undefined
  if (hasCommand && hasUrl) return 'it has both a command and an address'
  return hasCommand || hasUrl ? undefined : 'it has neither a command nor an address'
}

/** Secrets stay as they are, so that the server works; the person is told how to keep them out of the file. */
function noteSecrets(server: Entry, path: Path): readonly Note[] {
  return ['env', 'headers'].flatMap((key) => {
    const section = entryOf(server.value, key)?.value
    if (section?.kind !== 'map') return []
    return section.entries.flatMap(({ key: name, keyAt, value }) => {
      const isLiteral =
        value.kind === 'scalar' && typeof value.value === 'string' && !value.value.includes('${')
      if (!isLiteral || value.value === '' || !SECRET_NAME.test(name)) return []
      const variable = name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
      const suggestion =
        key === 'env' ? variable : `${server.key.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_${variable}`
      const message = `looks like a secret; \`\${env:${suggestion}}\` would keep it out of the file`
      return [{ path: formatPath([...path, key, name]), line: keyAt.line, message }]
    })
  })
}
