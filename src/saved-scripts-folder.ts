import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

import type { FileRead } from './config/files.ts'
import { SCRIPT_NAME_PATTERN } from './config/schema/scripts.ts'
import { GatewayError } from './core/errors.ts'
import type { NewFile, ScriptFiles } from './scripts/saved/folder/files.ts'

const MAX_SCRIPTS = 200
const MAX_SCRIPT_BYTES = 256 * 1024
const MAX_FIXTURE_BYTES = 8 * 1024 * 1024
const MAX_LOCK_BYTES = 4 * 1024 * 1024
/** A folder with more entries is no folder of scripts. */
const MAX_ENTRIES = 5_000

/** Without O_NONBLOCK, opening a named pipe waits for a writer; without O_NOFOLLOW, a link leads out of the folder. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0)

/** The folder of the saved scripts on the disk. Links in it are not followed, and nothing but regular files is read. */
export function createSavedScriptsFolder(): ScriptFiles {
  return {
    read({ folder }) {
      const { names, problem } = namesIn(folder)
      const scripts = names.slice(0, MAX_SCRIPTS).map((name) => ({
        name,
        code: readText(join(folder, `${name}.ts`), MAX_SCRIPT_BYTES),
        manifest: readText(join(folder, `${name}.json`), MAX_SCRIPT_BYTES),
      }))
      const tooMany =
        names.length > MAX_SCRIPTS
          ? `Of more than ${MAX_SCRIPTS} saved scripts, the first ${MAX_SCRIPTS} are used.`
          : problem
      return { scripts, ...(tooMany === undefined ? {} : { problem: tooMany }) }
    },
    readFixtures: ({ folder }, name) => readText(join(folder, `${name}.fixtures.json`), MAX_FIXTURE_BYTES),
    readLock: ({ lock }) => readText(lock, MAX_LOCK_BYTES),
    write(files) {
      for (const file of files) writeWhole(file)
    },
  }
}

function namesIn(folder: string): { readonly names: readonly string[]; readonly problem?: string } {
  let entries: readonly string[]
  try {
    entries = readdirSync(folder)
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    return code === 'ENOENT'
      ? { names: [] }
      : { names: [], problem: `The folder of saved scripts cannot be read: ${code}.` }
  }
  if (entries.length > MAX_ENTRIES)
    return {
      names: [],
      problem: `The folder of saved scripts has more than ${MAX_ENTRIES} entries, and is not read.`,
    }
  const names = entries.flatMap((entry) => {
    const name = entry.endsWith('.json') ? entry.slice(0, -'.json'.length) : ''
    return SCRIPT_NAME_PATTERN.test(name) ? [name] : []
  })
  return { names: names.toSorted() }
}

function readText(path: string, maxBytes: number): FileRead {
  let file: number
  try {
    if (lstatSync(path).isSymbolicLink()) return { kind: 'failed', reason: 'it is a link' }
    file = openSync(path, OPEN_FLAGS)
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' }
    return {
      kind: 'failed',
      reason: code === 'ELOOP' ? 'it is a link' : code === 'EACCES' ? 'permission denied' : code,
    }
  }
  try {
    if (!fstatSync(file).isFile()) return { kind: 'failed', reason: 'it is not a regular file' }
    const { size } = fstatSync(file)
    if (size > maxBytes) return { kind: 'failed', reason: `it is larger than ${maxBytes} bytes` }
    // One more, to see that it has not grown.
    const buffer = Buffer.alloc(size + 1)
    let length = 0
    for (;;) {
      const read = readSync(file, buffer, length, buffer.length - length, length)
      length += read
      if (read === 0 || length === buffer.length) break
    }
    if (length > size) return { kind: 'failed', reason: 'it changed while it was read' }
    return {
      kind: 'text',
      text: new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, length)),
    }
  } catch (error) {
    if (error instanceof TypeError) return { kind: 'failed', reason: 'it is not UTF-8 text' }
    return { kind: 'failed', reason: (error as NodeJS.ErrnoException).code ?? 'unknown error' }
  } finally {
    closeSync(file)
  }
}

function writeWhole({ path, text }: NewFile): void {
  const unfinished = join(dirname(path), `.${basename(path)}.${process.pid}`)
  try {
    mkdirSync(dirname(path), { recursive: true })
    // One that was left by a process that died; a link in its place would lead elsewhere.
    rmSync(unfinished, { force: true })
    writeFileSync(unfinished, text, { flag: 'wx' })
    renameSync(unfinished, path)
  } catch (error) {
    rmSync(unfinished, { force: true })
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    throw new GatewayError('file_unwritable', `${path} cannot be written: ${code}.`)
  }
}
