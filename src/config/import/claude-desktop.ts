import type { Candidate, ImportSource } from './source.ts'
import { parseJson } from '../document/json.ts'
import { joinOn, settingsFolder } from './source.ts'

/** The file of Claude Desktop. */
export function claudeDesktopFiles(source: ImportSource): readonly Candidate[] {
  const path = joinOn(source.platform, settingsFolder(source), 'Claude', 'claude_desktop_config.json')
  return [{ client: 'claude-desktop', path, parse: parseJson, sections: [['mcpServers']] }]
}
