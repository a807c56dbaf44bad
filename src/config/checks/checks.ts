import { isIP } from 'node:net'
import type { Issue, Tree } from '../document/tree.ts'
import type { Config } from '../schema.ts'
import { allowRules } from '../compile.ts'
import { entryOf, issueAt, positionOf, treeAt } from '../document/tree.ts'
import { checkConditions } from './conditions.ts'
import { checkIdentities } from './identities.ts'
import { checkPatterns } from './patterns.ts'
import { checkName, checkServer } from './server.ts'
import { checkTexts } from './texts.ts'

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
  return [...issues, ...checkHttp(root), ...checkPatterns(root)]
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
  return [...issues, ...checkConditions(config, root), ...checkIdentities(config, root)]
}
