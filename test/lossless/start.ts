import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { installOnDemand } from '../on-demand.ts'
import { findProgram } from './installed-program.ts'
import type { RealServer } from './servers.ts'
import type { Start } from './stdio-conversation.ts'

/**
 * Installs a server where it is not there yet, and says how it is started: with a home and a working folder of its own
 * below `place`, so that two starts find the same, and nothing else of the machine.
 */
export async function prepareServer(server: RealServer, place: string): Promise<Start> {
  const folder = join(place, server.name)
  const [installed] = await Promise.all([installOnDemand([server.pack]), mkdir(folder, { recursive: true })])
  const fill = (text: string): string => text.replaceAll('<folder>', folder)
  const env = Object.entries(server.env ?? {}).map(([name, value]) => [name, fill(value)] as const)
  return {
    command: process.execPath,
    args: [await findProgram(installed, server.pack), ...(server.args ?? []).map(fill)],
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, DO_NOT_TRACK: '1', ...Object.fromEntries(env) },
    cwd: folder,
  }
}
