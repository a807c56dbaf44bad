import { isTaskMethod } from '../../core/call.ts'
import { GatewayError } from '../../core/errors.ts'
import { isJsonObject, type JsonObject } from '../../core/json.ts'
import { replyOf, type Result } from '../../core/result.ts'
import type { ToolRef } from '../../core/tool.ts'
import { answerCall, callOf, type AnswerParts, type RequestContext } from './answer.ts'
import { withoutLookalikes } from './lookalikes.ts'
import { pageOf } from './page.ts'
import { protocolError } from './protocol-error.ts'

type Answer = (
  parts: AnswerParts,
  context: RequestContext,
  params: JsonObject,
) => Promise<Result | JsonObject> | JsonObject

/** What both eras have. What belongs to one of them is answered where that era is. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  'tools/list': ({ listing }, { principal, view }, { cursor }) =>
    pageOf(listing.tools(principal, view), 'tools', 'name', cursor),
  'tools/call': answerCall,
  'prompts/list': ({ listing }, { principal, view }, { cursor }) =>
    pageOf(listing.prompts(principal, view), 'prompts', 'name', cursor),
  'prompts/get': (parts, context, params) => {
    const name = textOf(params, 'name', 'prompts/get')
    const prompt = parts.listing.resolvePrompt(context.principal, name)
    return ask(parts, context, 'prompts/get', prompt ?? { server: '', name, kind: 'prompt' }, {
      ...params,
      name: prompt?.name ?? name,
    })
  },
  'resources/list': ({ listing }, { principal, view }, { cursor }) =>
    pageOf(listing.resources(principal, view), 'resources', 'uri', cursor),
  'resources/templates/list': ({ listing }, { principal }, { cursor }) =>
    pageOf(listing.templates(principal), 'resourceTemplates', 'uriTemplate', cursor),
  'resources/read': (parts, context, params) => askResource(parts, context, 'resources/read', params),
  'completion/complete': (parts, context, params) => {
    const { ref } = params
    if (!isJsonObject(ref)) throw protocolError(-32602, 'completion/complete needs a `ref`.')
    const { principal } = context
    if (ref['type'] === 'ref/prompt') {
      const name = textOf(ref, 'name', 'a ref/prompt')
      const prompt = parts.listing.resolvePrompt(principal, name) ?? { server: '', name, kind: 'prompt' }
      return ask(parts, context, 'completion/complete', prompt, {
        ...params,
        ref: { ...ref, name: prompt.name },
      })
    }
    const uri = textOf(ref, 'uri', 'a ref/resource')
    const resource = parts.listing.resolveResource(principal, uri) ?? {
      server: '',
      name: uri,
      kind: 'resource',
    }
    return ask(parts, context, 'completion/complete', resource, {
      ...params,
      ref: { ...ref, uri: resource.name },
    })
  },
}

/**
 * Answers a request of a client, but for what belongs to one era.
 *
 * @returns what stands in the `result` of the response
 * @throws a GatewayError, or an error with a JSON-RPC `code`
 */
export async function answerRequest(
  parts: AnswerParts,
  context: RequestContext,
  method: string,
  params: JsonObject,
): Promise<Result | JsonObject> {
  if (method.endsWith('/list')) await parts.listable?.()
  const answer = Object.hasOwn(ANSWERS, method) ? ANSWERS[method] : undefined
  if (answer !== undefined) return answer(parts, context, withoutLookalikes(params))
  const { principal } = context
  if (isTaskMethod(method)) {
    const taskId = textOf(params, 'taskId', method)
    const tool = parts.tasks.toolOf(taskId, principal)
    if (tool === undefined) throw new GatewayError('unknown_task', 'There is no such task.')
    return ask(parts, context, method, tool, withoutLookalikes(params))
  }
  // What Isogate does not know goes through, where it is clear whom it is for.
  const target = parts.listing.resolveMethod(principal, method)
  if (target === undefined) throw protocolError(-32601, `Method not found: ${method}`)
  return ask(parts, context, method, target, params)
}

/** Puts a request about a resource to its server. */
export function askResource(
  parts: AnswerParts,
  context: RequestContext,
  method: string,
  params: JsonObject,
): Promise<JsonObject> {
  const uri = textOf(params, 'uri', method)
  const resource = parts.listing.resolveResource(context.principal, uri)
  return ask(parts, context, method, resource ?? { server: '', name: uri, kind: 'resource' }, {
    ...withoutLookalikes(params),
    uri: resource?.name ?? uri,
  })
}

async function ask(
  parts: AnswerParts,
  context: RequestContext,
  method: string,
  tool: ToolRef,
  { _meta: meta, ...args }: JsonObject,
): Promise<JsonObject> {
  const call = callOf(parts, context, tool, args, meta)
  call.method = method
  return replyOf(await parts.handler(Object.freeze(call))) ?? {}
}

function textOf(params: JsonObject, member: string, what: string): string {
  const text = params[member]
  if (typeof text !== 'string') throw protocolError(-32602, `${what} needs a \`${member}\`.`)
  return text
}
