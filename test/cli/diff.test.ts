import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { runInProcess } from './in-process.ts'
import { createPlace, type Place } from './program.ts'

let place: Place
beforeEach(async () => {
  place = await createPlace()
})
afterEach(() => place.remove())

const diff = (...args: readonly string[]) => runInProcess(place.folder, ['diff', ...args])

const SERVED = {
  servers: {
    gone: { command: 'a' },
    changed: { command: 'b', args: ['old-argument'], env: { TOKEN: 'old-secret', SAME: 'same' } },
    moved: { url: 'https://example.com/mcp', headers: { Authorization: 'Bearer old-secret' } },
    same: { command: 'c' },
  },
  policy: { deny: ['*.delete_*'] },
  mode: 'auto',
}

const WANTED = {
  servers: {
    changed: {
      command: 'b',
      args: ['new-argument'],
      env: { TOKEN: 'new-secret', SAME: 'same', MORE: 'new' },
    },
    moved: { url: 'https://example.com/mcp', headers: { Authorization: 'Bearer new-secret' } },
    same: { command: 'c' },
    added: { command: 'd' },
  },
  policy: { deny: ['*.drop_*'] },
  mode: 'code',
  http: { port: 8000 },
  sandbox: { limits: { wallMs: 1000 } },
}

describe('diff', () => {
  test('shows what a new configuration would change, and never a value of a server', async () => {
    await place.write('isogate.yaml', JSON.stringify(WANTED))
    await place.write('served.yaml', JSON.stringify(SERVED))
    const { code, stdout, stderr } = await diff('--against', 'served.yaml')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.trimEnd().split('\n')).toEqual([
      '+ server added',
      '- server gone',
      '~ server changed: args, env.TOKEN, env.MORE',
      '~ server moved: headers.Authorization',
      '+ rule allow added.*  (servers.added)',
      '+ rule deny *.drop_*  (policy.deny[0])',
      '- rule allow gone.*  (servers.gone)',
      '- rule deny *.delete_*  (policy.deny[0])',
      '~ mode',
      '~ endpoints./mcp.mode',
      '! http.port (needs a restart)',
      '! sandbox.limits.wallMs (needs a restart)',
    ])
  })

  test('gives the same as JSON', async () => {
    await place.write('new.yaml', JSON.stringify(WANTED))
    await place.write('served.yaml', JSON.stringify(SERVED))
    const { code, stdout } = await diff('new.yaml', '--against', 'served.yaml', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      equal: false,
      servers: { added: ['added'], removed: ['gone'], changed: [{ name: 'changed' }, { name: 'moved' }] },
      rules: { added: [{ pattern: 'added.*' }, { pattern: '*.drop_*', verdict: 'deny' }] },
      settings: ['mode', 'endpoints./mcp.mode'],
      restart: ['http.port', 'sandbox.limits.wallMs'],
    })
    expect(stdout).not.toMatch(/secret|argument/)
  })

  test('of two files that mean the same says so, wherever they stand and however they are written', async () => {
    await place.write(
      'isogate.json',
      JSON.stringify({ servers: { a: { command: 'x', env: { A: '1', B: '2' } } } }),
    )
    const other = await createPlace()
    const copy = await other.write(
      'copy.yaml',
      'mode: auto\nservers:\n  a:\n    env: { B: "2", A: "1" }\n    command: x\n',
    )
    try {
      const { code, stdout } = await diff('--against', copy)
      expect({ code, stdout }).toEqual({ code: 0, stdout: `isogate.json and ${copy} mean the same.\n` })
      expect(JSON.parse((await diff('--against', copy, '--json')).stdout)).toMatchObject({ equal: true })
    } finally {
      await other.remove()
    }
  })

  test('shows what changes of who may do what, and neither a key nor its hash', async () => {
    const hash = 'a'.repeat(64)
    const key = 'a-key-that-nobody-may-see'
    const governed = {
      policy: {
        auto: ['a.x'],
        readOnly: ['a.get'],
        writes: ['a.put'],
        rules: [{ tools: ['a.pay'], verdict: 'ask', when: 'args.amount > 100' }],
      },
      limits: { concurrency: 2 },
      prices: [{ tools: 'a.pay', perCall: 1 }],
      organisations: { acme: {}, same: {} },
      teams: { data: { organisation: 'acme' } },
      keys: { ci: { team: 'data', hash }, same: { hash: 'c'.repeat(64) } },
      approvals: { fourEyes: true, webhook: { url: 'https://example.com/w', secret: 'webhook-secret-one' } },
      codeMode: { check: 'off' },
    }
    const other = {
      organisations: { acme: { title: 'Acme' }, same: {} },
      keys: { ci: { key }, gone: { hash: 'b'.repeat(64) }, same: { hash: 'c'.repeat(64) } },
      approvals: { webhook: { url: 'https://example.com/w', secret: 'webhook-secret-two' } },
    }
    await place.write('isogate.yaml', JSON.stringify(governed))
    await place.write('served.yaml', JSON.stringify(other))
    const { code, stdout, stderr } = await diff('--against', 'served.yaml')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.trimEnd().split('\n').toSorted()).toEqual(
      [
        'approvals.fourEyes',
        'approvals.webhook.secret',
        'codeMode.check',
        'keys.ci',
        'keys.gone',
        'limits',
        'organisations.acme',
        'policy.auto',
        'policy.readOnly',
        'policy.rules',
        'policy.writes',
        'prices',
        'teams.data',
      ].map((path) => `~ ${path}`),
    )
    const json = (await diff('--against', 'served.yaml', '--json')).stdout
    expect(json).toContain('"keys.ci"')
    expect(stdout + json).not.toMatch(/aaaa|bbbb|nobody-may-see|webhook-secret/)
  })

  test('a disabled server is one that is not there', async () => {
    await place.write('isogate.yaml', JSON.stringify({ servers: { a: { command: 'x', enabled: false } } }))
    await place.write('served.yaml', JSON.stringify({ servers: { a: { command: 'x' } } }))
    expect((await diff('--against', 'served.yaml')).stdout).toContain('- server a\n')
  })

  test('needs to know what is served, and two files without errors', async () => {
    await place.write('isogate.yaml', 'servers: {}\n')
    expect(await diff()).toMatchObject({ code: 2, stdout: '' })
    expect((await diff('--against', 'nowhere.yaml')).stderr).toContain('config_not_found')
    await place.write('bad.yaml', 'mode: fast\n')
    expect(await diff('--against', 'bad.yaml')).toMatchObject({ code: 1, stdout: '' })
  })
})
