import { z } from 'zod'

/** How a client is shown the tools. */
export const MODE = z.enum(['auto', 'code', 'classic', 'search'])
