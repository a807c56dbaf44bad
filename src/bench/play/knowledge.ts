import type { Task } from '../../config/tasks/schema.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { Spellings } from '../stage.ts'

/** What a model must have read of a tool before it can use it. */
export interface Need {
  /** `server.tool` */
  readonly tool: string
  readonly lookups: readonly string[]
  /** Names of arguments, for a script also of members of results, that the policy uses, and what the task says besides. */
  readonly words: readonly string[]
}

/** What a model was shown of tools: by tool, all lines about it. */
export interface Knowledge {
  readonly read: (text: string) => void
  /** Everything that was told of one tool. */
  readonly learn: (tool: string, text: string) => void
  readonly knows: (tool: string) => boolean
  /** The words that the policy uses and that were left out of what was shown. */
  readonly missingOf: (need: Need) => readonly string[]
  /** True where a type of a result was shown as unknown. */
  readonly isUnknown: (tool: string) => boolean
  /** The name under which the tool was shown. */
  readonly nameOf: (tool: string) => string | undefined
}

/** A server's or a tool's name as a script spells it: letters of any script. */
const WORD = String.raw`[$_\p{ID_Continue}]+`
const HEADING = new RegExp(String.raw`^tools\.(${WORD})\.$`, 'u')
const INDENTED = new RegExp(String.raw`^ {2}(${WORD})\(`, 'u')
const PATH = new RegExp(String.raw`^(tools\.${WORD}\.${WORD})\(`, 'u')
const EXPOSED = /^([A-Za-z0-9_-]+)\(/
const UNKNOWN = 'Promise<unknown>'

/** Reads what endpoints show: the index in the instructions, matches of a search, declarations, definitions. */
export function createKnowledge({ exposedName, scriptPath }: Spellings): Knowledge {
  /** By the whole name. What was shown last is at the end. */
  const shown = new Map<string, { readonly name: string; readonly text: string }>()
  const note = (whole: string, name: string, line: string): void => {
    const text = `${shown.get(whole)?.text ?? ''}\n${line}`
    shown.delete(whole)
    shown.set(whole, { name, text })
  }
  const wholeNameOf = (tool: string): string | undefined => {
    const spelled = [scriptPath(tool), exposedName(tool)]
    return [...shown.keys()].findLast((name) => spelled.includes(name))
  }
  const textOf = (tool: string): string =>
    [scriptPath(tool), exposedName(tool)].map((name) => shown.get(name ?? '')?.text ?? '').join('\n')
  return {
    read(text) {
      let server: string | undefined
      for (const line of text.split('\n')) {
        server = HEADING.exec(line)?.[1] ?? (line.startsWith('  ') ? server : undefined)
        const indented = server === undefined ? undefined : INDENTED.exec(line)?.[1]
        if (indented !== undefined) note(`tools.${server}.${indented}`, `${server}.${indented}`, line)
        const named = PATH.exec(line)?.[1] ?? EXPOSED.exec(line)?.[1]
        if (named !== undefined) note(named, named, line)
      }
    },
    learn(tool, text) {
      const whole = wholeNameOf(tool) ?? tool
      note(whole, shown.get(whole)?.name ?? tool, text)
    },
    knows: (tool) => wholeNameOf(tool) !== undefined,
    missingOf({ tool, words }) {
      const text = textOf(tool)
      return words.filter((word) => !hasWord(text, word))
    },
    isUnknown: (tool) => wholeNameOf(tool) === undefined || textOf(tool).includes(UNKNOWN),
    nameOf: (tool) => shown.get(wholeNameOf(tool) ?? '')?.name,
  }
}

/** What the policy of a task needs to know of each tool. @param listed definitions as mode classic lists them */
export function needsOf(
  task: Task,
  listed: readonly JsonObject[],
  { exposedName }: Spellings,
  isScript: boolean,
): readonly Need[] {
  const script = task.scripts.map(({ code }) => code).join('\n')
  return task.tools.map(({ tool, lookups, words }) => {
    const calls = task.direct.flatMap(({ calls: each }) => each).filter((call) => call.tool === tool)
    const args = calls.flatMap(({ args: each }) => Object.keys(each))
    const exposed = exposedName(tool)
    const output = listed.find(({ name }) => exposed !== undefined && name === exposed)?.['outputSchema']
    const members = isScript ? propertyNames(output).filter((name) => hasWord(script, name)) : []
    return { tool, lookups, words: [...new Set([...args, ...members, ...words])] }
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
