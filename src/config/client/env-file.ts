import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import type { ReferenceSource } from '../document/references.ts'
import type { Entry, Note, Tree } from '../document/tree.ts'
import type { EnvFile } from './entry.ts'
import { isDisabled } from '../checks/server.ts'
import { resolveReferences } from '../document/references.ts'
import { entryOf, treeAt } from '../document/tree.ts'

const MAX_ENV_FILE_BYTES = 64 * 1024

/** Adds what the files of variables hold to the servers that name them. A file that cannot be read is a note. */
export async function readEnvFiles(
  root: Tree,
  envFiles: readonly EnvFile[],
  source: ReferenceSource,
  notes: Note[],
): Promise<Tree> {
  let result = root
  for (const { server, path, line } of envFiles) {
    const entry = entryOf(treeAt(result, ['mcpServers']), server)
    if (entry === undefined || isDisabled(entry.value)) continue
    const at = { line, column: 1 }
    const written = await resolveReferences({ kind: 'scalar', value: path, at }, source, () => false)
    const file = written.root.kind === 'scalar' ? String(written.root.value) : path
    const read = await source.readFile(resolve(source.baseDir, file), MAX_ENV_FILE_BYTES)
    if (read.kind !== 'text') {
      const reason = read.kind === 'missing' ? 'it does not exist' : read.reason
      notes.push({ path: `mcpServers.${server}.envFile`, line, message: `set aside: ${reason}` })
      continue
    }
    result = replaceServer(result, server, withVariables(entry.value, toVariables(read.text)))
  }
  return result
}

function toVariables(text: string): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(parseEnv(text)).filter(([name]) => name !== '__proto__'))
}

function replaceServer(root: Tree, server: string, value: Tree): Tree {
  if (root.kind !== 'map') return root
  const entries = root.entries.map((section) => {
    if (section.key !== 'mcpServers' || section.value.kind !== 'map') return section
    const inner = section.value.entries.map((entry) => (entry.key === server ? { ...entry, value } : entry))
    return { ...section, value: { ...section.value, entries: inner } }
  })
  return { ...root, entries }
}

/** Adds variables to the `env` of a server where they are not set yet. */
function withVariables(server: Tree, variables: Readonly<Record<string, string | undefined>>): Tree {
  if (server.kind !== 'map') return server
  const env = entryOf(server, 'env')
  const own = env?.value.kind === 'map' ? env.value.entries : []
  const added: Entry[] = []
  for (const [key, value] of Object.entries(variables)) {
    if (value === undefined || own.some((entry) => entry.key === key)) continue
    // `resolved`: what stands in such a file is a secret more often than not.
    added.push({ key, keyAt: server.at, value: { kind: 'scalar', value, at: server.at, resolved: true } })
  }
  if (added.length === 0) return server
  const merged: Entry = {
    key: 'env',
    keyAt: env?.keyAt ?? server.at,
    value: { kind: 'map', entries: [...own, ...added], at: env?.value.at ?? server.at },
  }
  return { ...server, entries: [...server.entries.filter(({ key }) => key !== 'env'), merged] }
}
