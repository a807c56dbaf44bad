import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterEach, describe, expect, test } from 'vitest'

import { descendantsOf, eventually, isAlive } from '../cli/program.ts'
import { endAll, place, post, serve, tokenOf } from '../cli/serving.ts'
import { faulty } from './faulty-house.ts'

afterEach(endAll)

interface Called {
  readonly result?: { readonly structuredContent?: { readonly pids?: readonly number[] } }
}

// Detached grandchildren are found through /proc.
describe.runIf(process.platform === 'linux')('a gateway that is killed under load', () => {
  test('leaves nothing: no server, nothing that a server started, no cell', async () => {
    const where = await place({ one: faulty(), two: faulty() })
    const running = await serve(where)
    const token = tokenOf(running)
    const call = async (path: string, name: string, args: object = {}): Promise<Called> => {
      const answer = await post(`${running.url}${path}`, token, 'tools/call', { name, arguments: args })
      // The answer of the older era is an event stream where it was long.
      const text = await answer.text()
      return JSON.parse(/^data: ?(\{.*)$/m.exec(text)?.[1] ?? text) as Called
    }

    const families = await Promise.all(
      ['one__family', 'two__family'].map((name) => call('/mcp/classic', name)),
    )
    const outside = families.flatMap(({ result }) => result?.structuredContent?.pids ?? [])
    expect(outside).toHaveLength(4)

    const load: Promise<unknown>[] = []
    const over = new AbortController()
    const caller = async (name: string): Promise<void> => {
      while (!over.signal.aborted) await call('/mcp/classic', name)
    }
    for (const name of ['one__ok', 'one__echo', 'two__ok', 'two__echo']) load.push(caller(name))
    for (const name of ['one__hangs', 'two__hangs', 'two__flood']) load.push(call('/mcp/classic', name))
    for (const code of ['await tools.one.hangs({})', 'while (true) await tools.two.ok({})', 'for (;;) {}']) {
      load.push(call('/mcp/code', 'run_script', { code }))
    }
    const ended = Promise.allSettled(load)
    await sleep(1_500)

    const pids = [...new Set([...(await descendantsOf(running.child.pid)), ...outside])]
    const commands = await Promise.all(
      pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    )
    expect(commands.filter((command) => command.includes('/sandbox/cell/')).length).toBeGreaterThan(0)
    expect(commands.filter((command) => command.includes('/faulty.ts')).length).toBeGreaterThan(1)
    running.child.kill('SIGKILL')
    over.abort()
    await running.ended
    await ended
    const alive = async (): Promise<number[]> => {
      const found: number[] = []
      for (const pid of pids) if (await isAlive(pid)) found.push(pid)
      return found
    }
    try {
      await eventually(async () => (await alive()).length === 0, 15_000)
    } finally {
      for (const pid of await alive()) process.kill(pid, 'SIGKILL')
    }
  })
})
