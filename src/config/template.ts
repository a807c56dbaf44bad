import { SCHEMA_URL } from './json-schema.ts'

/** The text of the `isogate.yaml` that `isogate init` writes. It works as it is. */
export function renderTemplate(schemaUrl: string = SCHEMA_URL): string {
  return `# yaml-language-server: $schema=${schemaUrl}
# Configuration of Isogate. What is left out has its default. Check it with \`isogate validate\`.

servers:
  # A server that is a program. This one shows what MCP can do; replace it by your own.
  everything:
    command: npx
    args: ["-y", "@modelcontextprotocol/server-everything"]

  # A program with a secret. \`\${env:NAME}\` is read from the environment, \`\${file:path}\` from a file.
  # github:
  #   command: npx
  #   args: ["-y", "@modelcontextprotocol/server-github"]
  #   env: { GITHUB_PERSONAL_ACCESS_TOKEN: "\${env:GITHUB_TOKEN}" }
  #   tools: { allow: ["list_*", "get_*", "search_*"] }

  # A server that is reached over HTTP (Streamable HTTP).
  # remote:
  #   url: https://example.com/mcp
  #   headers: { Authorization: "Bearer \${env:REMOTE_TOKEN}" }

# Over all servers, as globs of \`server.tool\`. What is denied is also invisible.
policy:
  # What scripts may call by themselves, because it is trusted and of low risk. Their other calls wait for an approval.
  auto: ["everything.*"]
  deny: []
  # deny: ["*.delete_*"]
  # ask: ["github.merge_*"]

# code: a compact index and scripts. search: the index and single calls. classic: the plain list of tools. auto: classic while
# the list is small, code above that.
mode: auto

# http:
#   port: 7333
#   token: "\${env:ISOGATE_TOKEN}"
`
}
