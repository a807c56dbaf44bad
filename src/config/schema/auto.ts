import { z } from 'zod'

import { MODE } from './mode.ts'

/** The most clients that a configuration may name: each may be looked at when a list is asked for. */
const MAX_CLIENTS = 64

/** What decides, in mode `auto` and beside the configured mode, how tools are shown to a client. */
export const AUTO = z
  .strictObject({
    clientMayChoose: z
      .boolean()
      .default(true)
      .describe(
        'Whether a client may name a mode, in the address (`?mode=search`) or the header `isogate-mode`. Where not, what it names is ignored.',
      ),
    clients: z
      .record(z.string().min(1).max(256), MODE)
      .refine((clients) => Object.keys(clients).length <= MAX_CLIENTS, {
        message: `At most ${MAX_CLIENTS} clients can be named.`,
      })
      .default({})
      .describe(
        'Mode `auto` by the name that a client gives itself: a glob (`*`, `?`) over the name, and the mode. The first that matches decides, before what Isogate knows of clients; `auto` leaves it to the size.',
      ),
  })
  .prefault({})
  .describe('How `auto` and the wishes of clients decide on a mode.')
