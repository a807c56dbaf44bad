import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { createPlace, run, type Place } from './program.ts'

let place: Place
beforeEach(async () => {
  place = await createPlace()
})
afterEach(() => place.remove())

const read = (name: string): Promise<string> => readFile(join(place.folder, name), 'utf8')

describe('init', () => {
  test('writes a configuration that is valid', async () => {
    const { code, stdout } = await run(place, ['init'])
    expect(code).toBe(0)
    expect(stdout).toContain('Wrote isogate.yaml.')
    expect(await run(place, ['validate'])).toMatchObject({
      code: 0,
      stdout: 'isogate.yaml is valid: 1 server.\n',
    })
  })

  test('replaces nothing unless it is told to', async () => {
    await place.write('isogate.yaml', 'mine')
    const { code, stderr } = await run(place, ['init'])
    expect(code).toBe(1)
    expect(stderr).toContain('isogate.yaml is there already')
    expect(await read('isogate.yaml')).toBe('mine')
    expect((await run(place, ['init', '--force'])).code).toBe(0)
    expect(await read('isogate.yaml')).toContain('servers:')
  })

  test('does not hide a configuration of another name', async () => {
    await place.write('isogate.json', '{}')
    const { code, stderr } = await run(place, ['init'])
    expect(code).toBe(1)
    expect(stderr).toContain('isogate.json is there already')
  })
})

describe('validate', () => {
  const BAD = 'servers:\n  a:\n    comand: x\n  b:\n    command: 5\nhttp:\n  port: "${env:NOT_THERE}"\n'

  test('shows all problems with their places', async () => {
    await place.write('isogate.yaml', BAD)
    const { code, stdout, stderr } = await run(place, ['validate'])
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toMatch(
      /^isogate\.yaml:3:5 servers\.a\.comand unknown key `comand`; did you mean `command`\?$/m,
    )
    expect(stdout).toMatch(/^isogate\.yaml:5:14 servers\.b\.command /m)
    expect(stdout).toMatch(/^isogate\.yaml:7:\d+ http\.port .*NOT_THERE/m)
    expect(stdout).toMatch(/3 errors in isogate\.yaml\.\n$/)
  })

  test('gives the same as JSON', async () => {
    const file = await place.write('other.yaml', BAD)
    const { code, stdout } = await run(place, ['validate', 'other.yaml', '--json'])
    expect(code).toBe(1)
    const report = JSON.parse(stdout) as { issues: object[] }
    expect(report).toMatchObject({ ok: false, path: file, notes: [] })
    expect(report.issues).toHaveLength(3)
    expect(report.issues[0]).toMatchObject({
      line: 3,
      column: 5,
      path: 'servers.a.comand',
      suggestion: 'command',
    })
  })

  test('accepts the file of a client and shows notes', async () => {
    await place.write('mcp.json', '{"mcpServers": {"a": {"command": "x", "type": "stdio"}}}')
    expect(await run(place, ['validate', 'mcp.json'])).toMatchObject({ code: 0 })
    await place.write('isogate.yaml', 'servers: { github: { command: x } }\npolicy: { deny: ["githb.*"] }\n')
    const { code, stdout } = await run(place, ['validate'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^isogate\.yaml:2 note: .*there is no server `githb`; did you mean `github`\?$/m)
  })

  test('a bad configuration stops every verb before anything is started', async () => {
    await place.write('isogate.yaml', BAD)
    const { code, stdout, stderr } = await run(place, ['serve'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^isogate: \[config_invalid\] 3 errors/)
    expect(stderr).toMatch(/isogate\.yaml:3:5 servers\.a\.comand/)
  })
})

describe('import', () => {
  beforeEach(async () => {
    await mkdir(join(place.folder, '.cursor'))
    await writeFile(
      join(place.folder, '.cursor', 'mcp.json'),
      JSON.stringify({
        mcpServers: {
          github: {
            command: 'npx',
            args: ['-y', '@acme/server', '--key=hush-1'],
            env: { GITHUB_TOKEN: 'hush-2' },
          },
          remote: { url: 'https://example.com/hush-3/mcp' },
        },
      }),
    )
  })

  test('shows what it would take, without secrets, and writes nothing', async () => {
    const { code, stdout } = await run(place, ['import'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^cursor .*mcp\.json$/m)
    expect(stdout).toMatch(/\+ github +npx @acme\/server$/m)
    expect(stdout).toMatch(/\+ remote +https:\/\/example\.com$/m)
    expect(stdout).toMatch(/note: .*GITHUB_TOKEN .*looks like a secret/)
    expect(stdout).toContain('2 servers would be added to isogate.yaml. Nothing was written')
    expect(stdout).not.toContain('hush')
    await expect(read('isogate.yaml')).rejects.toThrow('ENOENT')
  })

  test('writes when told to, only for its owner, and once', async () => {
    const { code, stdout } = await run(place, ['import', '--write'])
    expect(code).toBe(0)
    expect(stdout).toContain('2 servers added to isogate.yaml.')
    expect(await read('isogate.yaml')).toContain('hush-2')
    expect((await stat(join(place.folder, 'isogate.yaml'))).mode & 0o777).toBe(0o600)
    expect((await run(place, ['validate'])).code).toBe(0)
    expect((await run(place, ['import', '--write'])).stdout).toContain('Nothing to add to isogate.yaml.')
  })

  test('takes one client only, into the file that is named', async () => {
    expect((await run(place, ['import', '--client', 'codex'])).stdout).toBe(
      'No servers were found in the files of codex.\n',
    )
    const { stdout } = await run(place, ['import', '--client', 'cursor', '--config', 'mine.yaml', '--write'])
    expect(stdout).toContain('2 servers added to mine.yaml.')
    expect(await read('mine.yaml')).toContain('github')
  })
})
