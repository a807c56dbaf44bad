import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'

import { expect, onTestFinished, test } from 'vitest'

import { systemClock } from '../../src/assemble.ts'
import { runCli } from '../../src/cli/cli.ts'
import type { CliPorts, Output } from '../../src/cli/ports.ts'
import { createReadFile } from '../../src/config/files.ts'
import { GatewayError } from '../../src/core/errors.ts'
import { openHomeApprovals } from '../../src/home-approvals.ts'
import { openStore } from '../../src/store/store.ts'
import { openDeskHouse, type DeskHouseParts } from './desk-house.ts'

/** A house before a store in a file, and a command line in another terminal: another connection to the same file. */
async function openTerminal(parts: Partial<DeskHouseParts> = {}, isTerminal = false, isAudited = true) {
  const folder = mkdtempSync(join(tmpdir(), 'isogate-approvals-'))
  const path = join(folder, 'store.db')
  const open = () => openStore({ path, clock: systemClock, random: randomBytes })
  const store = await open()
  const house = openDeskHouse({ tools: { refund: {} }, asks: ['shop.refund'], store, ...parts })
  onTestFinished(async () => {
    await house[Symbol.asyncDispose]()
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const isogate = async (...words: string[]) => {
    const texts = { stdout: '', stderr: '' }
    const output = (name: keyof typeof texts): Output => ({
      write: (text) => void (texts[name] += text),
      isTerminal,
      columns: 100,
      stream: new PassThrough(),
    })
    const ports: Partial<CliPorts> = {
      version: '1.2.3',
      env: {},
      cwd: folder,
      stdout: output('stdout'),
      stderr: output('stderr'),
      readFile: createReadFile(),
      interrupted: new AbortController().signal,
      showsStacks: false,
      nowMs: Date.now,
      newId: () => 'reference',
      openApprovals: async () => openHomeApprovals(await open(), { ...house.settings, isAudited }),
    }
    return { code: await runCli(['approvals', ...words], ports as CliPorts), ...texts }
  }
  return { house, store, open, isogate }
}

test('in another terminal a call is listed, looked at, approved and made', async () => {
  const { house, store, isogate } = await openTerminal()
  expect((await isogate('ls')).stdout).toBe('Nothing waits for an approval.\n')
  await expect(house.call('shop.refund', { order: 7 })).rejects.toThrow()
  const listed = await isogate('ls')
  expect(listed.stdout).toMatch(/^ID .*\na_\S{20} {2}pending .* ada {2}shop\.refund {2}\{"order":7\}\n$/s)
  const id = /a_\S{20}/.exec(listed.stdout)?.[0] ?? ''
  const shown = await isogate('show', id)
  expect(shown.stdout).toContain(`${id} pending: shop.refund`)
  expect(shown.stdout).toContain('Arguments:\n{\n  "order": 7\n}')
  const approved = await isogate('approve', id, '--reason', 'fine')
  expect(approved.stdout).toContain(`Approved ${id}: shop.refund for ada.`)
  expect(await isogate('approve', id)).toMatchObject({ code: 1 })
  expect((await isogate('deny', id)).stderr).toContain(`The approval ${id} is approved by cli (cli) already.`)
  await house.call('shop.refund', { order: 7 })
  expect(house.made('refund')).toHaveLength(1)
  expect((await isogate('ls', '--all')).stdout).toContain(' used ')
  const rows = await store.audit.list({})
  expect(rows.map(({ body }) => JSON.parse(body) as object)).toEqual([
    expect.objectContaining({
      kind: 'approval.decided',
      principal: 'cli',
      approval: id,
      tool: 'shop.refund',
    }),
  ])
})

test('what is decided is recorded when it is told, and nothing is where the configuration says so', async () => {
  const { house, store, open, isogate } = await openTerminal({}, false, false)
  const ask = async (order: number): Promise<string> => {
    await expect(house.call('shop.refund', { order })).rejects.toThrow()
    return (await house.pending())[0]?.id ?? ''
  }
  expect(await isogate('approve', await ask(1))).toMatchObject({ code: 0 })
  expect(await store.audit.list({})).toEqual([])
  const broken = await open()
  const append = () => Promise.reject(new GatewayError('store_unusable', 'The disk is full.'))
  const failing = openHomeApprovals(
    { ...broken, audit: { ...broken.audit, append } },
    { fourEyes: false, isAudited: true },
  )
  const decided = failing.decide(await ask(2), { verdict: 'approve', by: 'cli', via: 'cli' })
  await expect(decided).rejects.toMatchObject({ code: 'store_unusable' })
  await failing.close()
})

test('a call is denied with a reason, which its caller reads', async () => {
  const { house, isogate } = await openTerminal()
  await expect(house.call('shop.refund')).rejects.toThrow()
  const [waiting] = await house.pending()
  const denied = await isogate('deny', waiting?.id ?? '', '-r', 'not today', '--json')
  expect(JSON.parse(denied.stdout)).toMatchObject({
    state: 'denied',
    decision: { by: 'cli', reason: 'not today' },
  })
  await expect(house.call('shop.refund')).rejects.toThrow('not today')
})

test('a plan is approved with further calls', async () => {
  const { house, isogate } = await openTerminal()
  await house.run('await tools.shop.refund({ order: 1 })', { given: { dryRun: true } })
  const [plan] = await house.pending()
  const id = plan?.id ?? ''
  expect((await isogate('show', id)).stdout).toContain('shop.refund {\n  "order": 1\n}')
  expect(await isogate('approve', id, '--at-most', 'shop.*')).toMatchObject({ code: 2 })
  expect(await isogate('approve', id, '--scope', 'run')).toMatchObject({ code: 1 })
  const approved = await isogate('approve', id, '--at-most', 'shop.ref*=2', '--at-most', 'shop.x=1', '--json')
  expect(JSON.parse(approved.stdout)).toMatchObject({
    decision: { scope: 'plan', atMost: { 'shop.ref*': 2, 'shop.x': 1 } },
  })
}, 30_000)

test('what a stranger wrote cannot act on the terminal, and what is bound is not shown', async () => {
  const { house, isogate } = await openTerminal({}, true)
  const order = '\u202egnp.exe\u001b]0;title\u0007\u200b\u009b2J'
  await expect(house.call('shop.refund', { order })).rejects.toThrow()
  const [waiting] = await house.pending()
  const id = waiting?.id ?? ''
  for (const words of [['ls'], ['ls', '--json'], ['show', id], ['show', id, '--json']]) {
    const { stdout } = await isogate(...words)
    // oxlint-disable-next-line no-control-regex
    expect(stdout, words.join(' ')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]/)
    expect(stdout).not.toContain(waiting?.binding)
  }
  const { stdout } = await isogate('show', id, '--json')
  expect(JSON.parse(stdout)).toMatchObject({ subject: { args: { order } } })
})

test('an id that is none is told', async () => {
  const { isogate } = await openTerminal()
  for (const id of ['a_x', '../../etc/passwd', '\u001b[2J']) {
    const { code, stderr } = await isogate('show', id)
    expect(code).toBe(1)
    expect(stderr).toContain('[unknown_approval]')
    expect(stderr).not.toContain('\u001b[2J')
  }
})
