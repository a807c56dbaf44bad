import { isIP } from 'node:net'
import type { Issue, Note, Path, Tree } from '../document/tree.ts'
import type { Config } from '../schema.ts'
import { nearest } from '../../core/nearest.ts'
import { allowRules } from '../compile.ts'
import { entryOf, formatPath, issueAt, positionOf, treeAt } from '../document/tree.ts'
import { checkName, checkServer } from './server.ts'

const MIN_TOKEN_LENGTH = 16
const HOST = /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?$/
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?$/

/** What is wrong between fields, or in a text after its references were resolved. Never prints a value. */
export function checkTree(root: Tree): readonly Issue[] {
  const issues: Issue[] = []
  const own = entryOf(root, 'servers')
  const foreign = entryOf(root, 'mcpServers')
  if (own !== undefined && foreign !== undefined) {
    const message = '`mcpServers` is another name for `servers`; use one of the two'
    issues.push(issueAt(['mcpServers'], foreign.keyAt, message))
  }
  for (const section of [own, foreign]) {
    if (section?.value.kind !== 'map') continue
    for (const entry of section.value.entries) {
      issues.push(
        ...checkName(entry, [section.key, entry.key]),
        ...checkServer(entry, [section.key, entry.key]),
      )
    }
  }
  return [...issues, ...checkHttp(root), ...checkPolicyPatterns(root)]
}

function checkHttp(root: Tree): readonly Issue[] {
  const issues = [
    ...checkTexts(
      root,
      ['http', 'allowedHosts'],
      (text) => HOST.test(text) || isIP(text) !== 0,
      'expected `host` or `host:port`',
    ),
    ...checkTexts(
      root,
      ['http', 'allowedOrigins'],
      (text) => ORIGIN.test(text),
      'expected an origin such as `https://app.example.com`, without a path or a star',
    ),
  ]
  const token = treeAt(root, ['http', 'token'])
  if (token?.kind !== 'scalar' || typeof token.value !== 'string') return issues
  if (token.value.length < MIN_TOKEN_LENGTH || !/^[\x21-\x7e]*$/.test(token.value)) {
    const message = `a token has at least ${MIN_TOKEN_LENGTH} visible ASCII characters and no spaces`
    issues.push(issueAt(['http', 'token'], token.at, message))
  }
  return issues
}

function checkTexts(root: Tree, path: Path, isValid: (text: string) => boolean, message: string): Issue[] {
  const list = treeAt(root, path)
  if (list?.kind !== 'list') return []
  return list.items.flatMap((item, index) =>
    item.kind === 'scalar' && typeof item.value === 'string' && item.value !== '' && !isValid(item.value)
      ? [issueAt([...path, index], item.at, message)]
      : [],
  )
}

/** A pattern without a server part matches nothing: `deny: ["delete_*"]` would silently protect nothing. */
function checkPolicyPatterns(root: Tree): readonly Issue[] {
  const message = 'a policy pattern is `server.tool`; write `*.` in front of it to mean every server'
  return ['allow', 'deny'].flatMap((key) =>
    checkTexts(root, ['policy', key], (text) => text.includes('.') || text.startsWith('*'), message),
  )
}

/** What only shows in a configuration that is otherwise in order. */
export function checkConfig(config: Config, root: Tree): readonly Issue[] {
  const issues: Issue[] = []
  const { cellMemoryMb, limits } = config.sandbox
  if (limits.memoryMb > cellMemoryMb) {
    const path = ['sandbox', 'limits', 'memoryMb']
    const message = `must be at most \`sandbox.cellMemoryMb\`, which is ${cellMemoryMb}`
    issues.push(issueAt(path, positionOf(root, path), message))
  }
  if (allowRules(config) === undefined) {
    const path = ['policy', 'allow']
    const message =
      'these globs and the allow lists of the servers are too intricate to be combined; use fewer stars'
    issues.push(issueAt(path, positionOf(root, path), message))
  }
  return issues
}

/** Patterns of the policy that name a server which is not there: probably a typo, and then a hole. */
export function noteUnknownServers(config: Config, root: Tree): readonly Note[] {
  const names = Object.keys(config.servers)
  return (['allow', 'deny'] as const).flatMap((key) =>
    config.policy[key].flatMap((pattern, index) => {
      const server = pattern.slice(0, Math.max(0, pattern.indexOf('.')))
      if (server === '' || /[*?]/.test(server) || names.includes(server)) return []
      const path = ['policy', key, index]
      const suggestion = nearest(server, names, 1)[0]
      const hint = suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`
      const message = `there is no server \`${server}\`${hint}`
      return [{ path: formatPath(path), line: positionOf(root, path).line, message }]
    }),
  )
}
