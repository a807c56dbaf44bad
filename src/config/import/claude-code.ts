import type { Candidate, ImportSource } from './source.ts'
import { parseJson } from '../document/json.ts'
import { joinOn } from './source.ts'

/** The files of Claude Code: that of the project, then that of the user with its part for this project. */
export function claudeCodeFiles({ home, cwd, platform }: ImportSource): readonly Candidate[] {
  // On Windows the file names projects with forward slashes as well.
  const projects = [...new Set([cwd, cwd.replaceAll('\\', '/')])]
  const forProject = projects.map((project) => ['projects', project, 'mcpServers'])
  return [
    {
      client: 'claude-code',
      path: joinOn(platform, cwd, '.mcp.json'),
      parse: parseJson,
      sections: [['mcpServers']],
    },
    {
      client: 'claude-code',
      path: joinOn(platform, home, '.claude.json'),
      parse: parseJson,
      sections: [...forProject, ['mcpServers']],
    },
  ]
}
