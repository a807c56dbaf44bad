import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

/** What came of reading a file. */
export type FileRead =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly reason: string }

/** Reads a text file of at most `maxBytes`. Never rejects. */
export type ReadFile = (path: string, maxBytes: number) => Promise<FileRead>

const MISSING = new Set(['ENOENT', 'ENOTDIR'])

/** The ReadFile of a real file system. */
export function createReadFile(): ReadFile {
  return async (path, maxBytes) => {
    try {
      // Without O_NONBLOCK, opening a named pipe waits for a writer.
      await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
      const stat = await file.stat()
      if (stat.isDirectory()) return { kind: 'failed', reason: 'it is a folder' }
      // A pipe or a device may never end, and its size says nothing.
      if (!stat.isFile()) return { kind: 'failed', reason: 'it is not a regular file' }
      const buffer = Buffer.alloc(Math.min(stat.size, maxBytes) + 1)
      let length = 0
      for (;;) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length, length)
        length += bytesRead
        if (bytesRead === 0 || length === buffer.length) break
      }
      if (length > maxBytes) return { kind: 'failed', reason: `it is larger than ${maxBytes} bytes` }
      if (length === buffer.length) return { kind: 'failed', reason: 'it changed while it was read' }
      return decode(buffer.subarray(0, length))
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
      if (MISSING.has(code)) return { kind: 'missing' }
      return { kind: 'failed', reason: code === 'EACCES' ? 'permission denied' : code }
    }
  }
}

function decode(bytes: Uint8Array): FileRead {
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return { kind: 'failed', reason: 'it is not UTF-8 text' }
  }
}
