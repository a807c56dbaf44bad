import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'

import { describe, expect, onTestFinished, test } from 'vitest'

import { bodyOf, findBreak, nameOf, readAll } from './audit-rows.ts'
import { PLACES } from './house.ts'
import { openParts, REAL_CLOCK } from './open-parts.ts'

type Program = ChildProcessByStdio<Writable, Readable, Readable>

function start(program: 'appender' | 'racer', ...args: readonly string[]): Program {
  const file = join(import.meta.dirname, 'programs', `${program}.ts`)
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** What an appender had confirmed when it was killed. */
async function killAfter(child: Program, count: number): Promise<ReadonlyMap<string, string>> {
  const confirmed = new Map<string, string>()
  let seen = 0
  for await (const line of createInterface(child.stdout)) {
    const [names = '', seq = '', hash = ''] = line.split(' ')
    confirmed.set(names, `${seq} ${hash}`)
    if (++seen === count) child.kill('SIGKILL')
  }
  return confirmed
}

describe.each(PLACES.filter(({ isShared }) => isShared))('processes: $name', ({ make }) => {
  test('appenders that are killed in the middle lose nothing that was confirmed, and the chain is whole', async () => {
    const place = await make()
    const name = place.url ?? place.path ?? ''
    for (const round of [1, 2, 3]) {
      const children = ['a', 'b'].map((writer) => start('appender', name, `${writer}${round}`))
      const confirmed = await Promise.all(
        children.map((child, index) => killAfter(child, 7 + 9 * index + 4 * round)),
      )
      const house = await openParts(place, REAL_CLOCK)
      await house.audit.append([bodyOf(`after ${round}`)])
      const rows = await readAll(house.audit)
      await house.close()
      expect(findBreak(rows)).toBeUndefined()
      const places = new Map(rows.map((row) => [nameOf(row), row]))
      for (const [names, end] of confirmed.flatMap((map) => [...map])) {
        const [last, ...others] = names.split(',').toReversed()
        const row = places.get(last ?? '')
        expect(`${row?.seq} ${row?.hash}`).toBe(end)
        for (const [index, other] of others.entries())
          expect(places.get(other)?.seq).toBe((row?.seq ?? 0) - index - 1)
      }
    }
  }, 60_000)

  test('of several processes exactly one decides, takes and begins, and a budget is never exceeded', async () => {
    const place = await make()
    const name = place.url ?? place.path ?? ''
    const COUNT = 30
    const house = await openParts(place, REAL_CLOCK)
    for (let index = 0; index < COUNT; index++)
      await house.approvals.ask({
        id: `a_${index}`,
        state: 'pending',
        owner: 'ann',
        subject: { kind: 'call', tool: 'pay.send', args: {}, hash: `h${index}` },
        binding: 'b',
        rule: 'ask',
        createdAtMs: Date.now(),
        expiresAtMs: Date.now() + 600_000,
        fourEyes: false,
      })
    const racers = [1, 2, 3].map(() => start('racer', name, String(COUNT)))
    await Promise.all(racers.map((child) => once(child.stdout, 'data')))
    const outputs = racers.map((child) => text(child.stdout))
    for (const child of racers) child.stdin.write('go\n')
    const lines = (await Promise.all(outputs)).flatMap((output) => output.trim().split('\n'))
    const of = (word: string) =>
      lines
        .filter((line) => line.startsWith(`${word} `))
        .map((line) => Number(line.slice(word.length)))
        .toSorted((a, b) => a - b)
    const all = Array.from({ length: COUNT }, (_, index) => index)
    expect(of('decided')).toEqual(all)
    expect(of('took')).toEqual(all)
    expect(of('began')).toEqual(all)
    expect(of('spent').reduce((sum, taken) => sum + taken, 0)).toBe(100)
    await house.close()
  }, 60_000)
})
