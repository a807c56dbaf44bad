/** Why a script cannot be run, at a place of the text that was submitted. */
export class ScriptSyntaxError extends Error {
  override readonly name = 'ScriptSyntaxError'
  readonly line: number | undefined
  readonly column: number | undefined

  constructor(message: string, line?: number, column?: number) {
    super(message)
    this.line = line
    this.column = column
  }
}

/** Both parsers put the place into `loc` and at the end of the message as `(line:column)`. */
export function toSyntaxError(error: unknown, lineOffset: number): ScriptSyntaxError {
  if (error instanceof RangeError) return new ScriptSyntaxError('The script is nested too deeply.')
  if (!(error instanceof Error)) return new ScriptSyntaxError('The script cannot be read.')
  const message = error.message.replace(/\s*\(\d+:\d+\)$/, '').replace(/^Error transforming .*?: /, '')
  const loc = 'loc' in error ? (error.loc as { line?: unknown; column?: unknown }) : {}
  if (typeof loc.line !== 'number' || typeof loc.column !== 'number') return new ScriptSyntaxError(message)
  // Acorn counts columns from 0, sucrase from 1.
  const column = error instanceof SyntaxError && 'raisedAt' in error ? loc.column + 1 : loc.column
  return new ScriptSyntaxError(message, loc.line + lineOffset, column)
}
