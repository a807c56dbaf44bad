import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'

import { describe, expect, onTestFinished, test } from 'vitest'

import { systemClock } from '../../src/assemble.ts'
import { runCli } from '../../src/cli/cli.ts'
import type { CliPorts, Output } from '../../src/cli/ports.ts'
import { createReadFile } from '../../src/config/files.ts'
import type { Store } from '../../src/core/store.ts'
import { createKeyring } from '../../src/identity/keyring.ts'
import { openStore } from '../../src/store/store.ts'

const NOBODY = { organisations: [], teams: [], keys: [] }

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A home with a store in a file, and the command line on it. */
interface Home {
  readonly folder: string
  readonly run: (...words: readonly string[]) => Promise<Ended>
  readonly open: () => Promise<Store>
}

function createHome(config?: string): Home {
  const folder = mkdtempSync(join(tmpdir(), 'isogate-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  if (config !== undefined) writeFileSync(join(folder, 'isogate.yaml'), config)
  const path = join(folder, 'isogate.db')
  const open = (): Promise<Store> => openStore({ path, clock: systemClock, random: randomBytes })
  const run = async (...words: readonly string[]): Promise<Ended> => {
    const texts = { stdout: '', stderr: '' }
    const output = (name: keyof typeof texts): Output => ({
      write: (text) => void (texts[name] += text),
      isTerminal: false,
      columns: 100,
      stream: new PassThrough(),
    })
    // What these verbs do not use is not there.
    const ports: Partial<CliPorts> = {
      version: '1.2.3',
      env: {},
      cwd: folder,
      stdout: output('stdout'),
      stderr: output('stderr'),
      readFile: createReadFile(),
      interrupted: new AbortController().signal,
      showsStacks: false,
      newId: () => randomBytes(8).toString('hex'),
      nowMs: Date.now,
      openStore: async (plan, makesNew = false) =>
        plan?.store.path !== false && (makesNew || existsSync(path)) ? open() : undefined,
    }
    return { code: await runCli(words, ports as CliPorts), ...texts }
  }
  return { folder, run, open }
}

/** Who a gateway on this store would let in with a secret. */
async function letIn({ open }: Home, secret: string): Promise<string> {
  const store = await open()
  const keyring = createKeyring({
    store: store.identity,
    declared: NOBODY,
    clock: systemClock,
    log: { warn: () => {} },
  })
  try {
    await keyring.refresh()
    const principal = keyring.authenticate(secret)
    return principal === undefined ? 'nobody' : `${keyring.of(principal).key}`
  } catch (thrown) {
    return (thrown as { code: string }).code
  } finally {
    keyring.close()
    await store.close()
  }
}

describe('keys', () => {
  test('are made in an empty folder, printed once, and open the gateway until they are revoked', async () => {
    const home = createHome()
    expect((await home.run('orgs', 'create', 'acme')).code).toBe(0)
    expect((await home.run('teams', 'create', 'data', '--organisation', 'acme')).code).toBe(0)
    const made = await home.run('keys', 'create', 'ci', '--team', 'data', '--quiet')
    expect(made).toMatchObject({ code: 0, stderr: '' })
    expect(made.stdout).toMatch(/^isk_[\w-]{43}\n$/)
    const secret = made.stdout.trim()
    expect(await letIn(home, secret)).toBe('ci')

    const others = [
      await home.run('keys', 'ls'),
      await home.run('keys', 'show', 'ci'),
      await home.run('keys', 'ls', '--json'),
    ]
    for (const { stdout } of others) {
      expect(stdout).toContain(secret.slice(0, 8))
      expect(stdout).not.toContain(secret)
    }
    expect(others[0]?.stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['NAME', 'STATE', 'TEAM', 'SECRETS', 'EXPIRES', 'FROM'],
      ['ci', 'active', 'data', `${secret.slice(0, 8)}…`, 'store'],
      [''],
    ])
    for (const file of readdirSync(home.folder))
      expect(readFileSync(join(home.folder, file), 'latin1')).not.toContain(secret)

    const rotated = (await home.run('keys', 'rotate', 'ci', '--overlap', '24h', '-q')).stdout.trim()
    expect([await letIn(home, secret), await letIn(home, rotated)]).toEqual(['ci', 'ci'])
    const last = JSON.parse((await home.run('keys', 'rotate', 'ci', '--json')).stdout) as { secret: string }
    expect([await letIn(home, rotated), await letIn(home, last.secret)]).toEqual(['nobody', 'ci'])
    expect(await home.run('keys', 'revoke', 'ci')).toEqual({ code: 0, stdout: 'Revoked ci.\n', stderr: '' })
    expect(await letIn(home, last.secret)).toBe('key_revoked')
    expect((await home.run('keys', 'rm', 'ci')).code).toBe(0)
    expect((await home.run('teams', 'rm', 'data')).code).toBe(0)
    expect((await home.run('orgs', 'rm', 'acme')).code).toBe(0)
    expect((await home.run('keys', 'ls')).stdout).toMatch(/^There is no key yet/)
  })

  test('carry the rules and limits that the options say', async () => {
    const home = createHome()
    await home.run('teams', 'create', 'data')
    writeFileSync(
      join(home.folder, 'settings.json'),
      JSON.stringify({
        policy: { rules: [{ tools: ['*'], verdict: 'ask', when: 'args.amount > 100' }], deny: ['a.b'] },
      }),
    )
    const words =
      'keys create bot --title Robot --team data --expires 2999-01-31 --allow files.* --allow web.get --ask files.write ' +
      '--deny files.drop --auto web.get --rate 100/minute --rate requests=5/second --concurrency 3 ' +
      '--budget calls=1000/day --budget money=2.5/month --settings settings.json'
    const { code, stderr } = await home.run(...words.split(' '))
    expect([code, stderr]).toEqual([0, ''])
    const { settings } = JSON.parse((await home.run('keys', 'show', 'bot', '--json')).stdout) as {
      settings: object
    }
    expect(settings).toEqual({
      title: 'Robot',
      team: 'data',
      expires: '2999-01-31T00:00:00.000Z',
      policy: {
        allow: ['files.*', 'web.get'],
        ask: ['files.write'],
        deny: ['a.b', 'files.drop'],
        auto: ['web.get'],
        rules: [{ tools: ['*'], verdict: 'ask', when: 'args.amount > 100' }],
      },
      limits: {
        rates: [
          { calls: 100, per: 'minute' },
          { requests: 5, per: 'second' },
        ],
        concurrency: 3,
        budgets: [
          { unit: 'calls', amount: 1000, per: 'day', calendar: true },
          { unit: 'money', amount: 2.5, per: 'month', calendar: true },
        ],
      },
    })
    // What is shown is what can be given.
    writeFileSync(join(home.folder, 'same.json'), JSON.stringify({ ...settings, title: 'Another' }))
    const changed = await home.run('keys', 'change', 'bot', '--settings', 'same.json', '--json')
    expect(JSON.parse(changed.stdout)).toMatchObject({ settings: { ...settings, title: 'Another' } })
  })

  test('expire after the time that was given', async () => {
    const home = createHome()
    const { stdout } = await home.run('keys', 'create', 'ci', '--expires', '30d', '--json')
    const { key } = JSON.parse(stdout) as { key: { createdAt: string; settings: { expires: string } } }
    const days = (Date.parse(key.settings.expires) - Date.parse(key.createdAt)) / 86_400_000
    expect(days).toBeCloseTo(30, 3)
  })

  test('every change is in the audit', async () => {
    const home = createHome()
    await home.run('teams', 'create', 'data')
    await home.run('keys', 'create', 'ci')
    await home.run('keys', 'revoke', 'ci')
    const store = await home.open()
    const rows = await store.audit.list({ kind: 'identity.changed' })
    await store.close()
    expect(rows.map(({ body }) => JSON.parse(body) as object)).toMatchObject([
      { principal: 'cli', detail: { what: 'team', name: 'data', action: 'created' } },
      { principal: 'cli', detail: { what: 'key', name: 'ci', action: 'created' } },
      { principal: 'cli', detail: { what: 'key', name: 'ci', action: 'revoked' } },
    ])
  })
})

test('looking makes no store', async () => {
  const home = createHome('servers: {}\nstore:\n  path: false\nkeys:\n  app:\n    key: a-declared-secret\n')
  expect((await home.run('keys', 'ls')).stdout).toMatch(/app +active +configuration/)
  const empty = createHome()
  expect((await empty.run('teams', 'ls', '--json')).stdout).toBe('{\n  "teams": []\n}\n')
  expect((await empty.run('orgs', 'show', 'acme')).stderr).toContain('[not_there]')
  expect(readdirSync(empty.folder)).toEqual([])
})

describe('refused', () => {
  test.each<[string, readonly string[]]>([
    ['a rate of nothing', ['--rate', 'often']],
    ['a rate of something else', ['--rate', 'tokens=5/day']],
    ['a budget without a unit', ['--budget', '1000/day']],
    ['an end that is none', ['--expires', 'soon']],
    ['an end that looks like one', ['--expires', '2999-13-45']],
    ['a concurrency of many', ['--concurrency', 'many']],
    ['settings that are not there', ['--settings', 'nowhere.json']],
  ])('%s, as wrong usage', async (_what, words) => {
    const home = createHome()
    const { code, stdout, stderr } = await home.run('keys', 'create', 'ci', ...words)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^isogate: /)
    expect(existsSync(join(home.folder, 'isogate.db'))).toBe(false)
  })

  test.each<[string, readonly string[], string]>([
    ['a name that is none', ['keys', 'create', 'CI'], 'invalid_arguments'],
    ['a team that is not there', ['keys', 'create', 'ci', '--team', 'data'], 'invalid_arguments'],
    ['a glob that protects nothing', ['keys', 'create', 'ci', '--deny', 'delete_*'], 'invalid_arguments'],
    ['what is not there', ['keys', 'show', 'ci'], 'not_there'],
    ['to revoke what is not there', ['keys', 'revoke', 'ci'], 'not_there'],
  ])('%s, with its code', async (_what, words, code) => {
    const home = createHome()
    const ended = await home.run(...words)
    expect([ended.code, ended.stderr.startsWith(`isogate: [${code}] `)]).toEqual([1, true])
    const asJson = await home.run(...words, '--json')
    expect(JSON.parse(asJson.stdout)).toMatchObject({ error: { code } })
  })

  test('to change what the configuration declares', async () => {
    const home = createHome(
      'servers: {}\nteams:\n  fixed: {}\nkeys:\n  app:\n    team: fixed\n    key: a-declared-secret\n',
    )
    expect((await home.run('keys', 'ls')).stdout).toMatch(/app +active +fixed +configuration/)
    for (const words of [
      ['keys', 'rm', 'app'],
      ['keys', 'rotate', 'app'],
      ['keys', 'revoke', 'app'],
      ['keys', 'create', 'app'],
      ['teams', 'change', 'fixed'],
    ])
      expect((await home.run(...words)).stderr).toContain('[declared]')
    // A key of the store may belong to a declared team.
    expect((await home.run('keys', 'create', 'ci', '--team', 'fixed')).code).toBe(0)
  })

  test('to keep keys where nothing is kept', async () => {
    const home = createHome('servers: {}\nstore:\n  path: false\n')
    expect((await home.run('keys', 'create', 'ci')).stderr).toContain('[bad_request]')
  })
})
