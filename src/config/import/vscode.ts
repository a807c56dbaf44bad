import type { Candidate, ImportSource } from './source.ts'
import { parseJson } from '../document/json.ts'
import { joinOn, settingsFolder } from './source.ts'

/** The files of VS Code: that of the workspace, then that of the user. Servers stand under `servers` there. */
export function vscodeFiles(source: ImportSource): readonly Candidate[] {
  const { cwd, platform } = source
  const paths = [
    joinOn(platform, cwd, '.vscode', 'mcp.json'),
    joinOn(platform, settingsFolder(source), 'Code', 'User', 'mcp.json'),
  ]
  return paths.map((path) => ({ client: 'vscode', path, parse: parseJson, sections: [['servers']] }))
}
