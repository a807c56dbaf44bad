import { isJsonObject, type JsonObject } from '../../src/core/json.ts'

/** One kind of thing that a server lists. */
export type ListName = 'tools' | 'prompts' | 'resources' | 'resourceTemplates'

/** A list as it came over the wire, or why there is none: no such capability, or the code of the error. */
export type List = readonly JsonObject[] | 'not offered' | `refused: ${number}`

/** All that a server lists. */
export type Lists = Readonly<Record<ListName, List>>

/** Sends one request and resolves with its result; an answer that is an error rejects with an RpcError. */
export type Ask = (method: string, params?: JsonObject) => Promise<JsonObject>

/** How each list is asked for, and the capability that says that it is there. */
const WAYS: Readonly<Record<ListName, { readonly method: string; readonly capability: string }>> = {
  tools: { method: 'tools/list', capability: 'tools' },
  prompts: { method: 'prompts/list', capability: 'prompts' },
  resources: { method: 'resources/list', capability: 'resources' },
  resourceTemplates: { method: 'resources/templates/list', capability: 'resources' },
}

export const LIST_NAMES = Object.keys(WAYS) as readonly ListName[]

/** An error that was the answer to a request. */
export class RpcError extends Error {
  readonly code: number

  constructor(method: string, { code, message }: { code: number; message: string }) {
    super(`${method}: ${code} ${message}`)
    this.code = code
  }
}

const MAX_PAGES = 100

/** Asks for every list that the capabilities name, all pages of it. */
export async function readLists(capabilities: JsonObject, ask: Ask): Promise<Lists> {
  const read = async (name: ListName): Promise<List> => {
    const { method, capability } = WAYS[name]
    if (capabilities[capability] === undefined) return 'not offered'
    return readPages(name, (page) => ask(method, page))
  }
  return {
    tools: await read('tools'),
    prompts: await read('prompts'),
    resources: await read('resources'),
    resourceTemplates: await read('resourceTemplates'),
  }
}

async function readPages(name: ListName, askPage: (page: JsonObject) => Promise<JsonObject>): Promise<List> {
  const all: JsonObject[] = []
  let page: JsonObject = {}
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    let result: JsonObject
    try {
      result = await askPage(page)
    } catch (error) {
      if (error instanceof RpcError) return `refused: ${error.code}`
      throw error
    }
    const { [name]: items, nextCursor } = result
    if (!Array.isArray(items) || !items.every(isJsonObject)) throw new Error(`no list of ${name}`)
    all.push(...items)
    if (nextCursor === undefined) return all
    page = { cursor: nextCursor }
  }
  throw new Error(`the list of ${name} has more than ${MAX_PAGES} pages`)
}
