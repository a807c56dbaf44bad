import { parse, type Program } from 'acorn'
import { transform } from 'sucrase'

import { toBody } from './forms.ts'
import { columnBefore, insertInto, orderInsertions } from './insertions.ts'
import { afterDirectives, findLineage, lineageNames } from './lineage.ts'
import { ScriptSyntaxError, toSyntaxError } from './syntax-error.ts'

/** A script made ready for the isolate. */
export interface PreparedScript {
  /**
   * Evaluates to a function that takes what was inserted into the script (`enter`, `resume`, `leave`, `restore`, `exit`, `place` of
   * sandbox/guest/lineage.ts) and gives the async function to be run.
   */
  readonly source: string
  /** Columns that were put before the first line. */
  readonly columnOffset: number
  /** The column that a column of the source had before anything was inserted; both from 1. */
  readonly columnOf: (line: number, column: number) => number
}

/**
 * Turns what a model wrote into one async function. Accepted: bare statements with top-level `await` and `return`
 * (without a `return` the last expression is the value), an async arrow or function expression, a named function, a
 * default export, in a Markdown fence or not, TypeScript or JavaScript. Lines stay where they are, so that an error
 * carries the line that the model wrote.
 *
 * This runs in the cell, not in the gateway: parsing is work that a stranger controls
 * (test/attack/deep-nesting.test.ts).
 *
 * @param hasInput whether the run has an input: it is what a function takes first
 * @param isInstrumented false: nothing is inserted but what the form needs, for a source that the engine refuses otherwise
 * @throws ScriptSyntaxError
 */
export function prepareScript(submitted: string, hasInput = false, isInstrumented = true): PreparedScript {
  const { text, lineOffset } = unfence(submitted)
  // Blank lines in place of the fence's own keep the line numbers of the submitted text.
  const code = '\n'.repeat(lineOffset) + stripTypes(text, lineOffset)
  const program = parseProgram(code)
  try {
    return assemble(code, program, hasInput, isInstrumented)
  } catch (error) {
    // The walk over the program needs more stack than the parser did.
    throw error instanceof ScriptSyntaxError ? error : toSyntaxError(error, 0)
  }
}

function assemble(
  code: string,
  program: Program,
  hasInput: boolean,
  isInstrumented: boolean,
): PreparedScript {
  const names = lineageNames(code)
  const { self, enter, resume, leave, restore, exit, place } = names
  const lineage = isInstrumented ? findLineage(code, program, names) : undefined
  const wait = lineage === undefined ? '' : `${leave}(${self},`
  const { text, opening, closing, suffix } = toBody(code, program, hasInput, wait)
  const openings = opening === undefined ? [] : [opening]
  const closings = closing === undefined ? [] : [closing]
  if (lineage !== undefined) {
    const begin = `;const ${self}=${enter}(0);`
    openings.unshift({ at: afterDirectives(program, opening), text: begin })
  }
  const insertions = orderInsertions({
    openings: [...openings, ...(lineage?.openings ?? [])],
    closings: [...(lineage?.closings ?? []), ...closings],
  })
  // Where nothing is inserted, nothing is there to be named: a script can write any name with escapes.
  const parameters = lineage === undefined ? '' : [enter, resume, leave, restore, exit, place].join()
  const prefix = `((${parameters})=>async () => {`
  return {
    source: `${prefix}${insertInto(text, insertions)}\n${suffix}})`,
    columnOffset: -prefix.length,
    columnOf: (line, column) => columnBefore(text, insertions, line, column),
  }
}

function unfence(submitted: string): { text: string; lineOffset: number } {
  const fence = /^\s*(`{3,}|~{3,})[^\n`]*\n/.exec(submitted)
  if (fence === null) return { text: submitted, lineOffset: 0 }
  const marker = fence[1] as string
  const rest = submitted.slice(fence[0].length)
  const end = rest.lastIndexOf(`\n${marker}`)
  const lineOffset = fence[0].split('\n').length - 1
  return { text: end < 0 ? rest.replace(new RegExp(`^${marker}\\s*$`), '') : rest.slice(0, end), lineOffset }
}

function stripTypes(text: string, lineOffset: number): string {
  try {
    return transform(text.replace(/^#!.*/, ''), {
      transforms: ['typescript'],
      disableESTransforms: true,
      keepUnusedImports: true,
    }).code
  } catch (error) {
    throw toSyntaxError(error, lineOffset)
  }
}

function parseProgram(code: string): Program {
  const options = {
    ecmaVersion: 'latest',
    allowReturnOutsideFunction: true,
    preserveParens: true,
  } as const
  try {
    // As a script first: the isolate compiles it as one, and what both read must be the same.
    return parse(code, { ...options, sourceType: 'script', allowAwaitOutsideFunction: true })
  } catch (error) {
    if (!/^[ \t]*(import|export)\b/m.test(code)) throw toSyntaxError(error, 0)
  }
  try {
    return parse(code, { ...options, sourceType: 'module' })
  } catch (error) {
    throw toSyntaxError(error, 0)
  }
}
