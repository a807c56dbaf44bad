import { spawn } from 'node:child_process'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import {
  createPlace,
  MAIN,
  processesOf,
  realServer,
  run,
  scriptServer,
  start,
  eventually,
  type Place,
} from './program.ts'

let place: Place
beforeAll(async () => {
  place = await createPlace()
  const servers = {
    everything: realServer('everything'),
    filesystem: realServer('filesystem', [place.folder]),
    missing: { command: 'isogate-no-such-command' },
    dying: scriptServer('console.error("\\u001b[31mno licence\\u001b[0m"); process.exit(3)'),
    off: { command: 'x', enabled: false },
  }
  await place.write('isogate.yaml', JSON.stringify({ servers, policy: { deny: ['*.write_*', '*.get-env'] } }))
  await place.write('note.txt', 'line one\nline two\n')
})
afterAll(() => place.remove())

describe('ls', () => {
  test('groups by server, with counts, dead servers and their reasons', async () => {
    const { code, stdout, stderr } = await run(place, ['tools', 'ls'])
    expect({ code, stderr: stderr.replace(/^Starting .*\n/, '') }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^everything {2}12 tools\n {2}echo +Echoes back the input string$/m)
    expect(stdout).toMatch(/^filesystem {2}13 tools$/m)
    expect(stdout).toMatch(/^missing {2}down: command not found: isogate-no-such-command$/m)
    expect(stdout).toMatch(/^dying {2}down: .*no licence/m)
    expect(stdout).toMatch(/^Disabled: off$/m)
    expect(stdout).not.toContain('write_file')
    expect(stdout).not.toContain('\u001b')
  })

  test('gives JSON', async () => {
    const { code, stdout } = await run(place, ['tools', 'ls', '--json'])
    expect(code).toBe(0)
    const { servers, disabled } = JSON.parse(stdout) as {
      servers: { server: string; tools: object[] }[]
      disabled: string[]
    }
    expect(disabled).toEqual(['off'])
    expect(servers.map(({ server }) => server)).toEqual(['everything', 'filesystem', 'missing', 'dying'])
    expect(servers[0]?.tools[0]).toMatchObject({ key: 'everything.echo', definition: { name: 'echo' } })
    expect(servers[2]).toMatchObject({
      state: 'down',
      reason: expect.stringContaining('not found') as string,
    })
  })

  test('ends quietly when nobody reads its output', async () => {
    const child = spawn('sh', ['-c', `"${process.execPath}" "${MAIN}" tools ls --json | head -c 10`], {
      cwd: place.folder,
      env: place.env,
    })
    let stderr = ''
    child.stderr.on('data', (chunk) => (stderr += String(chunk)))
    await new Promise((resolve) => child.once('close', resolve))
    expect(stderr.replace(/^Starting .*\n/, '')).toBe('')
  })

  test('ends with 130 when it is interrupted, and nothing is left', async () => {
    // A server that never answers: the verb is still waiting when it is interrupted, however slow the machine.
    const servers = { mute: scriptServer(`setInterval(() => {}, 60_000) // ${place.folder}`) }
    await place.write('mute.json', JSON.stringify({ servers }))
    const running = start(place, ['tools', 'ls', '--config', 'mute.json'])
    await eventually(() => running.stderr().includes('Starting 1 server'))
    running.child.kill('SIGINT')
    expect(await running.ended).toMatchObject({ code: 130, stdout: '' })
    await eventually(async () => (await processesOf(place)).length === 0)
  })
})

describe('search and describe', () => {
  test('ranked signatures, as many as asked for', async () => {
    const { code, stdout, stderr } = await run(place, ['tools', 'search', 'read', 'file', '--limit', '5'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^tools\.filesystem\.read_file\(\{ path: string/)
    expect(stdout).toMatch(/^1 to 5 of \d+; \d+ left out, next: cursor "5\.\w+"\.$/m)
    expect(stderr).toContain('missing is down: command not found')
  })

  test('as JSON, within one server, without what is denied', async () => {
    const { stdout } = await run(place, ['tools', 'search', 'file', '--server', 'filesystem', '--json'])
    const { matches } = JSON.parse(stdout) as { matches: { key: string; signature: string }[] }
    expect(matches.length).toBeGreaterThan(0)
    expect(matches.map(({ key }) => key)).not.toContain('filesystem.write_file')
  })

  test('declarations, by any spelling; unknown names with the nearest', async () => {
    const { code, stdout, stderr } = await run(place, [
      'tools',
      'describe',
      'everything__get-sum',
      'read_text_file',
      'everything.ecko',
    ])
    expect(code).toBe(1)
    expect(stdout).toContain('declare const tools: {')
    expect(stdout).toMatch(/get_sum\(args: \{/)
    expect(stdout).toMatch(/read_text_file\(args: \{/)
    expect(stderr).toMatch(/\[unknown_tool\] There is no tool "everything\.ecko"\. Nearest: everything\.echo/)
  })

  test('declarations as JSON', async () => {
    const { code, stdout } = await run(place, [
      'tools',
      'describe',
      'everything.echo',
      'ecko',
      'everything.get-env',
      '--json',
    ])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      tools: [{ key: 'everything.echo', definition: { name: 'echo' } }],
      // What is denied is as unknown as what is not there.
      unknown: [{ nearest: ['everything.echo'] }, { code: 'unknown_tool' }],
    })
  })
})

describe('call', () => {
  test('pairs, typed by the schema', async () => {
    const { code, stdout } = await run(place, ['tools', 'call', 'everything.get-sum', 'a=2', 'b=3'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'The sum of 2 and 3 is 5.\n' })
  })

  test('a number for a text stays text; JSON from the standard input', async () => {
    const text = await run(place, ['tools', 'call', 'echo', 'message=42'])
    expect(text).toMatchObject({ code: 0, stderr: '', stdout: 'Echo: 42\n' })
    const piped = await run(place, ['tools', 'call', 'tools.everything.echo', '-'], '{"message": "piped"}')
    expect(piped).toMatchObject({ code: 0, stdout: 'Echo: piped\n' })
  })

  test('structured content is JSON, once', async () => {
    const { stdout } = await run(place, [
      'tools',
      'call',
      'everything.get-structured-content',
      'location=Chicago',
    ])
    expect(JSON.parse(stdout)).toMatchObject({ temperature: expect.any(Number) as number })
  })

  test('--json is the result as it came', async () => {
    const { stdout } = await run(place, ['tools', 'call', 'everything.echo', '{"message":"x"}', '--json'])
    expect(JSON.parse(stdout)).toEqual({ content: [{ type: 'text', text: 'Echo: x' }] })
  })

  test('what the tool reports as its failure goes to the error output', async () => {
    const { code, stdout, stderr } = await run(place, [
      'tools',
      'call',
      'filesystem.read_text_file',
      'path=/etc/passwd',
    ])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('filesystem.read_text_file failed:\nAccess denied')
  })

  test.each([
    ['everything.ecko', /^isogate: \[unknown_tool\] .*Nearest: everything\.echo/m],
    ['missing.anything', /^isogate: \[upstream_unavailable\] The server missing is down: command not found/m],
    ['everything.echo', /^isogate: \[invalid_arguments\] everything\.echo: lacks `message`/m],
  ])('%s is refused with a code and a remedy', async (name, told) => {
    const { code, stdout, stderr } = await run(place, ['tools', 'call', name])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(told)
    expect(stderr).not.toContain('    at ')
  })
})
