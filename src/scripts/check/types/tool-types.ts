import { toolType } from '../../../catalog/stubs/tool-type.ts'
import type { SoftTypes } from '../../../catalog/stubs/soft-type.ts'
import { propertyKey } from '../../../catalog/stubs/text.ts'
import type { ToolSpec } from '../../../core/tool.ts'
import { printTypeText } from './type-text.ts'

/**
 * Which types the tools get: as declared, with learned results; as declared alone; or none at all, to tell what a
 * problem comes from.
 */
export type TypesUsed = 'soft' | 'declared' | 'none'

/** Prints the declarations of the tools that scripts name. */
export interface ToolTypes {
  readonly print: (request: ToolTypesRequest) => PrintedTypes
}

export interface PrintedTypes {
  readonly text: string
  /** The tool of a type's name, as it stands in a message. */
  readonly specOf: (typeName: string) => ToolSpec | undefined
}

export interface ToolTypesRequest {
  readonly servers: ReadonlyMap<string, ReadonlyMap<string, ToolSpec>>
  readonly used: TypesUsed
  readonly soft: SoftTypes | undefined
  readonly inputType: string
}

/** The declared types of a tool, printed once for all scripts. */
interface Printed {
  readonly id: number
  readonly text: string
  readonly isArgsOptional: boolean
  readonly hasResult: boolean
}

/** Beyond this the types of one script are not loaded. */
const MAX_CHARS = 400_000

/** Makes the printer. It remembers the text of a tool for as long as the catalog has the tool. */
export function createToolTypes(): ToolTypes {
  const printed = new WeakMap<ToolSpec, Printed>()
  let lastId = 0

  const printSpec = (spec: ToolSpec): Printed => {
    const known = printed.get(spec)
    if (known !== undefined) return known
    lastId += 1
    const { args, isArgsOptional, result } = toolType(spec)
    const texts = [
      args === undefined
        ? `type Args${lastId} = Record<string, ${saysNothing(spec) ? 'any' : 'never'}>`
        : printTypeText(`Args${lastId}`, args, 'args').text,
      ...(result === undefined ? [] : [printTypeText(`Result${lastId}`, result, 'result').text]),
    ]
    const made = { id: lastId, text: texts.join('\n'), isArgsOptional, hasResult: result !== undefined }
    printed.set(spec, made)
    return made
  }

  const print = ({ servers, used, soft, inputType }: ToolTypesRequest): PrintedTypes => {
    const types = new Map<number, string>()
    const specs = new Map<number, ToolSpec>()
    const members: string[] = []
    const bodies: string[] = []
    let chars = 0
    const printMember = (spelling: string, spec: ToolSpec): string => {
      const key = propertyKey(spelling)
      const own = used === 'none' || chars > MAX_CHARS ? undefined : printSpec(spec)
      if (own === undefined) return `${key}(...args: any[]): Promise<any>`
      const learned = used === 'soft' && !own.hasResult ? soft?.(spec.ref)?.type : undefined
      const softText =
        learned === undefined ? '' : `\n${printTypeText(`Result${own.id}`, learned, 'result').text}`
      if (!types.has(own.id)) {
        types.set(own.id, own.text + softText)
        specs.set(own.id, spec)
        chars += own.text.length + softText.length
      }
      const result = own.hasResult || learned !== undefined ? `Result${own.id}` : 'any'
      return `${key}(args${own.isArgsOptional ? '?' : ''}: Args${own.id}): Promise<${result}>`
    }
    for (const [index, [server, tools]] of [...servers].entries()) {
      members.push(`readonly ${propertyKey(server)}: Server${index}`)
      const lines = [...tools].map(([spelling, spec]) => printMember(spelling, spec))
      bodies.push(`interface Server${index} {\n${lines.join('\n')}\n}`)
    }
    const text = [
      `declare const input: ${inputType}`,
      `interface Tools {\n${members.join('\n')}\n}`,
      ...bodies,
      ...types.values(),
      '',
    ].join('\n')
    return {
      text,
      specOf: (typeName) => specs.get(Number(/^(?:Args|Result)(\d+)/.exec(typeName)?.[1])),
    }
  }

  return { print }
}

/** A schema that does not even have an empty list of properties has left them out: nothing can be wrong then. */
function saysNothing({ inputSchema }: ToolSpec): boolean {
  return inputSchema['properties'] === undefined && inputSchema['additionalProperties'] !== false
}
