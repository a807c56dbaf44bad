import { spawn, type ChildProcess } from 'node:child_process'
import { tmpdir } from 'node:os'

import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts'
import { readResidentBytes } from '../../cells/resident.ts'
import {
  MAX_DIAGNOSTICS,
  MAX_MESSAGE_CHARS,
  type CheckEngine,
  type Diagnostic,
  type EngineKind,
  type EngineOptions,
} from '../engine.ts'
import { readGlobals } from '../globals.ts'
import { findNativeExecutable, type NativeExecutable } from './executable.ts'
import { createRpcLink } from './json-rpc.ts'
import { createVirtualFiles, FOLDER, PROJECT, QUESTIONS, SCRIPT, TOOLS } from './virtual-files.ts'

/** How often the memory of a compiler that works is looked at. */
const WATCH_EVERY_MS = 50
const MAX_ANSWER_BYTES = 16 * 1_048_576
const MEGABYTE = 1_048_576

/**
 * TypeScript's native compiler as a child process: its API server, asked over its standard streams. It has no
 * environment, sees only files that are given to it, and ends when its input is closed, so with the gateway in any way.
 */
export const nativeEngine: EngineKind = {
  name: 'native',
  unusable: () => {
    const found = findNativeExecutable()
    return typeof found === 'string' ? found : undefined
  },
  start: (options) => {
    const found = findNativeExecutable()
    if (typeof found === 'string') throw new Error(found)
    return createNativeEngine(found, options)
  },
}

function createNativeEngine(executable: NativeExecutable, { memoryMb }: EngineOptions): CheckEngine {
  const child = spawnCompiler(executable, memoryMb)
  const files = createVirtualFiles(readGlobals(), executable.libraries)
  const endListeners: (() => void)[] = []
  let isEnded = false
  let project: string | undefined
  const kill = (): void => {
    if (isEnded) return
    isEnded = true
    child.kill('SIGKILL')
    link.end('The compiler has ended.')
    for (const listener of endListeners) listener()
  }
  const { stdin, stdout } = child
  if (stdin === null || stdout === null) throw new Error('A compiler without streams.')
  const link = createRpcLink({ input: stdout, output: stdin }, files.answer, MAX_ANSWER_BYTES, kill)
  for (const stream of [stdin, stdout]) stream.on('error', kill)
  child.on('error', kill)
  child.on('exit', kill)
  const isAbove = (limitMb: number): boolean =>
    child.pid !== undefined && (readResidentBytes(child.pid) ?? 0) > limitMb * MEGABYTE

  const openSnapshot = async (): Promise<{ snapshot: Json; project: string }> => {
    const changes: JsonObject =
      project === undefined ? { openProjects: [PROJECT] } : { fileChanges: { changed: [TOOLS, SCRIPT] } }
    const answer = await link.request('updateSnapshot', changes)
    const { snapshot, projects } = isJsonObject(answer) ? answer : {}
    const [first] = Array.isArray(projects) ? (projects as readonly Json[]) : []
    const id = isJsonObject(first) ? first['id'] : undefined
    if (snapshot === undefined || typeof id !== 'string') throw new Error('The compiler gave no project.')
    project = id
    return { snapshot, project: id }
  }
  const initialized = link.request('initialize', {})
  // Whoever checks is told; until then nobody needs to know.
  initialized.catch(() => {})

  return {
    check: async (next) => {
      const watch = setInterval(() => isAbove(memoryMb) && kill(), WATCH_EVERY_MS)
      try {
        await initialized
        files.write(next)
        const opened = await openSnapshot()
        const params = { ...opened, file: SCRIPT }
        const [syntax, semantics] = await Promise.all([
          link.request('getSyntacticDiagnostics', params),
          link.request('getSemanticDiagnostics', params),
        ])
        // Not waited for: the next request comes after it anyway.
        link.request('release', { snapshot: opened.snapshot }).catch(() => {})
        const isParsed = !Array.isArray(syntax) || syntax.length === 0
        return { isParsed, diagnostics: isParsed ? readDiagnostics(semantics) : [] }
      } finally {
        clearInterval(watch)
      }
    },
    isWorn: () => isEnded || isAbove(memoryMb / 2),
    kill,
    onEnd: (listener) => endListeners.push(listener),
  }
}

function spawnCompiler({ path }: NativeExecutable, memoryMb: number): ChildProcess {
  const callbacks = `--callbacks=${QUESTIONS.join(',')}`
  const child = spawn(path, ['--api', '--async', '--cwd', FOLDER, callbacks], {
    // The collector of the compiler's own runtime works harder before the watchdog has to end it.
    env: { GOMEMLIMIT: `${Math.floor(memoryMb * 0.8)}MiB` },
    cwd: tmpdir(),
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  })
  // A gateway that has nothing else to do may end.
  child.unref()
  for (const stream of [child.stdin, child.stdout]) {
    if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref()
  }
  return child
}

function readDiagnostics(answer: Json): Diagnostic[] {
  const list = Array.isArray(answer) ? (answer as readonly Json[]) : []
  return list.slice(0, MAX_DIAGNOSTICS).flatMap((item) => {
    if (!isJsonObject(item)) return []
    const { code, pos, end } = item
    if (typeof code !== 'number' || typeof pos !== 'number' || typeof end !== 'number') return []
    return [{ code, start: pos, end, messages: readMessages(item) }]
  })
}

/** The text of a diagnostic and of the reasons below it, of which only the first of each is read. */
function readMessages(item: JsonObject): string[] {
  const messages: string[] = []
  let at: Json | undefined = item
  while (isJsonObject(at) && messages.length < 8) {
    const { text, messageChain }: JsonObject = at
    if (typeof text === 'string') messages.push(text.slice(0, MAX_MESSAGE_CHARS))
    at = Array.isArray(messageChain) ? (messageChain as readonly Json[])[0] : undefined
  }
  return messages
}
