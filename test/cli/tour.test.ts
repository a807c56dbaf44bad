import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'

import { createPlace, realServer, run, type Ended, type Place } from './program.ts'

const PAGE = fileURLToPath(new URL('../../docs/governance.md', import.meta.url))
const MOST_COMMANDS = 10

let place: Place
beforeEach(async () => {
  place = await createPlace()
})
afterEach(() => place.remove())

/** What stands in the section `A tour`, by language. */
async function tourOf(language: string): Promise<string> {
  const page = await readFile(PAGE, 'utf8')
  const section = page.split('\n## A tour\n')[1]?.split('\n## ')[0] ?? ''
  const block = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'm').exec(section)?.[1]
  if (block === undefined) throw new Error(`The tour has no ${language}.`)
  return block
}

/** A line as a shell takes it apart, as far as the page uses one. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
}

test(
  'the tour of docs/governance.md goes as it is told there, in at most ten commands',
  { timeout: 120_000 },
  async () => {
    const document = parse(await tourOf('yaml')) as { servers: { files: { args: string[] } } }
    expect(document.servers.files.args).toContain('@modelcontextprotocol/server-filesystem')
    // The same server, without a download.
    Object.assign(document.servers.files, realServer('filesystem', ['.']))
    await place.write('isogate.yaml', stringify(document))
    await place.write('tidy.ts', await tourOf('ts'))
    await mkdir(join(place.folder, 'notes'))
    const notes = (): Promise<string[]> => readdir(join(place.folder, 'notes'))
    const lines = (await tourOf('sh')).trim().split('\n')
    expect(lines.length).toBeLessThanOrEqual(MOST_COMMANDS)

    const ids = { APPROVAL: '', RUN: '' }
    const said: Ended[] = []
    for (const line of lines) {
      const [program, ...words] = wordsOf(line)
      expect(program).toBe('isogate')
      const ended = await run(
        place,
        words.map((word) => (word === 'APPROVAL' || word === 'RUN' ? ids[word] : word)),
      )
      said.push(ended)
      const text = ended.stdout + ended.stderr
      ids.APPROVAL ||= /\ba_[A-Za-z0-9_-]{20}\b/.exec(text)?.[0] ?? ''
      ids.RUN ||= /run_script\(\{"resume":"([^"]+)"\}\)/.exec(text)?.[1] ?? ''
      expect(ended.code, `${line}\n${text}`).toBe(0)
      if (line.startsWith('isogate approvals')) expect(await notes()).toEqual([])
    }
    const text = said.map(({ stdout, stderr }) => stdout + stderr).join('\n')
    expect(text).toMatch(/\bisk_[A-Za-z0-9_-]{43}\b/)
    expect(text).toMatch(/files\.write_file +ask/)
    expect(text).toMatch(/files\.edit_file +deny/)
    expect(text).toMatch(/The run is suspended/)
    expect(await notes()).toEqual(['index.txt'])
    expect(said.at(-1)?.stdout).toMatch(/rows? .*good/)
  },
)
