import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'

/**
 * The file that a command stands for, looked up as the child itself would.
 *
 * Looked up before anything is started: the shell that holds the lifeline would only exit with 127,
 * and a person should be told what is missing. Windows looks its commands up by itself.
 *
 * @param env The environment of the child: its PATH counts, not the gateway's.
 * @param cwd The folder to start in; absent: the gateway's own.
 * @returns The path, or what is missing.
 */
export function findCommand(
  command: string,
  env: Readonly<Record<string, string>>,
  cwd: string | undefined,
): { readonly path: string } | { readonly reason: string } {
  if (cwd !== undefined && !existsSync(cwd)) return { reason: `folder not found: ${cwd}` }
  if (process.platform === 'win32') return { path: command }
  const path = candidates(command, env['PATH'] ?? '', cwd ?? process.cwd()).find(isExecutable)
  return path === undefined ? { reason: `command not found: ${command}` } : { path }
}

function candidates(command: string, searchPath: string, cwd: string): readonly string[] {
  if (command.includes('/')) return [resolve(cwd, command)]
  const folders = searchPath.split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(resolve(cwd, folder), command))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
