import { posix } from 'node:path'

import type { Json } from '../../../core/json.ts'
import { COMPILER_OPTIONS, type CheckFiles } from '../engine.ts'

/** What the native compiler takes for its disk. */
export interface VirtualFiles {
  readonly write: (files: CheckFiles) => void
  /** Answers a question about files. Source: `typescript/unstable/fs` of 7.0.2; `null` means: look at the real disk. */
  readonly answer: (method: string, params: Json) => Json
}

export const FOLDER = '/check'
export const PROJECT = `${FOLDER}/tsconfig.json`
export const SCRIPT = `${FOLDER}/script.ts`
export const TOOLS = `${FOLDER}/tools.d.ts`
const GLOBALS = `${FOLDER}/globals.d.ts`

/**
 * The questions that are answered here: all that tell what a file holds, or which there are. Whether a folder exists is left to
 * the real disk: it is asked six times for each script, and each answer is a message on the gateway's main thread.
 */
export const QUESTIONS = ['readFile', 'fileExists', 'getAccessibleEntries', 'realpath'] as const

/** The real disk is shown as far as `libraries`, and nothing beyond the files directly in it. */
export function createVirtualFiles(globals: string, libraries: string): VirtualFiles {
  const files = new Map([
    [PROJECT, JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: [GLOBALS, TOOLS, SCRIPT] })],
    [GLOBALS, globals],
    [TOOLS, ''],
    [SCRIPT, ''],
  ])
  const folder = toPosix(libraries)
  const isLibrary = (path: string): boolean =>
    posix.dirname(posix.normalize(toPosix(path))) === folder &&
    /^lib[\w.]*\.d\.ts$/.test(posix.basename(path))

  return {
    write: (next) => {
      files.set(TOOLS, next.tools).set(SCRIPT, next.script)
    },
    answer: (method, params) => {
      const path = Array.isArray(params) ? (params as readonly Json[])[0] : params
      if (typeof path !== 'string') return false
      if (method === 'readFile') return isLibrary(path) ? null : { content: files.get(path) ?? null }
      if (method === 'fileExists') return isLibrary(path) ? null : files.has(path)
      if (method === 'realpath') return path
      const names = path === FOLDER ? [...files.keys()].map((file) => posix.basename(file)) : []
      return { files: names, directories: [] }
    },
  }
}

function toPosix(path: string): string {
  return path.replaceAll('\\', '/')
}
