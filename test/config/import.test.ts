import { expect, test } from 'vitest'
import fc from 'fast-check'
import { findClientConfigs } from '../../src/config/import/import.ts'
import { renderImport } from '../../src/config/import/render.ts'
import { renderTemplate } from '../../src/config/template.ts'
import { GatewayError } from '../../src/core/errors.ts'
import { configOf, filesOf } from './ports.ts'

function find(
  files: Record<string, string>,
  options: { platform?: NodeJS.Platform; env?: Record<string, string>; home?: string; cwd?: string } = {},
) {
  return findClientConfigs({
    home: '/home/u',
    cwd: '/p',
    platform: 'linux',
    env: {},
    readFile: filesOf(files),
    ...options,
  })
}

const servers = (key: string, name = 'a') => JSON.stringify({ [key]: { [name]: { command: 'x' } } })

test('every client is found at its places on Linux', async () => {
  const found = await find({
    '/p/.mcp.json': servers('mcpServers'),
    '/home/u/.claude.json': servers('mcpServers'),
    '/home/u/.config/Claude/claude_desktop_config.json': servers('mcpServers'),
    '/p/.cursor/mcp.json': servers('mcpServers'),
    '/home/u/.cursor/mcp.json': servers('mcpServers'),
    '/p/.vscode/mcp.json': servers('servers'),
    '/home/u/.config/Code/User/mcp.json': servers('servers'),
    '/home/u/.codex/config.toml': '[mcp_servers.a]\ncommand = "x"\n',
    '/p/.gemini/settings.json': servers('mcpServers'),
    '/home/u/.gemini/settings.json': servers('mcpServers'),
  })
  expect(found.map(({ client, servers: list }) => `${client} ${list.length}`)).toEqual([
    'claude-code 1',
    'claude-code 1',
    'claude-desktop 1',
    'cursor 1',
    'cursor 1',
    'vscode 1',
    'vscode 1',
    'codex 1',
    'gemini 1',
    'gemini 1',
  ])
})

test('places on macOS and Windows', async () => {
  const mac = await find(
    {
      '/Users/u/Library/Application Support/Claude/claude_desktop_config.json': servers('mcpServers'),
      '/Users/u/Library/Application Support/Code/User/mcp.json': servers('servers'),
    },
    { platform: 'darwin', home: '/Users/u' },
  )
  expect(mac.map(({ client }) => client)).toEqual(['claude-desktop', 'vscode'])
  const windows = await find(
    {
      'C:\\Users\\u\\AppData\\Roaming\\Claude\\claude_desktop_config.json': servers('mcpServers'),
      'C:\\Users\\u\\.claude.json': JSON.stringify({
        projects: { 'C:/p': { mcpServers: { a: { command: 'x' } } } },
      }),
    },
    {
      platform: 'win32',
      home: 'C:\\Users\\u',
      cwd: 'C:\\p',
      env: { APPDATA: 'C:\\Users\\u\\AppData\\Roaming' },
    },
  )
  expect(windows.map(({ client, servers: list }) => [client, list.length])).toEqual([
    ['claude-code', 1],
    ['claude-desktop', 1],
  ])
})

test('Claude Code: the part for this project wins over that of the user', async () => {
  const document = {
    projects: {
      '/p': { mcpServers: { a: { command: 'mine' } } },
      '/q': { mcpServers: { z: { command: 'z' } } },
    },
    mcpServers: { a: { command: 'all' }, b: { command: 'b' } },
  }
  const [found] = await find({ '/home/u/.claude.json': JSON.stringify(document) })
  expect(found?.servers.map(({ name, entry }) => [name, entry['command']])).toEqual([
    ['a', 'mine'],
    ['b', 'b'],
  ])
  expect(found?.notes[0]?.message).toContain('nearer server')
})

test('VS Code: inputs become variables', async () => {
  const document = {
    inputs: [{ id: 'github-token', type: 'promptString', password: true }],
    servers: {
      github: {
        type: 'http',
        url: 'https://example.com/mcp',
        headers: { Authorization: 'Bearer ${input:github-token}' },
      },
      files: { type: 'stdio', command: 'npx', args: ['${workspaceFolder}'], envFile: '.env' },
    },
  }
  const [found] = await find({ '/p/.vscode/mcp.json': `// c\n${JSON.stringify(document)}` })
  expect(found?.servers.map(({ entry }) => JSON.stringify(entry))).toEqual([
    '{"url":"https://example.com/mcp","headers":{"Authorization":"Bearer ${env:GITHUB_TOKEN}"}}',
    '{"command":"npx","args":["/p"]}',
  ])
  expect(found?.notes.map(({ message }) => message).join('\n')).toMatch(/GITHUB_TOKEN[^]*under `env`/)
})

