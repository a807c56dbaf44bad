import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { cellPids, waitUntil } from './cell-processes.ts'
import { openArena } from './arena.ts'

/** Cells that hold the text in their memory would be the ones of its owner; without a debugger, processor time tells. */
async function busyCells(): Promise<number[]> {
  const ticks = (pid: number): number => {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return Number(fields[11]) + Number(fields[12])
  }
  const before = new Map(cellPids().map((pid) => [pid, ticks(pid)]))
  // Long enough for each to get its share of a machine that does other things too.
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  return cellPids().filter((pid) => ticks(pid) - (before.get(pid) ?? 0) > 3)
}

test('scripts of two owners never share a process, also when there are no more cells', async () => {
  const arena = openArena({ cpuMs: 8_000, wallMs: 20_000 }, { maxCells: 2 })
  await arena.run('return 1')
  await waitUntil(() => cellPids().length === 2)
  const first = arena.run('while (true) {}', 'mallory')
  await new Promise((resolve) => setTimeout(resolve, 100))
  const [of] = await busyCells()
  const second = arena.run('while (true) {}', 'alice')
  await new Promise((resolve) => setTimeout(resolve, 100))
  const busy = await busyCells()
  expect(busy.length).toBeGreaterThanOrEqual(2)
  expect(busy).toContain(of)
  // Both cells are taken: a third owner waits until one of them is free, and then gets a new process.
  const before = cellPids()
  const third = await arena.run("return 'third'", 'carol')
  expect(third).toMatchObject({ code: 'ok', text: 'third' })
  expect(cellPids().some((pid) => !before.includes(pid))).toBe(true)
  expect([(await first).code, (await second).code]).toEqual(['script_cpu', 'script_cpu'])
  await arena.close()
})

test('what a script leaves behind is not there for the next one of the same owner', async () => {
  const arena = openArena({}, { maxCells: 1 })
  for (let times = 0; times < 5; times++) {
    const code =
      "const before = globalThis.left; globalThis.left = 'x'; Object.prototype.left2 = 1; return before ?? null"
    expect(await arena.run(code)).toMatchObject({ text: 'null' })
  }
  expect(await arena.run('return ({}).left2 ?? null')).toMatchObject({ text: 'null' })
  await arena.close()
})
