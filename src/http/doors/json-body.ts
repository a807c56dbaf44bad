import type { FastifyInstance } from 'fastify'

import { GatewayError } from '../../core/errors.ts'
import { isDeeperThan, type Json } from '../../core/json.ts'

/** Deeper than any real request, and shallow enough for everything that walks through it by recursion. */
const MAX_LEVELS = 256

/** Takes bodies of JSON and no others, not nested too deeply; an empty one is no body. */
export function takeJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    if (text === '') return done(null, undefined)
    let value: Json
    try {
      value = JSON.parse(text as string) as Json
    } catch {
      return done(new GatewayError('bad_request', 'The body is not JSON.'))
    }
    if (isDeeperThan(value, MAX_LEVELS))
      return done(new GatewayError('bad_request', `The body is nested more than ${MAX_LEVELS} levels deep.`))
    done(null, value)
  })
}