test('Codex: TOML in its own words', async () => {
  const [found] = await find({
    '/home/u/.codex/config.toml': `model = "x"
[mcp_servers.docs]
command = "npx"
args = ["-y", "docs"]
env = { A = "b" }
env_vars = ["TOKEN"]
startup_timeout_sec = 20
tool_timeout_sec = 45.5
enabled_tools = ["one"]
disabled_tools = ["two"]

[mcp_servers."my remote"]
url = "https://example.com/mcp"
bearer_token_env_var = "REMOTE_TOKEN"
http_headers = { X = "y" }
env_http_headers = { Z = "ZVAR" }
enabled = false
`,
  })
  expect(found?.servers.map(({ name, entry, line }) => ({ name, line, ...entry }))).toEqual([
    {
      name: 'docs',
      line: 2,
      command: 'npx',
      args: ['-y', 'docs'],
      env: { A: 'b', TOKEN: '${env:TOKEN}' },
      timeouts: { connectMs: 20_000, callMs: 45_500 },
      tools: { allow: ['one'], deny: ['two'] },
    },
    {
      name: 'my-remote',
      line: 12,
      url: 'https://example.com/mcp',
      headers: { Authorization: 'Bearer ${env:REMOTE_TOKEN}', X: 'y', Z: '${env:ZVAR}' },
      enabled: false,
    },
  ])
})

test('broken files are notes, and quote nothing of what stands in them', async () => {
  const found = await find({
    '/p/.mcp.json': '{"mcpServers": {"a": {"env": {"T": "hunter2" "x": 1}}}}',
    '/home/u/.codex/config.toml': 'x = 1\n[mcp_servers.a]\ntoken = hunter2 hunter2\n',
    '/p/.cursor/mcp.json': '',
    '/p/.gemini/settings.json': '{"mcpServers": {"a": {"command": 1}, "b": {}, "c": {"command": "ok"}}}',
  })
  expect(
    found.map(({ client, servers: list, notes }) => [client, list.length, notes.length, notes[0]?.line]),
  ).toEqual([
    ['claude-code', 0, 1, 1],
    ['codex', 0, 1, 3],
    ['gemini', 1, 2, 1],
  ])
  expect(JSON.stringify(found)).not.toContain('hunter2')
})

test('secrets are kept, and a note says how to keep them out', async () => {
  const document = {
    mcpServers: { gh: { command: 'x', env: { GITHUB_TOKEN: 'hunter2', REF: '${A}', MODE: 'fast' } } },
  }
  const [found] = await find({ '/p/.mcp.json': JSON.stringify(document) })
  expect(found?.servers[0]?.entry).toMatchObject({ env: { GITHUB_TOKEN: 'hunter2', REF: '${env:A}' } })
  expect(found?.notes.map(({ path, message }) => `${path} ${message}`)).toEqual([
    'mcpServers.gh.env.GITHUB_TOKEN looks like a secret; `${env:GITHUB_TOKEN}` would keep it out of the file',
  ])
  const { changes } = renderImport(found === undefined ? [] : [found])
  expect(JSON.stringify([found?.notes, changes])).not.toContain('hunter2')
})

