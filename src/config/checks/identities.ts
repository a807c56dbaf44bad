import { entryOf, issueAt, positionOf, treeAt, type Issue, type Tree } from '../document/tree.ts'
import type { Config } from '../schema.ts'
import { IDENTITY_PATTERN } from '../schema/identity.ts'

const NAME = 'a name begins with a lower-case letter and has at most 63 of `a-z`, `0-9`, `_` and `-`'

/** What is wrong with organisations, teams and keys: their names, and what they say of each other. */
export function checkIdentities(config: Config, root: Tree): readonly Issue[] {
  const { organisations, teams, keys } = config
  const issues: Issue[] = []
  for (const section of ['organisations', 'teams', 'keys']) {
    const found = treeAt(root, [section])
    if (found?.kind !== 'map') continue
    for (const { key, keyAt } of found.entries) {
      if (!IDENTITY_PATTERN.test(key)) issues.push(issueAt([section, key], keyAt, NAME))
    }
  }
  for (const [id, { organisation }] of Object.entries(teams)) {
    if (organisation === undefined || Object.hasOwn(organisations, organisation)) continue
    const path = ['teams', id, 'organisation']
    issues.push(issueAt(path, positionOf(root, path), `there is no organisation \`${organisation}\` here`))
  }
  const byHash = new Map<string, string>()
  for (const [id, { team, key, hash }] of Object.entries(keys)) {
    const path = ['keys', id]
    if (team !== undefined && !Object.hasOwn(teams, team)) {
      const at = [...path, 'team']
      issues.push(issueAt(at, positionOf(root, at), `there is no team \`${team}\` here`))
    }
    const at = entryOf(treeAt(root, path) ?? root, 'key')?.keyAt ?? positionOf(root, path)
    if ((key === undefined) === (hash === undefined)) {
      issues.push(issueAt(path, at, 'expected exactly one of `key` and `hash`'))
    }
    const secret = hash ?? key ?? ''
    const other = byHash.get(secret)
    if (other !== undefined) issues.push(issueAt(path, at, `this is the same key as \`keys.${other}\``))
    byHash.set(secret, id)
  }
  return issues
}
