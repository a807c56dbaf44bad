import { expect, test } from 'vitest'
import { toServerNames } from '../../src/config/client/names.ts'
import { translateReferences } from '../../src/config/client/references.ts'
import { check, configOf } from './ports.ts'

const path = '/home/u/p/.mcp.json'

async function load(document: unknown, options: Parameters<typeof check>[1] = {}) {
  const text = typeof document === 'string' ? document : JSON.stringify(document, null, 2)
  const checked = await check(text, { path, ...options })
  if (!checked.ok) throw new Error(JSON.stringify(checked.issues))
  return {
    servers: checked.config.servers,
    notes: checked.notes.map((note) => `${note.path}: ${note.message}`),
  }
}

test('a file of Claude Desktop is accepted unchanged', async () => {
  const { servers, notes } = await load(
    {
      mcpServers: { filesystem: { command: 'npx', args: ['-y', 'fs', '/tmp'], env: {} } },
      globalShortcut: 'Ctrl+Space',
      preferences: { menuBarEnabled: true },
    },
    { path: '/home/u/.config/Claude/claude_desktop_config.json' },
  )
  expect(servers['filesystem']).toMatchObject({ command: 'npx', args: ['-y', 'fs', '/tmp'], enabled: true })
  expect(notes).toEqual([': set aside, not about servers: `globalShortcut`, `preferences`'])
})

test('a file of Claude Code is accepted unchanged, with its variables', async () => {
  const { servers, notes } = await load(
    {
      mcpServers: {
        api: {
          type: 'http',
          url: '${API_BASE:-https://api.example.com}/mcp',
          headers: { Authorization: 'Bearer ${KEY}' },
        },
        local: { type: 'stdio', command: 'node', args: ['s.js'], env: { K: '${KEY}' } },
        old: { type: 'sse', url: 'https://example.com/sse' },
      },
    },
    { env: { KEY: 'secret' } },
  )
  expect(servers).toMatchObject({
    api: { url: 'https://api.example.com/mcp', headers: { Authorization: 'Bearer secret' } },
    local: { command: 'node', env: { K: 'secret' } },
  })
  // `http` is both of them to some clients, so only `sse` says which one it is.
  expect(servers['api']?.transport).toBe('auto')
  expect(servers['old']).toMatchObject({ url: 'https://example.com/sse', transport: 'sse' })
  expect(notes).toEqual([])
})

test('the words of clients for a transport', async () => {
  const url = 'https://example.com/x'
  const { servers } = await load({
    mcpServers: {
      a: { type: 'SSE', url },
      b: { transport: 'sse', url },
      c: { type: 'streamableHttp', url },
      d: { transport: 'streamable-http', url },
      e: { type: 'http', url },
      f: { transport: 'auto', url },
      g: { url },
      h: { type: 'sse', command: 'x' },
      i: { type: 'sse', command: '', url },
    },
  })
  expect(Object.entries(servers).map(([name, server]) => `${name} ${server.transport}`)).toEqual([
    'a sse',
    'b sse',
    'c streamable-http',
    'd streamable-http',
    'e auto',
    'f auto',
    'g auto',
    'h auto',
    'i sse',
  ])
  expect(servers['h']).toMatchObject({ command: 'x' })
})

test('the settings of a user of Claude Code, with much that is not about servers', async () => {
  const rest = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`key${n}`, { n }]))
  const { servers, notes } = await load({
    ...rest,
    projects: { '/p': { mcpServers: {} } },
    mcpServers: { a: { command: 'x' } },
  })
  expect(Object.keys(servers)).toEqual(['a'])
  expect(notes).toHaveLength(1)
  expect(notes[0]).toContain('and 23 more')
})

test('a file of Cursor is accepted unchanged', async () => {
  const { servers } = await load(
    {
      mcpServers: {
        a: {
          command: 'python',
          args: ['${workspaceFolder}/s.py', '${userHome}${/}x', '${workspaceFolderBasename}'],
          env: { K: '${env:KEY}' },
          envFile: '${workspaceFolder}/.env',
        },
      },
    },
    {
      path: '/home/u/p/.cursor/mcp.json',
      env: { KEY: 'k', HOME: '/home/u' },
      files: { '/home/u/p/.env': 'FROM_FILE="${env:KEY}"\nK=other\n' },
    },
  )
  expect(servers['a']).toMatchObject({
    args: ['/home/u/p/s.py', '/home/u/x', 'p'],
    // What the file of variables holds is not scanned, and what the entry says itself wins.
    env: { K: 'k', FROM_FILE: '${env:KEY}' },
  })
})

test('a file of Windsurf is accepted unchanged', async () => {
  const { servers } = await load({
    mcpServers: {
      a: { serverUrl: 'https://example.com/mcp', disabledTools: ['x'] },
      b: { command: 'y', disabled: true },
    },
  })
  expect(servers['a']).toMatchObject({ url: 'https://example.com/mcp', tools: { deny: ['x'] } })
  expect(servers['b']?.enabled).toBe(false)
})

