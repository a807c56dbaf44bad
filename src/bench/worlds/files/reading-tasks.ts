import type { TaskInput } from '../../../config/tasks/schema.ts'

/** Tasks that only look at files and notes. */
export const READING_TASKS: readonly TaskInput[] = [
  {
    name: 'files-log-length',
    kind: 'single',
    goal: 'How many lines does /srv/logs/gateway.log have?',
    tools: [
      {
        tool: 'files.get_file_info',
        lookups: ['file size and lines', 'facts about a file', 'file metadata'],
      },
    ],
    direct: [
      { as: 'info', calls: [{ tool: 'files.get_file_info', args: { path: '/srv/logs/gateway.log' } }] },
    ],
    scripts: [{ code: `return (await tools.files.get_file_info({ path: '/srv/logs/gateway.log' })).lines` }],
    answer: { direct: 'steps.info[0].lines', script: 'steps.script[0]' },
    say: '/srv/logs/gateway.log has 300 lines.',
    expected: 300,
  },
  {
    name: 'files-worker-lines',
    kind: 'fan-out',
    goal: 'How many lines do the logs of the worker in /srv/logs have altogether, and which one is the longest?',
    tools: [
      {
        tool: 'files.list_directory',
        lookups: ['list files in a folder', 'directory listing', 'folder contents'],
      },
      {
        tool: 'files.get_file_info',
        lookups: ['number of lines of a file', 'facts about a file', 'file metadata'],
      },
    ],
    direct: [
      {
        as: 'logs',
        calls: [{ tool: 'files.list_directory', args: { path: '/srv/logs', name_contains: 'worker' } }],
      },
      {
        as: 'infos',
        calls: [
          { tool: 'files.get_file_info', each: 'steps.logs[0].entries', args: { path: { $: 'item.path' } } },
        ],
      },
    ],
    scripts: [
      {
        code: `const { entries } = await tools.files.list_directory({ path: '/srv/logs', name_contains: 'worker' })
const infos = await Promise.all(entries.map((e) => tools.files.get_file_info({ path: e.path })))
const lines = infos.reduce((sum, f) => sum + f.lines, 0)
const longest = infos.reduce((a, b) => (b.lines > a.lines ? b : a)).path
return { lines, longest }`,
      },
    ],
    answer: {
      direct:
        "{'lines': sum(steps.infos.map(f, f.lines)), 'longest': steps.infos.filter(f, f.lines == highest(steps.infos.map(g, g.lines)))[0].path}",
      script: 'steps.script[0]',
    },
    say: 'The 18 logs of the worker have 717 lines altogether. The longest is /srv/logs/worker-2026-10-07.log.',
    expected: { lines: 717, longest: '/srv/logs/worker-2026-10-07.log' },
  },
  {
    name: 'files-dead-links',
    kind: 'join',
    goal: 'Some notes with the tag audit are about logs in /srv/logs that are not there any more. Which notes are that?',
    tools: [
      { tool: 'notes.list_notes', lookups: ['list notes by tag', 'notes of the team', 'find notes'] },
      {
        tool: 'files.list_directory',
        lookups: ['list files in a folder', 'directory listing', 'folder contents'],
      },
    ],
    direct: [
      {
        as: 'both',
        calls: [
          { tool: 'notes.list_notes', args: { tag: 'audit', limit: 100 } },
          { tool: 'files.list_directory', args: { path: '/srv/logs' } },
        ],
      },
    ],
    scripts: [
      {
        code: `const [{ notes }, { entries }] = await Promise.all([
  tools.notes.list_notes({ tag: 'audit', limit: 100 }),
  tools.files.list_directory({ path: '/srv/logs' }),
])
const paths = new Set(entries.map((e) => e.path))
return notes.filter((n) => n.links.some((link) => !paths.has(link))).map((n) => n.id)`,
      },
    ],
    answer: {
      direct:
        'steps.both[0].notes.filter(n, n.links.exists(l, !steps.both[1].entries.exists(e, e.path == l))).map(n, n.id)',
      script: 'steps.script[0]',
    },
    say: 'Five notes are about logs that are gone: N-311, N-335, N-383, N-391 and N-407.',
    expected: ['N-311', 'N-335', 'N-383', 'N-391', 'N-407'],
  },
  {
    name: 'files-slow-requests',
    kind: 'filter',
    goal: 'Which requests in /srv/logs/gateway.log took longer than six seconds? The ids are enough.',
    tools: [{ tool: 'files.read_file', lookups: ['read a file', 'text of a file', 'open log file'] }],
    direct: [{ as: 'log', calls: [{ tool: 'files.read_file', args: { path: '/srv/logs/gateway.log' } }] }],
    scripts: [
      {
        when: 'unknown',
        code: `return await tools.files.read_file({ path: '/srv/logs/gateway.log', head: 3 })`,
      },
      {
        code: `const text: string = await tools.files.read_file({ path: '/srv/logs/gateway.log' })
const requests = [...text.matchAll(/ (\\d+)ms id=(\\w+)/g)]
return requests.filter(([, ms]) => Number(ms) > 6000).map(([, , id]) => id)`,
      },
    ],
    answer: {
      direct:
        "steps.log[0].split('\\n').filter(line, double(line.split('ms id=')[0].split('B ')[1]) > 6000.0).map(line, line.split('ms id=')[1])",
      script: 'steps.script[size(steps.script) - 1]',
    },
    say: 'Seven requests took longer than six seconds: d6691a05, ea12aa7d, 7005f355, f2d694bd, 67552c1a, 3614bfd3 and 07431ace.',
    expected: ['d6691a05', 'ea12aa7d', '7005f355', 'f2d694bd', '67552c1a', '3614bfd3', '07431ace'],
  },
  {
    name: 'files-pinned-notes',
    kind: 'loop',
    goal: 'How many of all our notes are pinned, counted by author?',
    tools: [{ tool: 'notes.list_notes', lookups: ['list all notes', 'notes of the team', 'find notes'] }],
    direct: [
      { as: 'first', calls: [{ tool: 'notes.list_notes', args: { limit: 100 } }] },
      {
        as: 'more',
        calls: [
          {
            tool: 'notes.list_notes',
            args: {
              limit: 100,
              cursor: {
                $: 'has(steps.more) ? steps.more[size(steps.more) - 1].next_cursor : steps.first[0].next_cursor',
              },
            },
          },
        ],
        while: 'steps.more[size(steps.more) - 1].next_cursor != null',
      },
    ],
    scripts: [
      {
        code: `const byAuthor: Record<string, number> = {}
let cursor: string | null = null
do {
  const page = await tools.notes.list_notes({ limit: 100, ...(cursor ? { cursor } : {}) })
  for (const n of page.notes) if (n.pinned) byAuthor[n.author] = (byAuthor[n.author] ?? 0) + 1
  cursor = page.next_cursor
} while (cursor)
return byAuthor`,
      },
    ],
    answer: {
      direct:
        "['selma', 'ivo', 'rhea', 'tarek'].map(who, size(flatten((steps.first + steps.more).map(page, page.notes)).filter(n, n.pinned && n.author == who)))",
      script: "['selma', 'ivo', 'rhea', 'tarek'].map(who, steps.script[0][who])",
    },
    say: '23 notes are pinned. Most of them are by Selma (9), then come Tarek (8), Ivo and Rhea (3 each).',
    expected: [9, 3, 3, 8],
  },
  {
    name: 'files-legacy-host',
    kind: 'nothing',
    goal: 'Does any of our settings in /srv/config still mention the old host db-legacy.internal?',
    tools: [{ tool: 'files.search_files', lookups: ['search text in files', 'find in files', 'grep'] }],
    direct: [
      {
        as: 'found',
        calls: [{ tool: 'files.search_files', args: { path: '/srv/config', text: 'db-legacy.internal' } }],
      },
    ],
    scripts: [
      {
        code: `return (await tools.files.search_files({ path: '/srv/config', text: 'db-legacy.internal' })).matches`,
      },
    ],
    answer: { direct: 'size(steps.found[0].matches)', script: 'size(steps.script[0])' },
    say: 'No: there is no line with db-legacy.internal in any file below /srv/config.',
    expected: 0,
  },
  {
    name: 'files-handbook',
    kind: 'whole-result',
    goal: 'Read our handbook, /srv/docs/handbook.md, from the first to the last page and tell me in a few sentences what kind of place this is to work at.',
    tools: [{ tool: 'files.read_file', lookups: ['read a file', 'text of a file', 'open document'] }],
    direct: [{ as: 'text', calls: [{ tool: 'files.read_file', args: { path: '/srv/docs/handbook.md' } }] }],
    scripts: [{ code: `return await tools.files.read_file({ path: '/srv/docs/handbook.md' })` }],
    answer: { direct: 'size(steps.text[0])', script: 'size(steps.script[0])' },
    say: 'A careful place: every task has one person who looks after it, things are written down before they are done, and nobody is blamed for mistakes. Newcomers are expected to ask and to correct the handbook. Delays are fine as long as they are announced.',
    expected: 37500,
  },
]
