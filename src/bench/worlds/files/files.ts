import type { Json, JsonObject } from '../../../core/json.ts'
import { MockFailure, type MockServer } from '../../stage.ts'
import { readOptionalText, readText } from '../world.ts'
import * as tools from './file-tools.ts'
import { makeTree } from './tree.ts'

const MODIFIED = '2026-11-01T20:00:00.000Z'

/** A tree of text files. */
export function createFiles(): MockServer {
  let files = new Map(makeTree())

  const readPath = (args: JsonObject, name: string): string => {
    const path = readText(args, name)
    if (!path.startsWith('/') || path.includes('/../'))
      throw new MockFailure(`${path} is not an absolute path.`)
    return path
  }
  const isFolder = (path: string): boolean => {
    const start = path.endsWith('/') ? path : `${path}/`
    return [...files.keys()].some((each) => each.startsWith(start))
  }
  const textOf = (path: string): string => {
    const text = files.get(path)
    if (text !== undefined && !path.endsWith('/')) return text
    throw new MockFailure(isFolder(path) ? `${path} is a folder.` : `No such file: ${path}`)
  }
  /** Fails where a file cannot be put there. */
  const checkFree = (path: string): void => {
    const folder = path.slice(0, path.lastIndexOf('/') + 1)
    if (!isFolder(folder)) throw new MockFailure(`No such folder: ${folder}`)
    if (files.has(path)) throw new MockFailure(`File exists: ${path}`)
  }

  const list = (args: JsonObject): Json => {
    const path = readPath(args, 'path').replace(/\/$/, '')
    if (!isFolder(path)) throw new MockFailure(`No such folder: ${path}`)
    const wanted = readOptionalText(args, 'name_contains') ?? ''
    const entries = new Map<string, JsonObject>()
    for (const [file, text] of files) {
      if (!file.startsWith(`${path}/`) || file === `${path}/`) continue
      const parts = file.slice(path.length + 1).split('/')
      const depth = args['recursive'] === true ? parts.length : 1
      for (let at = 1; at <= depth; at++) {
        const name = parts[at - 1] ?? ''
        if (name === '' || !name.includes(wanted)) continue
        const own = `${path}/${parts.slice(0, at).join('/')}`
        const isFile = own === file
        const size = isFile ? Buffer.byteLength(text) : 0
        entries.set(own, { name, path: own, type: isFile ? 'file' : 'directory', size, modified: MODIFIED })
      }
    }
    const sorted = [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1))
    return { path, entries: sorted.map(([, entry]) => entry) }
  }

  const read = (args: JsonObject): Json => {
    const text = textOf(readPath(args, 'path'))
    const { head, tail } = args
    if (head !== undefined && tail !== undefined) throw new MockFailure('Use head or tail, not both.')
    if (typeof head === 'number') return text.split('\n').slice(0, head).join('\n')
    if (typeof tail === 'number') return text.split('\n').slice(-tail).join('\n')
    return text
  }

  const search = (args: JsonObject): Json => {
    const path = readPath(args, 'path').replace(/\/$/, '')
    if (!files.has(path) && !isFolder(path)) throw new MockFailure(`No such file or folder: ${path}`)
    const isExact = args['case_sensitive'] === true
    const fold = (text: string): string => (isExact ? text : text.toLowerCase())
    const wanted = fold(readText(args, 'text'))
    const most = typeof args['max_results'] === 'number' ? Math.min(args['max_results'], 200) : 50
    const found = [...files]
      .filter(([file]) => file === path || file.startsWith(`${path}/`))
      .flatMap(([file, text]) =>
        text
          .split('\n')
          .flatMap((line, at) =>
            fold(line).includes(wanted) ? [{ path: file, line: at + 1, text: line }] : [],
          ),
      )
    return { matches: found.slice(0, most), truncated: found.length > most }
  }

  const write = (args: JsonObject): Json => {
    const path = readPath(args, 'path')
    const content = typeof args['content'] === 'string' ? args['content'] : ''
    const isThere = files.has(path)
    if (!isThere || args['overwrite'] !== true) checkFree(path)
    files.set(path, content)
    return { path, bytes: Buffer.byteLength(content), created: !isThere }
  }

  const move = (args: JsonObject): Json => {
    const source = readPath(args, 'source')
    const destination = readPath(args, 'destination')
    const text = textOf(source)
    checkFree(destination)
    files.delete(source)
    files.set(destination, text)
    return { source, destination }
  }

  const info = (args: JsonObject): Json => {
    const path = readPath(args, 'path')
    const text = textOf(path)
    return {
      path,
      size: Buffer.byteLength(text),
      lines: text.replace(/\n$/, '').split('\n').length,
      mime_type: path.endsWith('.md')
        ? 'text/markdown'
        : path.endsWith('.yaml')
          ? 'application/yaml'
          : 'text/plain',
      owner: 'deploy',
      mode: '0644',
      modified: MODIFIED,
    }
  }

  return {
    name: 'files',
    tools: [
      { definition: tools.LIST_DIRECTORY, run: list },
      { definition: tools.READ_FILE, run: read },
      { definition: tools.SEARCH_FILES, run: search },
      { definition: tools.WRITE_FILE, run: write },
      { definition: tools.MOVE_FILE, run: move },
      { definition: tools.GET_FILE_INFO, run: info },
    ],
    reset() {
      files = new Map(makeTree())
    },
  }
}