test('settings of Gemini are accepted unchanged, also the old ones with a sandbox of their own', async () => {
  const { servers, notes } = await load(
    {
      theme: 'GitHub',
      sandbox: 'docker',
      mcpServers: {
        a: { httpUrl: 'https://example.com/mcp', url: 'https://example.com/sse', timeout: 5000, trust: true },
        b: {
          command: 'x',
          includeTools: ['one', 'two'],
          excludeTools: ['two'],
          env: { T: '$TOKEN' },
          description: 'd',
        },
      },
    },
    { env: { TOKEN: 't' } },
  )
  expect(servers).toMatchObject({
    a: { url: 'https://example.com/mcp', timeouts: { callMs: 5000 } },
    b: { tools: { allow: ['one', 'two'], deny: ['two'] }, env: { T: 't' } },
  })
  expect(notes.join('\n')).toContain('set aside, not about servers: `theme`, `sandbox`')
})

test('a file of Cline is accepted unchanged', async () => {
  const { servers, notes } = await load(`{
    // written by the extension
    "mcpServers": {
      "github.com/some/server": { "command": "x", "args": ["--port", 3000], "env": { "N": 1, "Z": null },
        "disabled": false, "autoApprove": ["a"], "alwaysAllow": ["b"], "timeout": 60, "type": "stdio", "icon": "i" },
      "remote": { "type": "streamableHttp", "url": "https://example.com/mcp", "env": {}, "args": [] },
    },
  }`)
  expect(servers).toMatchObject({
    'github-com-some-server': {
      command: 'x',
      args: ['--port', '3000'],
      env: { N: '1' },
      timeouts: { callMs: 60_000 },
    },
    remote: { url: 'https://example.com/mcp' },
  })
  expect(notes.map((note) => note.split(': ')[0])).toEqual([
    'mcpServers["github.com/some/server"].autoApprove',
    'mcpServers["github.com/some/server"].alwaysAllow',
    'mcpServers["github.com/some/server"].timeout',
    'mcpServers["github.com/some/server"].icon',
    'mcpServers["github.com/some/server"]',
  ])
})

test('a gateway in a client’s file does not start itself', async () => {
  const { servers, notes } = await load({
    mcpServers: {
      isogate: { command: 'npx', args: ['-y', 'isogate@latest', 'stdio'] },
      other: { command: '/usr/local/bin/isogate', args: ['stdio'] },
      files: { command: 'npx', args: ['-y', 'server-filesystem', '/home/u/isogate'] },
      gateway: { type: 'http', url: 'http://127.0.0.1:7333/mcp' },
      'my-isogate': { httpUrl: 'http://localhost:9000/mcp/code' },
      neighbour: { type: 'http', url: 'http://127.0.0.1:9000/mcp' },
    },
  })
  expect(Object.keys(servers)).toEqual(['files', 'neighbour'])
  expect(notes.filter((note) => note.includes('this is Isogate itself'))).toHaveLength(4)
})

test('a client’s word never switches on what another word switched off, nor widens a list', async () => {
  const { servers } = await load({
    mcpServers: {
      a: { disabled: true, command: 'x', enabled: true },
      b: { disabled: false, command: 'x', enabled: false },
      c: {
        includeTools: ['*'],
        command: 'x',
        tools: { allow: ['one'], deny: ['two'] },
        excludeTools: ['three'],
      },
    },
  })
  expect([servers['a']?.enabled, servers['b']?.enabled]).toEqual([false, false])
  expect(servers['c']?.tools).toEqual({ allow: ['one'], deny: ['two', 'three'] })
})

test('what is wrong in a client’s file is an error with its place', async () => {
  const text =
    '{"mcpServers": {\n "a": {"comand": "x"},\n "b": {"command": "x", "env": {"T": "${NOPE}"}},\n "c": 3}}'
  const checked = await check(text, { path })
  expect(checked).toMatchObject({
    ok: false,
    issues: [
      { path: 'mcpServers.a', line: 2 },
      { path: 'mcpServers.b.env.T', line: 3, message: 'the environment variable `NOPE` is not set' },
      { path: 'mcpServers.c', line: 4, message: 'expected a mapping; found a whole number' },
    ],
    notes: [{ path: 'mcpServers.a.comand', message: expect.stringContaining('did you mean `command`?') }],
  })
})

test('names are made allowed and stay different', () => {
  expect(
    toServerNames(['a b', 'a.b', 'a-b', 'code', '1x', '…', 'x'.repeat(40), 'x'.repeat(41), 'Übersetzer']),
  ).toEqual([
    'a-b-2',
    'a-b-3',
    'a-b',
    'code-server',
    'x',
    'server',
    'x'.repeat(32),
    `${'x'.repeat(30)}-2`,
    'Ubersetzer',
  ])
})

test.each([
  ['${X}', '${env:X}'],
  ['a${X:-b c}d', 'a${env:X:-b c}d'],
  ['${env:X}', '${env:X}'],
  ['${input:api-key}', '${env:API_KEY}'],
  ['$X', '${env:X}'],
  ['$x a', '$x a'],
  ['${command:pick}', '$${command:pick}'],
  ['${', '$${'],
  ['$${X}', '$${X}'],
  ['${userHome}', '/h$${x'],
])('%s is translated', (text, expected) => {
  expect(translateReferences(text, { workspace: '/w', home: '/h${x', separator: '/' }).text).toBe(expected)
})

test('a plain YAML file of mcpServers is treated as a client’s', async () => {
  expect(
    Object.keys((await configOf('mcpServers:\n  a:\n    command: x\n    disabled: true\n')).servers),
  ).toEqual(['a'])
})
