import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'

import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** A socket that answers with the address of the server of PostgreSQL, or with why there is none. */
    readonly postgres: string
  }
}

/** What is answered on the socket. */
export type PostgresAnswer = { readonly url: string } | { readonly failure: string }

type Program = ChildProcessByStdio<Writable, Readable, Readable>

/** One server of PostgreSQL for a whole run of tests. It is started when the first test asks for it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'isogate-ask-'))
  const socket = join(folder, 'postgres')
  let program: Program | undefined
  let answer: Promise<PostgresAnswer> | undefined

  const start = async (): Promise<PostgresAnswer> => {
    const file = join(import.meta.dirname, 'programs', 'postgres.ts')
    program = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'pipe'] })
    const errors = text(program.stderr)
    for await (const line of program.stdout) return JSON.parse(String(line)) as PostgresAnswer
    return { failure: await errors }
  }
  const server = createServer((asker) => {
    asker.on('error', () => {})
    answer ??= start()
    void answer.then((found) => asker.end(JSON.stringify(found)))
  })
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  server.unref()
  project.provide('postgres', socket)

  return async () => {
    server.close()
    rmSync(folder, { recursive: true, force: true })
    if (program === undefined || program.exitCode !== null) return
    const { promise, resolve } = Promise.withResolvers<void>()
    program.once('exit', () => resolve())
    program.stdin.end()
    await promise
  }
}
