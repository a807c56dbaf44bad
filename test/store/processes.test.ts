import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'

import { expect, onTestFinished, test } from 'vitest'

import { openStore } from '../../src/store/store.ts'
import { makeFolder, runOf } from './house.ts'
import { realPorts } from './programs/ports.ts'

type Program = ChildProcessByStdio<Writable, Readable, Readable>

function start(program: 'writer' | 'claimer', ...args: readonly string[]): Program {
  const file = join(import.meta.dirname, 'programs', `${program}.ts`)
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** What a writer had confirmed when it was killed: by run the count that was written last, and all handles. */
async function killAfter(child: Program, lines: number) {
  const confirmed = new Map<string, string>()
  const handles: { handle: string; index: string }[] = []
  let rest = ''
  let seen = 0
  child.stdout.setEncoding('utf8')
  for await (const chunk of child.stdout as AsyncIterable<string>) {
    const whole = (rest + chunk).split('\n')
    rest = whole.pop() ?? ''
    for (const line of whole) {
      const [id = '', index = '', handle = ''] = line.split(' ')
      confirmed.set(id, index)
      handles.push({ handle, index })
    }
    seen += whole.length
    if (seen >= lines) child.kill('SIGKILL')
  }
  return { confirmed, handles, seen }
}

test('a writer that is killed in the middle loses nothing that was confirmed, and the store opens', async () => {
  const path = join(makeFolder(), 'isogate.db')
  for (const round of [1, 2]) {
    const names = [`a${round}`, `b${round}`]
    const writers = names.map((name) => start('writer', path, name))
    const outcomes = await Promise.all(
      writers.map((child, index) => killAfter(child, 40 + 30 * index + 15 * round)),
    )
    const store = await openStore(realPorts(path))
    for (const [index, { confirmed, handles, seen }] of outcomes.entries()) {
      const owner = names[index] ?? ''
      expect(seen).toBeGreaterThan(40)
      for (const [id, count] of confirmed) {
        const code = Number(/\d+/.exec((await store.runs.load(owner, id))?.code ?? '')?.[0])
        // The next one may have been written before the process could say so.
        expect(code).toBeGreaterThanOrEqual(Number(count))
      }
      for (const { handle, index: count } of handles.slice(-200))
        expect((await store.handles.open(owner, handle))?.json.endsWith(`y${count}"`)).toBe(true)
    }
    await store.close()
  }
})

test('of several processes that claim the same runs exactly one gets each', async () => {
  const path = join(makeFolder(), 'isogate.db')
  const COUNT = 150
  const store = await openStore(realPorts(path))
  for (let index = 0; index < COUNT; index++) await store.runs.save(runOf(`r${index}`))
  const claimers = [1, 2, 3].map(() => start('claimer', path, String(COUNT)))
  await Promise.all(claimers.map((child) => once(child.stdout, 'data')))
  const outputs = claimers.map((child) => text(child.stdout))
  for (const child of claimers) child.stdin.write('go\n')
  const won = (await Promise.all(outputs)).map((output) =>
    output
      .trim()
      .split('\n')
      .filter((line) => line !== ''),
  )
  expect(
    won
      .flat()
      .map(Number)
      .toSorted((a, b) => a - b),
  ).toEqual(Array.from({ length: COUNT }, (_, index) => index))
  expect((await store.runs.list('ann')).every(({ isClaimed }) => isClaimed)).toBe(true)
  await store.close()
})

test('several processes make one new file at the same time', async () => {
  const path = join(makeFolder(), 'new', 'isogate.db')
  const claimers = [1, 2, 3, 4].map(() => start('claimer', path, '1'))
  const errors = Promise.all(claimers.map((child) => text(child.stderr)))
  const ends = Promise.all(claimers.map((child) => once(child, 'exit')))
  for (const child of claimers) child.stdin.write('go\n')
  // Nothing on the standard error: no warning of Node either.
  expect(await errors).toEqual(['', '', '', ''])
  expect((await ends).map(([code]) => code as number)).toEqual([0, 0, 0, 0])
})
