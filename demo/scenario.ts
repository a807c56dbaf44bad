import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import type { ClassicCall } from './classic.ts'

/** A folder with incident reports and a knowledge graph, and the configuration of three real MCP servers on it. */
export interface Scenario {
  readonly question: string
  /** A plain client configuration, as people have it. */
  readonly config: { readonly mcpServers: Record<string, object> }
  /** The script that a model would write for the question. */
  readonly script: string
  /** The tools whose stubs a model would read for it. */
  readonly needed: readonly string[]
  /** The same calls without Code Mode: one round for each turn of a model. */
  readonly classicRounds: readonly (readonly ClassicCall[])[]
  readonly remove: () => Promise<void>
}

const SERVICES = { checkout: 'ana', search: 'ben', mail: 'chloe', billing: 'ana', login: 'ben' }

const REPORTS = 12

/** Writes the files of the scenario into a new temporary folder. */
export async function createScenario(): Promise<Scenario> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'isogate-demo-')))
  const folder = join(root, 'incidents')
  await mkdir(folder)
  const services = Object.keys(SERVICES)
  const files = Array.from({ length: REPORTS }, (_, index) =>
    join(folder, `2026-${String(index + 1).padStart(2, '0')}.md`),
  )
  for (const [index, file] of files.entries()) {
    await writeFile(file, report(index, services[index % services.length] ?? 'checkout'))
  }
  const graphFile = join(root, 'graph.jsonl')
  await writeFile(graphFile, graph())
  const script = await readFile(new URL('scripts/incident-minutes.ts', import.meta.url), 'utf8')
  return {
    question: 'How many minutes of incidents does each owner have? Note it in the knowledge graph.',
    needed: [
      'filesystem.list_directory',
      'filesystem.read_text_file',
      'memory.read_graph',
      'memory.add_observations',
      'everything.get-sum',
    ],
    classicRounds: [
      [
        { name: 'filesystem__list_directory', args: { path: folder } },
        { name: 'memory__read_graph', args: {} },
      ],
      files.map((path) => ({ name: 'filesystem__read_text_file', args: { path } })),
      [
        { name: 'everything__get-sum', args: { a: 180, b: 160 } },
        {
          name: 'memory__add_observations',
          args: {
            observations: ['ana', 'ben', 'chloe'].map((entityName) => ({
              entityName,
              contents: ['180 minutes of incidents'],
            })),
          },
        },
      ],
    ],
    script: script.replace('{{folder}}', folder),
    config: {
      mcpServers: {
        everything: server('server-everything', ['stdio']),
        filesystem: server('server-filesystem', [folder]),
        memory: { ...server('server-memory', []), env: { MEMORY_FILE_PATH: graphFile } },
      },
    },
    remove: () => rm(root, { recursive: true, force: true }),
  }
}

/** A server of the official collection, from node_modules: nothing is downloaded. */
function server(name: string, args: readonly string[]): { command: string; args: string[] } {
  const manifest = createRequire(import.meta.url).resolve(`@modelcontextprotocol/${name}/package.json`)
  return { command: process.execPath, args: [join(dirname(manifest), 'dist', 'index.js'), ...args] }
}

function report(index: number, service: string): string {
  const minutes = 10 + ((index * 17) % 60)
  return [
    `# Incident ${index + 1}`,
    `Service: ${service}`,
    `Minutes: ${minutes}`,
    '',
    `At ${8 + index}:05 the error rate of ${service} rose above two per cent, and the alarm went off a minute later.`,
    'The engineer on call saw slow answers of the database and turned to the latest deployment.',
    'Rolling it back helped at once; the queue took another while to drain, which the dashboards showed late.',
    'No data was lost. Three customers wrote in; all of them were answered on the same day.',
    'What we change: the deployment waits for the query plan check, and the dashboard shows the age of the oldest job.',
    '',
  ].join('\n')
}

function graph(): string {
  const owners = [...new Set(Object.values(SERVICES))]
  const lines = [
    ...owners.map((name) => ({ type: 'entity', name, entityType: 'person', observations: [] })),
    ...Object.keys(SERVICES).map((name) => ({
      type: 'entity',
      name,
      entityType: 'service',
      observations: [],
    })),
    ...Object.entries(SERVICES).map(([from, to]) => ({
      type: 'relation',
      from,
      to,
      relationType: 'owned by',
    })),
  ]
  return lines.map((line) => JSON.stringify(line)).join('\n')
}
