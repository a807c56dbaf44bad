import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'

import { findFreePort, startProgram } from '../../bench/peers/program.ts'
import { openSession } from '../../bench/peers/session.ts'
import { skipped } from '../../bench/peers/skipped.ts'

async function writeScript(text: string): Promise<{ readonly script: string; readonly cwd: string }> {
  const cwd = await mkdtemp(join(tmpdir(), 'isogate-program-'))
  onTestFinished(() => rm(cwd, { recursive: true, force: true }))
  const script = join(cwd, 'program.mjs')
  await writeFile(script, text)
  return { script, cwd }
}

test('a peer that does not start is skipped with its last words, and fails nothing', async () => {
  const { script, cwd } = await writeScript(`console.error('no such option'); process.exit(3)`)
  const program = startProgram({ script, args: [], cwd })
  const url = `http://127.0.0.1:${await findFreePort()}/mcp`
  const reason = await openSession(url, program.ended).catch((error: unknown) => error)
  await program.stop()
  expect(skipped('peer', reason)).toMatchObject({ name: 'peer: skipped', ok: true })
  expect(skipped('peer', reason).note).toMatch(/ended with 3: no such option/)
})

test('what a program has started ends with it, even if it will not', async () => {
  const { port, heard } = await listen()
  const { script, cwd } = await writeScript(`
    import { spawn } from 'node:child_process'
    process.on('SIGTERM', () => {
      const child = 'setInterval(() => {}, 1000); fetch(process.argv[1] + process.pid)'
      spawn(process.execPath, ['-e', child, process.argv[2]], { stdio: 'ignore' }).once('spawn', () => {
        setTimeout(() => process.exit(), 1000)
      })
    })
    setInterval(() => {}, 1000)
    await fetch(process.argv[2] + process.pid)
  `)
  const program = startProgram({ script, args: [`http://127.0.0.1:${port}/`], cwd })
  await heard(1)
  await program.stop()
  const pids = await heard(2)
  for (let tries = 0; tries < 100 && pids.some(isAlive); tries++) await sleep(20)
  expect(pids.filter(isAlive)).toEqual([])
})

/** Hears of processes by their ids. */
async function listen(): Promise<{ port: number; heard: (count: number) => Promise<readonly number[]> }> {
  const pids: number[] = []
  const server = createServer((request, response) => {
    pids.push(Number(request.url?.slice(1)))
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    async heard(count) {
      while (pids.length < count) await sleep(10)
      return pids
    },
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
