import { parentPort } from 'node:worker_threads'
import { Project, type SourceFile, ts } from 'ts-morph'

import {
  COMPILER_OPTIONS,
  MAX_DIAGNOSTICS,
  MAX_MESSAGE_CHARS,
  type CheckFiles,
  type Diagnostic,
  type EngineAnswer,
} from '../engine.ts'
import { readGlobals } from '../globals.ts'

const TOOLS = '/check/tools.d.ts'
const SCRIPT = '/check/script.ts'

const { options, errors } = ts.convertCompilerOptionsFromJson(COMPILER_OPTIONS, '/check')
if (errors.length > 0) throw new Error('The options of the compiler are not its own.')

// In memory: there is no disk that a script could make the compiler read.
const project = new Project({ useInMemoryFileSystem: true, compilerOptions: options })
project.createSourceFile('/check/globals.d.ts', readGlobals())

function check({ tools, script }: CheckFiles): EngineAnswer {
  if (project.getSourceFile(TOOLS)?.getFullText() !== tools) write(TOOLS, tools)
  const file = write(SCRIPT, script)
  const program = project.getProgram().compilerObject
  if (program.getSyntacticDiagnostics(file.compilerNode).length > 0)
    return { isParsed: false, diagnostics: [] }
  const found = program.getSemanticDiagnostics(file.compilerNode)
  return { isParsed: true, diagnostics: found.slice(0, MAX_DIAGNOSTICS).map(toDiagnostic) }
}

function write(path: string, text: string): SourceFile {
  return project.createSourceFile(path, text, { overwrite: true })
}

function toDiagnostic({ code, start = 0, length = 0, messageText }: ts.Diagnostic): Diagnostic {
  const messages: string[] = []
  let at: string | ts.DiagnosticMessageChain | undefined = messageText
  while (at !== undefined && messages.length < 8) {
    messages.push((typeof at === 'string' ? at : at.messageText).slice(0, MAX_MESSAGE_CHARS))
    at = typeof at === 'string' ? undefined : at.next?.[0]
  }
  return { code, start, end: start + length, messages }
}

const port = parentPort
port?.on('message', (files: CheckFiles) => port.postMessage(check(files)))
