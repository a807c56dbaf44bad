import type { Issue, Note, Path, Tree } from '../document/tree.ts'
import type { Config } from '../schema.ts'
import { nearest } from '../../core/nearest.ts'
import { ALL_OWN_TOOLS, CODE_SERVER } from '../own-tools.ts'
import { entryOf, formatPath, issueAt, positionOf } from '../document/tree.ts'
import { SCRIPTS_SERVER } from '../schema/scripts.ts'
import { SLUG_PATTERN } from '../schema/virtual-server.ts'
import { VIRTUAL_LISTS } from '../virtual-servers.ts'
import { checkTexts } from './texts.ts'

/** What is wrong with globs over all servers, and with the names of virtual servers. */
export function checkPatterns(root: Tree): readonly Issue[] {
  const policies: readonly Path[] = [
    ['policy'],
    ...(['organisations', 'teams', 'keys'] as const).flatMap((section) =>
      (entriesOf(root, section) ?? []).map(({ key }) => [section, key, 'policy']),
    ),
  ]
  return [
    ...policies.flatMap((path) =>
      ['allow', 'ask', 'deny', 'auto'].flatMap((list) => checkPolicyList(root, [...path, list])),
    ),
    ...checkVirtualServers(root),
  ]
}

function checkPolicyList(root: Tree, path: Path): readonly Issue[] {
  const pattern = 'a policy pattern is `server.tool`; write `*.` in front of it to mean every server'
  const own = `there is no such tool of Isogate; there are ${ALL_OWN_TOOLS.join(', ')} (a suspended run is resumed with run_script)`
  return [...checkTexts(root, path, namesServer, pattern), ...checkTexts(root, path, namesOwnTool, own)]
}

/** Isogate's own tools are known: a rule about another one would silently protect nothing. */
function namesOwnTool(pattern: string): boolean {
  const [server, name = ''] = pattern.split('.', 2)
  return server !== CODE_SERVER || /[*?[{]/.test(name) || ALL_OWN_TOOLS.includes(name)
}

function entriesOf(root: Tree, section: string) {
  const found = entryOf(root, section)?.value
  return found?.kind === 'map' ? found.entries : undefined
}

/** A pattern without a server part matches nothing: `deny: ["delete_*"]` would silently protect nothing. */
function namesServer(pattern: string): boolean {
  return pattern.includes('.') || pattern.startsWith('*')
}

function checkVirtualServers(root: Tree): readonly Issue[] {
  const section = entryOf(root, 'virtualServers')?.value
  if (section?.kind !== 'map') return []
  return section.entries.flatMap(({ key, keyAt }) => {
    const path = ['virtualServers', key]
    const message =
      'the name of a virtual server begins with a lower-case letter and has at most 32 of `a-z`, `0-9`, `_` and `-`'
    return [
      ...(SLUG_PATTERN.test(key) ? [] : [issueAt(path, keyAt, message)]),
      ...VIRTUAL_LISTS.flatMap(({ list, kind }) => {
        const what = `a pattern here is \`server.${kind}\`; write \`*.\` in front of it to mean every server`
        return checkTexts(root, [...path, list], namesServer, what)
      }),
    ]
  })
}

/** Patterns that name a server which is not there: probably a typo, and then a hole, or something that is missing. */
export function noteUnknownServers(config: Config, root: Tree): readonly Note[] {
  const names = Object.keys(config.servers)
  return [
    ...(['allow', 'deny'] as const).flatMap((key) =>
      notesOn(['policy', key], config.policy[key], [...names, CODE_SERVER, SCRIPTS_SERVER], root),
    ),
    ...Object.entries(config.virtualServers).flatMap(([slug, server]) =>
      VIRTUAL_LISTS.flatMap(({ list }) =>
        notesOn(['virtualServers', slug, list], server[list], [...names, SCRIPTS_SERVER], root),
      ),
    ),
  ]
}

function notesOn(
  path: Path,
  patterns: readonly string[],
  names: readonly string[],
  root: Tree,
): readonly Note[] {
  return patterns.flatMap((pattern, index) => {
    const server = pattern.slice(0, Math.max(0, pattern.indexOf('.')))
    if (server === '' || /[*?]/.test(server) || names.includes(server)) return []
    const at = [...path, index]
    const suggestion = nearest(server, names, 1)[0]
    const hint = suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`
    const message = `there is no server \`${server}\`${hint}`
    return [{ path: formatPath(at), line: positionOf(root, at).line, message }]
  })
}
