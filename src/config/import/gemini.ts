import type { Candidate, ImportSource } from './source.ts'
import { parseJson } from '../document/json.ts'
import { joinOn } from './source.ts'

/** The files of Gemini CLI: that of the project, then that of the user. */
export function geminiFiles({ home, cwd, platform }: ImportSource): readonly Candidate[] {
  return [cwd, home].map((folder) => ({
    client: 'gemini',
    path: joinOn(platform, folder, '.gemini', 'settings.json'),
    parse: parseJson,
    sections: [['mcpServers']],
  }))
}
