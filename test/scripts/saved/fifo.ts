import { execFileSync } from 'node:child_process'

/** Makes a named pipe: opening one waits for a writer that never comes. */
export function mkfifoSync(path: string): void {
  execFileSync('mkfifo', [path])
}
