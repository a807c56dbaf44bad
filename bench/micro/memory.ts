import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { createScenario } from '../../demo/scenario.ts'
import { readResidentBytes } from '../../src/scripts/cells/resident.ts'

/** Resident memory in megabytes (10^6 bytes). */
export interface IdleMemory {
  readonly gatewayMb: number
  readonly cellMb: number
}

const PROGRAM = fileURLToPath(new URL('../../src/bin.js', import.meta.url))

const IDLE_MS = 4_000

/**
 * Starts `isogate serve` with three real servers as a user would, lets it come to rest, and reads the resident memory of
 * its process and of its warm cell. The second start is measured: the first one fills the compile cache. Linux only.
 */
export async function measureIdleMemory(): Promise<IdleMemory> {
  const home = await mkdtemp(join(tmpdir(), 'isogate-bench-'))
  const scenario = await createScenario()
  try {
    const config = join(home, 'isogate.json')
    await writeFile(config, JSON.stringify(scenario.config))
    await serveOnce(home, config, 1_000)
    return await serveOnce(home, config, IDLE_MS)
  } finally {
    await scenario.remove()
    await rm(home, { recursive: true, force: true })
  }
}

async function serveOnce(home: string, config: string, idleMs: number): Promise<IdleMemory> {
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--config', config, '--port', '0'], {
    env: { PATH: process.env['PATH'], HOME: home, ISOGATE_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  try {
    await untilListening(child)
    await sleep(idleMs)
    const gateway = child.pid ?? 0
    const cell = childrenOf(gateway).find((pid) => commandOf(pid).includes('/sandbox/cell/'))
    return { gatewayMb: megabytes(gateway), cellMb: cell === undefined ? Number.NaN : megabytes(cell) }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

function untilListening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = ''
    const look = (chunk: Buffer): void => {
      output += chunk.toString('utf8')
      if (/http:\/\/\S+:\d+/.test(output)) resolve()
    }
    child.stdout?.on('data', look)
    child.stderr?.on('data', look)
    child.once('exit', (code) => reject(new Error(`isogate serve ended with ${code}: ${output}`)))
  })
}

function megabytes(pid: number): number {
  return (readResidentBytes(pid) ?? Number.NaN) / 1e6
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => Number(readProc(pid, 'stat').split(') ')[1]?.split(' ')[1]) === parent)
}

function commandOf(pid: number): string {
  return readProc(pid, 'cmdline')
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
