import { PassThrough } from 'node:stream'

import { runCli } from '../../src/cli/cli.ts'
import type { CliPorts, Output } from '../../src/cli/ports.ts'
import { createReadFile } from '../../src/config/files.ts'
import type { Ended } from './program.ts'

function notHere(): never {
  throw new Error('This test opens no gateway.')
}

/** Runs the command line within this process, for what ends before a gateway is opened. */
export async function runInProcess(cwd: string, args: readonly string[]): Promise<Ended> {
  const texts = { stdout: '', stderr: '' }
  const output = (name: keyof typeof texts): Output => ({
    write: (text) => void (texts[name] += text),
    isTerminal: false,
    columns: 100,
    stream: new PassThrough(),
  })
  const ports: CliPorts = {
    version: '1.2.3',
    env: {},
    cwd,
    home: cwd,
    platform: process.platform,
    stdout: output('stdout'),
    stderr: output('stderr'),
    readStdin: () => Promise.resolve(''),
    stdinEnded: notHere,
    readFile: createReadFile(),
    writeFile: notHere,
    onHangup: notHere,
    watchFile: notHere,
    interrupted: new AbortController().signal,
    showsStacks: false,
    newId: () => 'reference',
    nowMs: notHere,
    openStore: notHere,
    openApprovals: notHere,
    openStoreDesk: notHere,
    openGateway: notHere,
    openScripts: notHere,
    openBench: notHere,
    inspectServers: notHere,
    listenHttp: notHere,
    listenAdmin: notHere,
    loadAdminToken: notHere,
    listenStdio: notHere,
    loadToken: notHere,
    hashToken: notHere,
  }
  return { code: await runCli(args, ports), ...texts }
}
