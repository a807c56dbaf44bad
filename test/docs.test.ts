import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'

import { openGateway, systemClock } from '../src/assemble.ts'
import { compileConfig } from '../src/config/compile.ts'
import { findClientConfigs } from '../src/config/import/import.ts'
import { checkConfigText } from '../src/config/load.ts'
import { ERRORS } from '../src/core/error-table.ts'
import type { JsonObject } from '../src/core/json.ts'
import type { Gateway } from '../src/gateway/gateway.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const files = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
]
const pages = new Map(
  await Promise.all(
    files
      .filter((file) => file.endsWith('.md'))
      .map(async (file) => [file, await readFile(join(root, file), 'utf8')] as const),
  ),
)
const page = (file: string): string => pages.get(file) ?? ''

interface Fence {
  readonly language: string
  readonly text: string
  /** What stands before it, back to the fence before. */
  readonly before: string
}

function fencesOf(text: string): readonly Fence[] {
  let end = 0
  return [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map((match) => {
    const before = text.slice(end, match.index)
    end = match.index + match[0].length
    return { language: match[1] ?? '', text: match[2] ?? '', before }
  })
}

const valueOf = (name: string): string =>
  name.endsWith('_URL') ? 'https://example.com' : 'long-enough-for-a-token'

/** Any variable is set, and any file is there. */
const source = {
  env: Object.fromEntries(
    [...pages.values()]
      .flatMap((text) => [...text.matchAll(/\$\{(?:env:)?(\w+)/g)].map((match) => match[1] ?? ''))
      .map((name) => [name, valueOf(name)]),
  ),
  readFile: (name: string) => Promise.resolve({ kind: 'text', text: valueOf(name) } as const),
}

describe('links', () => {
  test.each([...pages.keys()])('%s leads to files and headings that are there', (file) => {
    const dead = [...page(file).matchAll(/\]\(([^)\s]+)\)/g)]
      .map((match) => match[1] ?? '')
      .filter((link) => !/^\w+:/.test(link))
      .filter((link) => !leadsSomewhere(file, link))
    expect(dead).toEqual([])
  })
})

function leadsSomewhere(from: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? from : join(dirname(from), path)
  if (!existsSync(join(root, target))) return false
  return anchor === undefined || headingsOf(page(target)).includes(anchor)
}

/** As GitHub makes anchors of headings. */
function headingsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

