import type ivm from 'isolated-vm'

import { placeIn, SCRIPT_NAME } from './failure.ts'
import type { WarmIsolate } from './isolates.ts'
import { prepareScript, type PreparedScript } from './script/prepare.ts'
import { ScriptSyntaxError } from './script/syntax-error.ts'

/** A script in its isolate, ready to be started. */
export interface CompiledScript extends Pick<PreparedScript, 'columnOf'> {
  /** What `start` of sandbox/guest/bridge.ts takes. */
  readonly main: ivm.Reference<unknown>
}

/**
 * Compiles a script and runs nothing of it.
 *
 * @param timeoutMs bounds the evaluation to a function: the text is a stranger's
 * @throws ScriptSyntaxError with the place in the script as it was submitted; whatever the end of the isolate throws
 */
export function compileScript(
  { isolate, context }: WarmIsolate,
  code: string,
  hasInput: boolean,
  timeoutMs: number,
): CompiledScript {
  const compile = ({ source, columnOffset, columnOf }: PreparedScript): CompiledScript => {
    try {
      const script = isolate.compileScriptSync(source, { filename: SCRIPT_NAME, columnOffset })
      return { main: script.runSync(context, { reference: true, timeout: timeoutMs }), columnOf }
    } catch (error) {
      throw isolate.isDisposed ? error : toSyntaxError(error, columnOf)
    }
  }
  const prepared = prepareScript(code, hasInput)
  try {
    return compile(prepared)
  } catch (error) {
    if (isolate.isDisposed) throw error
    // What is inserted may be what the engine refuses: two functions of one name cannot stand in a block.
    return compile(prepareScript(code, hasInput, false))
  }
}

/** The engine refuses what the parser let through: it writes the place at the end, as [script.ts:3:7]. */
function toSyntaxError(error: unknown, columnOf: PreparedScript['columnOf']): ScriptSyntaxError {
  const message = error instanceof Error ? error.message : 'The script cannot be compiled.'
  const { line, column } = placeIn(message, columnOf)
  return new ScriptSyntaxError(message.replace(/\s*\[.*\]$/, ''), line, column)
}
