import type { Task } from '../../config/tasks/schema.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'

/** What a model must have read of a tool before it can use it. */
export interface Need {
  /** `server.tool` */
  readonly tool: string
  readonly lookups: readonly string[]
  /** Names of arguments, and for a script of members of results, that the policy uses. */
  readonly words: readonly string[]
}

/** What a model was shown of tools: by tool, all lines about it. */
export interface Knowledge {
  readonly read: (text: string) => void
  /** Everything that was told of one tool. */
  readonly learn: (tool: string, text: string) => void
  readonly knows: (tool: string) => boolean
  /** False where something that the policy uses was left out of what was shown. */
  readonly knowsAll: (need: Need) => boolean
  /** True where a type of a result was shown as unknown. */
  readonly isUnknown: (tool: string) => boolean
  /** The name under which the tool was shown. */
  readonly nameOf: (tool: string) => string | undefined
}

const HEADING = /^tools\.([\w$]+)\.$/
const INDENTED = /^ {2}([\w$]+|\["[^"]+"\])\(/
const PATH = /^tools\.([\w$]+)(?:\.([\w$]+)|\["([^"]+)"\])\(/
const EXPOSED = /^([\w.-]+?)__([\w.-]+)\(/
const UNKNOWN = 'Promise<unknown>'

/** Reads what endpoints show: the index in the instructions, matches of a search, declarations, definitions. */
export function createKnowledge(): Knowledge {
  const shown = new Map<string, { name: string; text: string }>()
  const note = (key: string, name: string, text: string): void => {
    shown.set(key, { name, text: `${shown.get(key)?.text ?? ''}\n${text}` })
  }
  return {
    read(text) {
      let server = ''
      for (const line of text.split('\n')) {
        server = HEADING.exec(line)?.[1] ?? (line.startsWith('  ') ? server : '')
        const indented = server === '' ? undefined : INDENTED.exec(line)?.[1]
        if (indented !== undefined) note(keyOf(server, indented), `${server}.${indented}`, line)
        const [, pathServer, dotted, quoted] = PATH.exec(line) ?? []
        if (pathServer !== undefined)
          note(
            keyOf(pathServer, dotted ?? quoted ?? ''),
            `tools.${pathServer}.${dotted ?? quoted ?? ''}`,
            line,
          )
        const [, exposedServer, exposedTool] = EXPOSED.exec(line) ?? []
        if (exposedServer !== undefined && exposedTool !== undefined)
          note(keyOf(exposedServer, exposedTool), `${exposedServer}__${exposedTool}`, line)
      }
    },
    learn: (tool, text) => note(keyOfTool(tool), shown.get(keyOfTool(tool))?.name ?? tool, text),
    knows: (tool) => shown.has(keyOfTool(tool)),
    knowsAll({ tool, words }) {
      const text = shown.get(keyOfTool(tool))?.text ?? ''
      return words.every((word) => hasWord(text, word))
    },
    isUnknown: (tool) => shown.get(keyOfTool(tool))?.text.includes(UNKNOWN) ?? true,
    nameOf: (tool) => shown.get(keyOfTool(tool))?.name,
  }
}

/** What the policy of a task needs to know of each tool. @param listed definitions as mode classic lists them */
export function needsOf(task: Task, listed: readonly JsonObject[], isScript: boolean): readonly Need[] {
  const script = task.scripts.map(({ code }) => code).join('\n')
  return task.tools.map(({ tool, lookups }) => {
    const calls = task.direct.flatMap(({ calls: each }) => each).filter((call) => call.tool === tool)
    const args = calls.flatMap(({ args: each }) => Object.keys(each))
    const exposed = tool.replace('.', '__')
    const output = listed.find(({ name }) => name === exposed)?.['outputSchema']
    const members = isScript ? propertyNames(output).filter((name) => hasWord(script, name)) : []
    return { tool, lookups, words: [...new Set([...args, ...members])] }
  })
}

function propertyNames(schema: Json | undefined): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(propertyNames)
  if (!isJsonObject(schema)) return []
  const { properties } = schema
  const own = isJsonObject(properties) ? Object.keys(properties) : []
  return [...own, ...Object.values(schema).flatMap(propertyNames)]
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isWordCharacter(text[at - 1]) && !isWordCharacter(text[at + word.length])) return true
  }
  return false
}

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && /[\w$]/.test(character)
}

function keyOfTool(tool: string): string {
  const dot = tool.indexOf('.')
  return keyOf(tool.slice(0, dot), tool.slice(dot + 1))
}

/** Names of servers and tools are spelled in several ways; letters and digits are the same in all of them. */
function keyOf(server: string, tool: string): string {
  return `${server}.${tool}`.replaceAll(/[^\p{L}\p{N}.]/gu, '_').toLowerCase()
}