describe('docs/errors.md', () => {
  const sections = [
    ...page('docs/errors.md').matchAll(/^## (\S+)\n\n(.*)\n\n([^]*?)(?=\n# |\n## |(?![^]))/gm),
  ]

  test('has a section for each code, in the order of the table', () => {
    expect(sections.map((match) => match[1])).toEqual(Object.keys(ERRORS))
  })

  test.each(Object.entries(ERRORS))('says of %s what the table says, and more', (code, entry) => {
    const section = sections.find((match) => match[1] === code)
    const retryable = entry.retryable ? 'retryable' : 'not retryable'
    expect(section?.[2]).toBe(`HTTP ${entry.http} · JSON-RPC ${entry.jsonRpc} · ${retryable}`)
    expect(section?.[3]?.length).toBeGreaterThan(entry.meaning.length + 20)
  })
})

describe('commands', () => {
  const code = [...pages.values()].flatMap((text) => [
    ...fencesOf(text).map((fence) => fence.text),
    ...[...text.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''),
  ])
  const lines = code.flatMap((text) => text.split('\n'))

  test('every npm script that is named exists', async () => {
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { scripts: object }
    const named = lines.flatMap((line) => [...line.matchAll(/npm (?:run )?(?:--\S+ )?([a-z]+)\b/g)])
    const own = ['ci', 'rebuild', 'install', 'pack']
    const unknown = named
      .map((match) => match[1] ?? '')
      .filter((name) => !own.includes(name) && !(name in scripts))
    expect(named.length).toBeGreaterThan(10)
    expect(unknown).toEqual([])
  })

  // The program is started for the help of each verb.
  test('every verb of isogate that is named exists, with its options', { timeout: 120_000 }, async () => {
    const home = await mkdtemp(join(tmpdir(), 'isogate-docs-'))
    onTestFinished(() => rm(home, { recursive: true }))
    const help = async (...verb: readonly string[]): Promise<string> => {
      const program = [join(root, 'src/bin.js'), ...verb, '--help']
      return (await promisify(execFile)(process.execPath, program, { env: { ISOGATE_HOME: home } })).stdout
    }
    const verbsIn = (text: string): readonly string[] =>
      [...text.matchAll(/^ {2}([a-z|]+)(?: |$)/gm)].flatMap((match) => (match[1] ?? '').split('|'))
    const verbs = verbsIn(await help())
    const groups = new Map<string, readonly string[]>()
    for (const verb of verbs) {
      const text = await help(verb)
      if (text.includes('Commands:')) groups.set(verb, verbsIn(text))
    }
    const unknown: string[] = []
    const options = new Map<string, Set<string>>()
    for (const line of lines) {
      for (const match of line.matchAll(
        /\bisogate ([a-z]+)(?![\w:/.-])(?: ([a-z]+)(?![\w:/.-]))?([^|&#]*)/g,
      )) {
        const [, verb = '', word = '', rest = ''] = match
        const group = word === '' ? undefined : groups.get(verb)
        if (!verbs.includes(verb) || group?.includes(word) === false) unknown.push(match[0])
        const name = group === undefined ? verb : `${verb} ${word}`
        const known = options.get(name) ?? new Set()
        options.set(name, known)
        for (const option of rest.matchAll(/(?<=\s)--[a-z][a-z-]*/g)) known.add(option[0])
      }
    }
    expect(unknown).toEqual([])
    expect(options.size).toBeGreaterThan(6)
    for (const [name, named] of options) {
      const text = named.size === 0 ? '' : await help(...name.split(' '))
      for (const option of named) expect(text, `isogate ${name}`).toContain(option)
    }
  })
})

describe('configurations', () => {
  const configurations = [...pages].flatMap(([file, text]) =>
    fencesOf(text)
      // Tasks are no configuration: test/cli/bench.test.ts plays them.
      .filter((fence) => fence.language === 'yaml' && !fence.text.startsWith('tasks:'))
      .map((fence) => ({ file, ...fence })),
  )

  test.each(configurations)('example %# in $file loads', async ({ text }) => {
    const checked = await checkConfigText(text, '/etc/isogate/isogate.yaml', source)
    expect(checked.ok ? [] : checked.issues).toEqual([])
  })

  /** Where each client has its file, by the words that introduce an example. */
  const clients: readonly (readonly [name: string, path: string])[] = [
    ['Claude Code', '/home/me/project/.mcp.json'],
    ['Cursor', '/home/me/project/.cursor/mcp.json'],
    ['VS Code', '/home/me/project/.vscode/mcp.json'],
    ['Codex', '/home/me/.codex/config.toml'],
    ['Gemini CLI', '/home/me/.gemini/settings.json'],
    ['Claude Desktop', '/home/me/.config/Claude/claude_desktop_config.json'],
  ]
  const snippets = ['README.md', 'docs/clients.md'].flatMap((file) => {
    let client = ''
    return fencesOf(page(file)).flatMap(({ language, text, before }) => {
      client = [...before.matchAll(/(?:^## |\*\*)([A-Z][A-Za-z ]+)/gm)].at(-1)?.[1] ?? client
      const path = clients.find(([name]) => name === client)?.[1]
      return path !== undefined && ['json', 'toml'].includes(language) ? [{ file, client, path, text }] : []
    })
  })

  test('each client has its examples', () => {
    expect(snippets.map(({ file, client }) => `${file} ${client}`)).toEqual([
      ...['Claude Code', 'VS Code', 'Codex', 'Gemini CLI'].map((client) => `README.md ${client}`),
      'docs/clients.md Claude Code',
      ...['Cursor', 'VS Code', 'Codex', 'Gemini CLI'].flatMap((client) => [
        `docs/clients.md ${client}`,
        `docs/clients.md ${client}`,
      ]),
      'docs/clients.md Claude Desktop',
    ])
  })

  test.each(snippets)(
    '$file: the example for $client is one that the client can read',
    async ({ path, text }) => {
      // The importer leaves out what leads back to Isogate itself, so the same entry is read with a foreign address.
      const elsewhere = text
        .replaceAll('isogate":', 'other":')
        .replaceAll('.isogate]', '.other]')
        .replaceAll('7333', '8444')
      const found = await findClientConfigs({
        home: '/home/me',
        cwd: '/home/me/project',
        platform: 'linux',
        env: {},
        readFile: (name) =>
          Promise.resolve(name === path ? { kind: 'text', text: elsewhere } : { kind: 'missing' }),
      })
      const [config] = found
      if (text.includes('127.0.0.1')) {
        const headers = { Authorization: 'Bearer ${env:ISOGATE_TOKEN}' }
        expect(config?.servers).toMatchObject([
          { name: 'other', entry: { url: 'http://127.0.0.1:8444/mcp', headers } },
        ])
      } else {
        // The importer knows an entry that starts Isogate itself, and leaves it out.
        expect(config?.servers).toEqual([])
        expect(config?.notes).toHaveLength(1)
      }
    },
  )
})

describe('docs/code-mode.md', () => {
  const text = page('docs/code-mode.md')
  const fences = fencesOf(text)
  let gateway: Gateway
  let folder: string

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'isogate-docs-')))
    await mkdir(join(folder, 'notes'))
    const yaml = fences.find(({ language }) => language === 'yaml')?.text ?? ''
    const checked = await checkConfigText(yaml, join(folder, 'isogate.yaml'), source)
    if (!checked.ok) throw new Error(JSON.stringify(checked.issues))
    const servers = structuredClone(checked.config.servers)
    for (const server of Object.values(servers)) {
      const [, name = '', ...args] = server.args ?? []
      server.command = process.execPath
      server.args = [programOf(name), ...args]
      server.env = { MEMORY_FILE_PATH: join(folder, 'memory.jsonl') }
    }
    const plan = compileConfig({ ...checked.config, servers }, checked.baseDir)
    const silent = (): void => {}
    const log = { error: silent, warn: silent, info: silent, debug: silent }
    gateway = openGateway(plan, { clock: systemClock, log, version: '0.0.0' })
    await gateway.settled()
  })

  afterAll(async () => {
    await gateway.close()
    await rm(folder, { recursive: true })
  })

  async function answerOf(name: string, args: JsonObject): Promise<string> {
    const { content, _meta: meta = {} } = await gateway.handler({
      id: 'docs',
      door: 'mcp',
      principal: { id: 'docs', kind: 'local' },
      tool: { server: 'code', name },
      args,
      signal: new AbortController().signal,
    })
    const { parts = [] } = (meta['isogate/run'] ?? {}) as { parts?: string[] }
    return content
      .flatMap(({ text: said }, index) =>
        typeof said === 'string' && parts[index] !== 'how-to' ? [said] : [],
      )
      .join('\n')
  }

  const examples = [...fences, ...fencesOf(page('README.md'))].flatMap((fence, index, all) =>
    fence.language === 'ts'
      ? [
          {
            code: fence.text,
            title: fence.text.slice(0, 60).split('\n')[0],
            more: JSON.parse(/<!-- with (\{.*\}) -->\s*$/.exec(fence.before)?.[1] ?? '{}') as JsonObject,
            wanted: all[index + 1],
          },
        ]
      : [],
  )

  test('there are examples, each with its result', () => {
    expect(examples.length).toBeGreaterThan(15)
    expect(examples.filter(({ wanted }) => !['json', 'text'].includes(wanted?.language ?? ''))).toEqual([])
  })

  // In the order of the page: a later script reads what an earlier one has written.
  test.each(examples)('$title … gives what the page says', async ({ code, more, wanted }) => {
    const answer = await answerOf('run_script', { code: code.trimEnd(), ...more })
    if (wanted?.language === 'json') expect(JSON.parse(answer)).toEqual(JSON.parse(wanted.text))
    else expect(answer).toBe(wanted?.text.trimEnd())
  })

  const questions = [...text.matchAll(/<!-- (\w+) (\{.*\}) -->\n\n```text\n([^]*?)```/g)]

  test.each(questions.map(([, name = '', args = '', lines = '']) => ({ name, args, lines })))(
    '$name $args answers with these lines',
    async ({ name, args, lines }) => {
      const answer = await answerOf(name, JSON.parse(args) as JsonObject)
      for (const line of lines.trimEnd().split('\n')) expect(answer).toContain(line)
    },
  )

  test('the limits are those of the configuration, with their defaults', async () => {
    const checked = await checkConfigText('{}', '/etc/isogate/isogate.json', source)
    if (!checked.ok) throw new Error('an empty configuration is one')
    const limits = Object.entries(checked.config.sandbox.limits)
    const rows = [...text.matchAll(/^\| `(\w+)` +\| +(\d+) \|/gm)].map((match) => [
      match[1],
      Number(match[2]),
    ])
    expect(rows).toEqual(limits)
  })
})

describe('docs/architecture.md', () => {
  test('has a line for each dependency, and for no other', async () => {
    const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<string, object>
    const table = page('docs/architecture.md').split('## Dependencies')[1]?.split('\n## ')[0] ?? ''
    const named = [...table.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1])
    expect(named).toEqual([
      ...Object.keys(manifest['dependencies'] ?? {}),
      ...Object.keys(manifest['devDependencies'] ?? {}),
    ])
  })

  test('shows the tree as it is', () => {
    const tree = page('docs/architecture.md').split('## The tree')[1]?.split('```')[1] ?? ''
    const named = [...tree.matchAll(/^ {2}(\w+)\/ {2}/gm)].map((match) => match[1] ?? '')
    const there = ['src', 'sandbox'].flatMap((folder) =>
      readdirSync(join(root, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name),
    )
    expect(named.toSorted()).toEqual(there.toSorted())
  })
})

/** The program of an npm package that is installed here. */
function programOf(name: string): string {
  const load = createRequire(import.meta.url)
  const path = load.resolve(`${name}/package.json`)
  const { bin } = load(path) as { bin: string | Record<string, string> }
  return join(dirname(path), typeof bin === 'string' ? bin : (Object.values(bin)[0] ?? ''))
}
