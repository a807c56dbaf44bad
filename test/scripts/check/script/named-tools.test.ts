import { describe, expect, it } from 'vitest'

import { createCatalog } from '../../../../src/catalog/catalog.ts'
import { findNamedTools } from '../../../../src/scripts/check/script/named-tools.ts'
import { readTokens } from '../../../../src/scripts/check/script/tokens.ts'
import { CATALOG, isVisible } from '../catalog.ts'

function named(code: string): string[] {
  const { servers } = findNamedTools(readTokens(code), CATALOG, isVisible)
  return [...servers]
    .flatMap(([server, tools]) => [...tools.keys()].map((tool) => `${server}.${tool}`))
    .sort()
}

describe('tools that a script names', () => {
  it.each([
    ['tools.files.read({})', ['files.read']],
    ["tools['files']['read']({})", ['files.read']],
    ['tools[`files`].read', ['files.read']],
    ['tools?.files?.read?.({})', ['files.read']],
    [
      "tools.github['close-issue'](); tools.github.close_issue()",
      ['github.close-issue', 'github.close_issue'],
    ],
    ['const gh = tools.github; gh.list_issues()', ['github.list_issues']],
    ['const { github } = tools; github.list_issues()', ['github.list_issues']],
    ['const { list_issues } = tools.github; list_issues()', ['github.list_issues']],
    ['const { github: { list_issues: a }, files: f } = tools; f.now()', ['files.now', 'github.list_issues']],
    ['const all = tools; all.files.now()', ['files.now']],
    ['const read = tools.files.read; read()', ['files.read']],
    ['tools.files[name]()', ['files.now', 'files.read', 'files.stat']],
    ['use(tools); x.github.list_issues()', ['github.list_issues']],
    ['tools.vault.read_secret()', []],
    ['tools.nowhere.at_all()', []],
    ['tools.files.none()', []],
    ['my.tools.files.read()', []],
    ["'tools.files.read' // tools.files.read", []],
    ['`${tools.files.read()}`', ['files.read']],
  ])('%s', (code, expected) => {
    expect(named(code)).toEqual(expected)
  })

  it('are not more than a check can bear', () => {
    const specs = Array.from({ length: 500 }, (_, index) => ({
      ref: { server: 'big', name: `tool_${index}` },
      inputSchema: { type: 'object' },
      definition: {},
    }))
    const catalog = createCatalog({ revision: 1, specs })
    const all = findNamedTools(readTokens('tools.big[x](); tools.big.tool_499()'), catalog, () => true)
    expect(all.count).toBe(60)
    // What is named comes before what may be meant.
    expect(all.servers.get('big')?.has('tool_499')).toBe(true)
  })
})
