import { canBeAsked } from '../../../core/client.ts'
import type { CallClient, ClientRequest } from '../../../core/client.ts'
import { GatewayError } from '../../../core/errors.ts'
import { isJsonObject } from '../../../core/json.ts'
import type { JsonObject } from '../../../core/json.ts'

/** What a server may ask a client for, by the capability that the client must have declared. */
const QUESTIONS: Readonly<Record<string, string>> = {
  'elicitation/create': 'elicitation',
  'sampling/createMessage': 'sampling',
  'roots/list': 'roots',
}

/** How often a server may ask during one call: it could ask without end. */
const MAX_ROUNDS = 32

/** How often a client is asked during one call, in whichever way. */
const MAX_QUESTIONS = 128

/** Under which key the one question of an older server is put to the client. */
const ONLY = 'request'

/** The client of one call, who is asked only so often: a server could have a person answer without end. */
export function withBound(server: string, client: CallClient): CallClient {
  let asked = 0
  return {
    ...client,
    ask(requests) {
      asked += 1
      if (asked <= MAX_QUESTIONS) return client.ask(requests)
      const message = `"${server}" has asked ${MAX_QUESTIONS} times in one call.`
      return Promise.reject(new GatewayError('client_cannot', message))
    },
  }
}

/** Answers a request that an older server sends in the middle of a call. Undefined where it is no question to a client. */
export function answerQuestion(
  server: string,
  client: CallClient | undefined,
  method: string,
  params: JsonObject,
): Promise<JsonObject> | undefined {
  if (!Object.hasOwn(QUESTIONS, method)) return undefined
  return askClient(server, client, { [ONLY]: { method, params } }).then(
    (answers) => answers[ONLY] ?? {},
    (error: unknown) => {
      throw toRpc(error)
    },
  )
}

/**
 * Answers `input_required` results for as long as the server gives them: asks the client, and makes the request again with its
 * answers. Source: MCP 2026-07-28, "Multi Round-Trip Requests".
 *
 * @param again Sends the request once more with further parameters.
 */
export async function withInput(
  server: string,
  client: CallClient | undefined,
  first: JsonObject,
  again: (more: JsonObject) => Promise<JsonObject>,
): Promise<JsonObject> {
  let result = first
  for (let round = 0; result['resultType'] === 'input_required'; round++) {
    if (round >= MAX_ROUNDS) {
      throw new GatewayError('upstream_failed', `"${server}" asked for input ${MAX_ROUNDS} times.`)
    }
    const { inputRequests = {}, requestState } = result
    const questions = readQuestions(server, inputRequests)
    const inputResponses =
      Object.keys(questions).length === 0
        ? undefined
        : { ...(await askClient(server, client, questions).catch(withoutRpc)) }
    result = await again({
      ...(inputResponses === undefined ? {} : { inputResponses }),
      ...(requestState === undefined ? {} : { requestState }),
    })
  }
  return result
}

function readQuestions(server: string, inputRequests: unknown): Readonly<Record<string, ClientRequest>> {
  const invalid = new GatewayError(
    'upstream_invalid',
    `"${server}" asks for input in a form that is not MCP.`,
    {
      detail: { server },
    },
  )
  if (!isJsonObject(inputRequests)) throw invalid
  return Object.fromEntries(
    Object.entries(inputRequests).map(([key, request]) => {
      if (!isJsonObject(request) || typeof request['method'] !== 'string') throw invalid
      const { method, params } = request
      return [key, { method, params: isJsonObject(params) ? params : {} }]
    }),
  )
}

/** @throws GatewayError `client_cannot`, and what asking rejects with */
async function askClient(
  server: string,
  client: CallClient | undefined,
  questions: Readonly<Record<string, ClientRequest>>,
): Promise<Readonly<Record<string, JsonObject>>> {
  for (const { method } of Object.values(questions)) {
    const capability = QUESTIONS[method]
    if (capability === undefined || !canBeAsked(client) || client.capabilities[capability] === undefined) {
      throw new GatewayError('client_cannot', `"${server}" wants ${method} of the client.`, {
        detail: { server, method },
      })
    }
  }
  if (client === undefined) return {}
  return client.ask(questions)
}

/** The client's own error must not come back to it as one that the server gave. */
function withoutRpc(error: unknown): never {
  if (!(error instanceof GatewayError) || error.rpc === undefined) throw error
  throw new GatewayError(error.code, error.message, { detail: error.detail })
}

/** What an older server is told where its question was not answered. */
function toRpc(error: unknown): unknown {
  if (!(error instanceof GatewayError)) return error
  return error.rpc ?? { code: error.entry.jsonRpc, message: error.message }
}
