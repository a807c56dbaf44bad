import type { FastifyInstance } from 'fastify'

import type { Json } from '../../core/json.ts'
import { sendError, type OnError } from '../faults.ts'

/** Takes the answer of a webhook to an approval. The signature is over the body as it came, and says who answers. */
export type AnswerApproval = (
  id: string,
  body: string,
  signature: string | undefined,
) => Promise<Json | undefined>

export const APPROVAL_ANSWER_PATH = '/approvals/:id'

const SIGNATURE_HEADER = 'isogate-signature'
const MAX_BODY_BYTES = 64 * 1_024

/** Adds the place where signed answers to approvals come in. */
export function addApprovalAnswers(root: FastifyInstance, answer: AnswerApproval, onError: OnError): void {
  root.register(async (app) => {
    app.removeAllContentTypeParsers()
    // As text: what is signed are these bytes, and not what they mean.
    app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) =>
      done(null, text),
    )
    app.setErrorHandler((thrown, _request, reply) => sendError(reply, thrown, onError, 'plain'))
    app.post<{ Params: { readonly id: string }; Body: string | undefined }>(
      APPROVAL_ANSWER_PATH,
      { bodyLimit: MAX_BODY_BYTES },
      async ({ params, body = '', headers }, reply) => {
        const signature = headers[SIGNATURE_HEADER]
        const said = await answer(params.id, body, typeof signature === 'string' ? signature : undefined)
        return reply.send(said ?? { ok: true })
      },
    )
  })
}