test('without a document a new one is written, and it loads', async () => {
  const found = await find({
    '/p/.mcp.json': servers('mcpServers', 'one two'),
    '/p/.vscode/mcp.json': servers('servers', 'b'),
  })
  const { text, changes } = renderImport(found)
  expect(text).toMatch(/^# yaml-language-server: \$schema=/)
  expect(text).toContain('servers:\n  # from claude-code\n  one-two:\n    command: x\n')
  expect(Object.keys((await configOf(text)).servers)).toEqual(['one-two'])
  // The same server under another name is there already.
  expect(changes.map(({ action, server }) => `${action} ${server}`)).toEqual(['added one-two', 'unchanged b'])
})

test('an existing document keeps its comments, and its servers are not overwritten', async () => {
  const existing = `# head
mode: code # tail
servers:
  # why a
  a: { command: mine } # tail of a
# foot
`
  const found = await find({
    '/p/.mcp.json': JSON.stringify({
      mcpServers: { a: { command: 'other' }, b: { command: 'b', args: ['yes', '0x1', '# no'] } },
    }),
    '/p/.gemini/settings.json': JSON.stringify({ mcpServers: { b: { command: 'b2' } } }),
  })
  const { text, changes } = renderImport(found, existing)
  expect(changes.map(({ action, server, client }) => `${action} ${server} ${client}`)).toEqual([
    'conflict a claude-code',
    'added b claude-code',
    'conflict b gemini',
  ])
  for (const comment of ['# head', '# tail', '# why a', '# tail of a', '# foot'])
    expect(text).toContain(comment)
  const config = await configOf(text)
  expect(config.servers['a']?.command).toBe('mine')
  expect(config.servers['b']?.args).toEqual(['yes', '0x1', '# no'])
  // A second import changes nothing.
  expect(renderImport(found.slice(0, 1), text)).toMatchObject({
    text,
    changes: [{ action: 'conflict' }, { action: 'unchanged' }],
  })
})

test.each([
  renderTemplate(),
  'servers:\n    # deep\n    z:   {command:  z}   # odd\n\n\n# foot\nmode:   code',
  'servers:\n  z:\n    command: |\n      z\n\n  # tail\nmode: code\n',
  'servers:\r\n  z:\r\n    command: z\r\nmode: code\r\n',
  'mode: code\nservers:\n  z:\n    command: z',
])('an import adds lines and changes no other, in %j', async (existing) => {
  const { text } = renderImport(await find({ '/p/.mcp.json': servers('mcpServers', 'new') }), existing)
  expect((await configOf(text)).servers['new']?.command).toBe('x')
  const block = /^ *# from claude-code\r?\n *new:\r?\n *command: x\r?\n/m
  expect(text).toMatch(block)
  expect(text.replace(block, '').trimEnd()).toBe(existing.trimEnd())
})

test.each([
  ['servers:\n  # github: later\nmode: code\n', '# github: later'],
  ['servers: {}\n', 'servers:\n  # from'],
  ['mcpServers: { z: { command: z } }\n', 'mcpServers:'],
  ['', 'servers:'],
  ['# only a comment\n', '# only a comment'],
])('into %j', async (existing, expected) => {
  const { text } = renderImport(await find({ '/p/.mcp.json': servers('mcpServers') }), existing)
  expect(text).toContain(expected)
  expect((await configOf(text)).servers['a']?.command).toBe('x')
})

test.each(['a: [', '{"servers": {}}', '- a', 'servers: 3', 'x: &x {}\nservers: *x'])(
  'not into %j',
  async (existing) => {
    const found = await find({ '/p/.mcp.json': servers('mcpServers') })
    expect(() => renderImport(found, existing)).toThrow(GatewayError)
  },
)

test.each(['servers:\n  z: { command: z } # tail\nmode: code\n', 'servers: { z: { command: z } }'])(
  'what is imported is what is loaded, into %j',
  async (existing) => {
    const text = fc
      .oneof(
        fc.string({ minLength: 1, maxLength: 20 }),
        fc.string({ unit: fc.constantFrom('\n', ' ', 'a', '#', ':', '\t', '-'), minLength: 1 }),
      )
      .filter((value) => !value.includes('\0') && !/^\$[A-Z_]/.test(value) && !value.includes('${'))
    await fc.assert(
      fc.asyncProperty(
        fc.array(text),
        fc.dictionary(fc.stringMatching(/^[A-Za-z]{1,5}$/), text),
        async (args, env) => {
          fc.pre(args.every((arg) => !arg.startsWith('isogate')))
          const found = await find({
            '/p/.mcp.json': JSON.stringify({ mcpServers: { a: { command: 'x', args, env } } }),
          })
          const server = (await configOf(renderImport(found, existing).text)).servers['a']
          expect(server?.args).toEqual(args)
          expect({ ...server?.env }).toEqual({ ...env })
        },
      ),
    )
  },
)

test('garbage in the files of clients never throws', async () => {
  const names = ['/p/.mcp.json', '/home/u/.claude.json', '/p/.vscode/mcp.json', '/home/u/.codex/config.toml']
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      fc.oneof(fc.string({ unit: 'binary' }), fc.json()),
      async (name, text) => {
        renderImport(await find({ [name]: text }))
        renderImport(await find({ [name]: `{"mcpServers":{"a":${text}},"servers":{"b":${text}}}` }))
        renderImport(await find({ [name]: `[mcp_servers.a]\ncommand = ${text}\n` }))
      },
    ),
    { numRuns: 200 },
  )
})
