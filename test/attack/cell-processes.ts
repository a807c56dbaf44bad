import { readdirSync, readFileSync } from 'node:fs'

/** Process ids of the cells that a process has started, by /proc: nobody has to be trusted for it. */
export function cellPids(parent: number = process.pid): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && isCellOf(pid, parent))
}

/** True while the process runs; a zombie does not. */
export function isRunning(pid: number): boolean {
  const state = readState(pid)
  return state !== undefined && state.state !== 'Z' && state.state !== 'X'
}

/** Waits until the condition holds; false where it does not in time. */
export async function waitUntil(condition: () => boolean, timeoutMs = 10_000): Promise<boolean> {
  const endMs = performance.now() + timeoutMs
  while (performance.now() < endMs) {
    if (condition()) return true
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return condition()
}

/** The arguments of a process, empty where it is gone. */
export function readCommandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return []
  }
}

function isCellOf(pid: number, parent: number): boolean {
  const state = readState(pid)
  if (state === undefined || state.parent !== parent || state.state === 'Z') return false
  return readCommandLine(pid).some((argument) => /sandbox\/cell\/(boot|main)\.js$/.test(argument))
}

function readState(pid: number): { state: string; parent: number } | undefined {
  try {
    // The name of the program is in parentheses and may hold anything; what follows is plain.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: state ?? '', parent: Number(parent) }
  } catch {
    return undefined
  }
}
