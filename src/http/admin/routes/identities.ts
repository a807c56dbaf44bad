import { z } from 'zod'

import { IDENTITY_PATTERN, ORGANISATION, STORED_KEY, TEAM } from '../../../config/schema/identity.ts'
import type { IdentityDesk, Shelf } from '../../../core/identity-desk.ts'
import { route, type AdminRoute } from '../route.ts'

/** Who did it, in the audit. */
export const ADMINISTRATOR = 'admin'

const ID = z.string().regex(IDENTITY_PATTERN).describe('A name: lower-case letters, digits, `-`, `_`.')
const MAX_OVERLAP_SECONDS = 90 * 86_400

function viewOf(settings: z.ZodType) {
  return z.object({
    id: ID,
    isDeclared: z.boolean().describe('True: it stands in the configuration and can be changed only there.'),
    settings,
  })
}

const SECRET = z.object({
  hint: z.string().describe('The first characters.'),
  until: z.iso.datetime().optional().describe('Refused from then on.'),
})
const KEY_VIEW = viewOf(STORED_KEY).extend({
  state: z.enum(['active', 'expired', 'revoked', 'orphaned']).describe('Only an active key is let in.'),
  secrets: z.array(SECRET),
  createdAt: z.iso.datetime().optional(),
  revokedAt: z.iso.datetime().optional(),
})
const FRESH_KEY = z.object({
  key: KEY_VIEW,
  secret: z.string().describe('The key itself. It is shown only in this answer.'),
})

/** The routes of organisations, teams and virtual keys. */
export function identityRoutes({ organisations, teams, keys }: IdentityDesk): readonly AdminRoute[] {
  return [
    ...shelfRoutes('organisations', 'Organisation', organisations, ORGANISATION, viewOf(ORGANISATION)),
    ...shelfRoutes('teams', 'Team', teams, TEAM, viewOf(TEAM)),
    ...shelfRoutes('keys', 'Key', keys, STORED_KEY, KEY_VIEW, FRESH_KEY),
    route({
      method: 'POST',
      path: '/keys/:id/rotate',
      name: 'rotateKey',
      summary: 'Gives a key another secret; the old ones are accepted for a while.',
      body: z.strictObject({
        overlapSeconds: z
          .int()
          .min(0)
          .max(MAX_OVERLAP_SECONDS)
          .default(0)
          .describe('How long the old secrets are still accepted. 0: not at all.'),
      }),
      answer: FRESH_KEY,
      handle: ({ id, body }) => keys.rotate(id, body.overlapSeconds * 1_000, ADMINISTRATOR),
    }),
    route({
      method: 'POST',
      path: '/keys/:id/revoke',
      name: 'revokeKey',
      summary: 'Refuses a key from now on, for ever.',
      answer: KEY_VIEW,
      handle: ({ id }) => keys.revoke(id, ADMINISTRATOR),
    }),
  ]
}

function shelfRoutes<View, Created>(
  path: string,
  word: string,
  shelf: Shelf<View, Created>,
  settings: z.ZodType,
  view: z.ZodType,
  created: z.ZodType = view,
): readonly AdminRoute[] {
  const thing = word.toLowerCase()
  const one = `/${path}/:id`
  return [
    route({
      method: 'GET',
      path: `/${path}`,
      name: `list${word}s`,
      summary: `Lists all ${path}.`,
      answer: z.object({ [path]: z.array(view) }),
      handle: async () => ({ [path]: await shelf.list() }),
    }),
    route({
      method: 'POST',
      path: `/${path}`,
      name: `create${word}`,
      summary: `Creates ${thing === 'organisation' ? 'an' : 'a'} ${thing}.`,
      body: z.strictObject({ id: ID, settings: settings.prefault({}) }),
      answer: created,
      status: 201,
      handle: ({ body }) => shelf.create(body.id, body.settings, ADMINISTRATOR),
    }),
    route({
      method: 'GET',
      path: one,
      name: `get${word}`,
      summary: `Shows one ${thing}.`,
      answer: view,
      handle: ({ id }) => shelf.get(id),
    }),
    route({
      method: 'PUT',
      path: one,
      name: `change${word}`,
      summary: `Puts other settings in the place of those of one ${thing}.`,
      body: settings,
      answer: view,
      handle: ({ id, body }) => shelf.change(id, body, ADMINISTRATOR),
    }),
    route({
      method: 'DELETE',
      path: one,
      name: `remove${word}`,
      summary: `Removes one ${thing}.`,
      handle: ({ id }) => shelf.remove(id, ADMINISTRATOR),
    }),
  ]
}
