import type { Candidate, ImportSource } from './source.ts'
import { parseJson } from '../document/json.ts'
import { joinOn } from './source.ts'

/** The files of Cursor: that of the project, then that of the user. */
export function cursorFiles({ home, cwd, platform }: ImportSource): readonly Candidate[] {
  return [cwd, home].map((folder) => ({
    client: 'cursor',
    path: joinOn(platform, folder, '.cursor', 'mcp.json'),
    parse: parseJson,
    sections: [['mcpServers']],
  }))
}
