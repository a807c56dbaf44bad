import { readFileSync } from 'node:fs'

/** Size of a page of memory on the platforms where /proc exists and Node runs. */
const PAGE_BYTES = 4_096

/**
 * Resident memory of a process in bytes; undefined where the platform does not tell (anything but Linux) or the
 * process is gone. Synchronous on purpose: /proc answers from memory, and a watchdog that waits is none.
 */
export function readResidentBytes(pid: number): number | undefined {
  try {
    const pages = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]
    return pages === undefined ? undefined : Number(pages) * PAGE_BYTES
  } catch {
    return undefined
  }
}
