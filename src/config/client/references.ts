import { escapeReferences, splitReferences } from '../document/references.ts'

/** What a client's file knows of its surroundings. */
export interface ClientContext {
  /** What `${workspaceFolder}` stands for. */
  readonly workspace: string
  /** What `${userHome}` stands for. */
  readonly home: string
  readonly separator: string
}

/** A text in the syntax of this configuration, and what a person should know about it. */
export interface Translated {
  readonly text: string
  readonly notes: readonly string[]
}

const CLIENT_VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*(?::-[^]*)?$/
/** Gemini also expands `$NAME`. Only a value that is nothing else is taken for one. */
const BARE_VARIABLE = /^\$[A-Z_][A-Z0-9_]*$/

/** Rewrites the references of Claude Code, VS Code, Cursor, Windsurf and Gemini as `${env:…}`. */
export function translateReferences(value: string, context: ClientContext): Translated {
  if (BARE_VARIABLE.test(value)) return { text: `\${env:${value.slice(1)}}`, notes: [] }
  if (!value.includes('${')) return { text: value, notes: [] }
  const notes: string[] = []
  let text = ''
  for (const part of splitReferences(value)) {
    text += part.kind === 'reference' ? translate(part.body, context, notes) : escapeReferences(part.text)
  }
  return { text, notes }
}

function translate(body: string, context: ClientContext, notes: string[]): string {
  if (/^(?:env|file):/.test(body)) return `\${${body}}`
  if (body.startsWith('input:')) {
    const name = toVariableName(body.slice('input:'.length))
    notes.push(`the input \`${body.slice('input:'.length)}\` of the client is read from the variable ${name}`)
    return `\${env:${name}}`
  }
  const value = builtIn(body, context)
  if (value !== undefined) return escapeReferences(value)
  if (CLIENT_VARIABLE.test(body)) return `\${env:${body}}`
  notes.push('a placeholder of the client is not known here and stays as it is')
  return `$\${${body}}`
}

function builtIn(body: string, context: ClientContext): string | undefined {
  switch (body) {
    case 'workspaceFolder':
    case 'workspaceRoot':
      return context.workspace
    case 'workspaceFolderBasename':
      return context.workspace.split(/[\\/]/).at(-1) ?? ''
    case 'userHome':
      return context.home
    case 'pathSeparator':
    case '/':
      return context.separator
    default:
      return undefined
  }
}

function toVariableName(id: string): string {
  const name = id.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
  return /^[A-Z_]/.test(name) ? name : `_${name}`
}
