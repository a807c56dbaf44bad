import { z } from 'zod'

import { MODES } from '../../core/mode.ts'

/** How a client is shown the tools. */
export const MODE = z.enum(MODES)
