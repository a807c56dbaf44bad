/** A server from npm, with the versions and lists that it is known by. */
export interface RealServer {
  readonly name: string
  /** `name@version`, exact. */
  readonly pack: string
  /** Arguments; `<folder>` stands for an empty folder of its own. */
  readonly args?: readonly string[]
  /** Made-up credentials and switches, enough for its lists without a network; `<folder>` as above. */
  readonly env?: Readonly<Record<string, string>>
  /** What it answers to `initialize` with 2025-11-25. */
  readonly protocol: string
  /** True where it answers `server/discover`, so that 2026-07-28 can be spoken with it. */
  readonly modern?: true
  /** True where its definitions hold the time of its start: then any time is as good as any other. */
  readonly clock?: true
  /** The tools that it lists to a client without capabilities: says that a list is the list, and not an empty one. */
  readonly tools: number
}

/** The servers whose lists must come through unchanged: three revisions of the protocol, and six generations of SDKs. */
export const REAL_SERVERS: readonly RealServer[] = [
  {
    name: 'everything',
    pack: '@modelcontextprotocol/server-everything@2026.8.31',
    args: ['stdio'],
    protocol: '2025-11-25',
    // Four more for a client that can be asked back.
    tools: 13,
  },
  {
    name: 'filesystem',
    pack: '@modelcontextprotocol/server-filesystem@2026.8.31',
    args: ['<folder>'],
    protocol: '2025-11-25',
    tools: 14,
  },
  {
    name: 'memory',
    pack: '@modelcontextprotocol/server-memory@2026.8.31',
    env: { MEMORY_FILE_PATH: '<folder>/memory.jsonl' },
    protocol: '2025-11-25',
    tools: 9,
  },
  {
    name: 'sequential-thinking',
    pack: '@modelcontextprotocol/server-sequential-thinking@2026.8.31',
    protocol: '2025-11-25',
    tools: 1,
  },
  { name: 'calc', pack: '@coo-quack/calc-mcp@2.1.1', protocol: '2025-11-25', tools: 21 },
  {
    name: 'figma',
    pack: 'figma-developer-mcp@0.13.2',
    args: ['--stdio', '--figma-api-key=x'],
    protocol: '2025-11-25',
    tools: 2,
  },
  {
    name: 'context7',
    pack: '@upstash/context7-mcp@4.1.1',
    protocol: '2025-11-25',
    modern: true,
    tools: 2,
  },
  {
    name: 'mongodb',
    pack: 'mongodb-mcp-server@3.0.4',
    env: {
      MDB_MCP_CONNECTION_STRING: 'mongodb://127.0.0.1:9/x',
      MDB_MCP_TELEMETRY: 'disabled',
      MDB_MCP_API_CLIENT_ID: 'x',
      MDB_MCP_API_CLIENT_SECRET: 'x',
    },
    protocol: '2025-11-25',
    modern: true,
    tools: 49,
  },
  {
    name: 'notion',
    pack: '@notionhq/notion-mcp-server@2.5.2',
    env: { NOTION_TOKEN: 'ntn_x' },
    protocol: '2025-11-25',
    tools: 24,
  },
  {
    name: 'tavily',
    pack: 'tavily-mcp@0.2.22',
    env: { TAVILY_API_KEY: 'tvly-x' },
    protocol: '2025-11-25',
    tools: 5,
  },
  { name: 'eslint', pack: '@eslint/mcp@0.3.13', protocol: '2025-11-25', tools: 1 },
  {
    name: 'github-legacy',
    pack: '@modelcontextprotocol/server-github@2025.4.8',
    env: { GITHUB_PERSONAL_ACCESS_TOKEN: 'x' },
    protocol: '2024-11-05',
    tools: 26,
  },
  {
    name: 'slack-legacy',
    pack: '@modelcontextprotocol/server-slack@2025.4.25',
    env: { SLACK_BOT_TOKEN: 'xoxb-x', SLACK_TEAM_ID: 'T0' },
    protocol: '2024-11-05',
    tools: 8,
  },
  {
    name: 'postgres-legacy',
    pack: '@modelcontextprotocol/server-postgres@0.6.2',
    args: ['postgresql://127.0.0.1:9/x'],
    protocol: '2024-11-05',
    tools: 1,
  },
  {
    name: 'puppeteer-legacy',
    pack: '@modelcontextprotocol/server-puppeteer@2025.5.12',
    protocol: '2024-11-05',
    tools: 7,
  },
  {
    name: 'elasticsearch',
    pack: '@elastic/mcp-server-elasticsearch@0.3.1',
    env: { ES_URL: 'http://127.0.0.1:9', ES_API_KEY: 'x' },
    protocol: '2025-06-18',
    tools: 4,
  },
  {
    name: 'jira-aashari',
    pack: '@aashari/mcp-server-atlassian-jira@3.3.0',
    env: { ATLASSIAN_SITE_NAME: 'x', ATLASSIAN_USER_EMAIL: 'x@example.com', ATLASSIAN_API_TOKEN: 'x' },
    protocol: '2025-11-25',
    tools: 5,
  },
  {
    name: 'launchdarkly',
    pack: '@launchdarkly/mcp-server@0.6.2',
    args: ['start', '--api-key', 'api-x'],
    protocol: '2025-11-25',
    tools: 20,
  },
  {
    name: 'currents',
    pack: '@currents/mcp@2.1.1',
    env: { CURRENTS_API_KEY: 'x' },
    protocol: '2025-11-25',
    clock: true,
    tools: 8,
  },
  {
    name: 'exa',
    pack: 'exa-mcp-server@3.4.1',
    env: { EXA_API_KEY: 'x' },
    protocol: '2025-11-25',
    tools: 2,
  },
  {
    name: 'todoist',
    pack: '@doist/todoist-mcp@11.0.0',
    env: { TODOIST_API_KEY: 'x' },
    protocol: '2025-11-25',
    tools: 45,
  },
  {
    name: 'firecrawl',
    pack: 'firecrawl-mcp@3.26.0',
    env: { FIRECRAWL_API_KEY: 'fc-x' },
    protocol: '2025-11-25',
    tools: 29,
  },
  {
    name: 'git-cyanheads',
    pack: '@cyanheads/git-mcp-server@2.15.3',
    env: { MCP_TRANSPORT_TYPE: 'stdio', MCP_LOG_LEVEL: 'error', LOGS_DIR: '<folder>/logs' },
    protocol: '2025-11-25',
    tools: 28,
  },
  {
    name: 'linear',
    pack: '@tacticlaunch/mcp-linear@1.4.3',
    env: { LINEAR_API_TOKEN: 'lin_api_x' },
    protocol: '2025-11-25',
    tools: 198,
  },
]
