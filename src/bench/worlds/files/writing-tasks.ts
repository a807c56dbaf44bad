import type { TaskInput } from '../../../config/tasks/schema.ts'

/** Tasks that write, move or add something. */
export const WRITING_TASKS: readonly TaskInput[] = [
  {
    name: 'files-port-owner',
    kind: 'chain',
    goal: 'Find out which service in /srv/config listens on port 7113 and which team owns it. Then write a note "Owner of port 7113" with the name of the team as its text, the tag ownership and a link to the file.',
    tools: [
      { tool: 'files.search_files', lookups: ['search text in files', 'find in files', 'grep'] },
      { tool: 'files.read_file', lookups: ['read a file', 'text of a file', 'open settings file'] },
      {
        tool: 'notes.create_note',
        lookups: ['write a new note', 'add a note with tags', 'new entry in the notes of the team'],
      },
    ],
    direct: [
      {
        as: 'found',
        calls: [{ tool: 'files.search_files', args: { path: '/srv/config', text: '7113' } }],
      },
      {
        as: 'file',
        calls: [{ tool: 'files.read_file', args: { path: { $: 'steps.found[0].matches[0].path' } } }],
      },
      {
        as: 'note',
        calls: [
          {
            tool: 'notes.create_note',
            args: {
              title: 'Owner of port 7113',
              body: { $: "steps.file[0].split('owner: ')[1].split('\\n')[0]" },
              tags: ['ownership'],
              links: [{ $: 'steps.found[0].matches[0].path' }],
            },
          },
        ],
      },
    ],
    scripts: [
      {
        code: `const { matches } = await tools.files.search_files({ path: '/srv/config', text: '7113' })
const path = matches[0].path
return { path, text: await tools.files.read_file({ path }) }`,
      },
      {
        code: `return await tools.notes.create_note({
  title: 'Owner of port 7113',
  body: 'team-delta',
  tags: ['ownership'],
  links: ['/srv/config/mailer.yaml'],
})`,
      },
    ],
    answer: {
      direct: "[steps.note[0].links[0], steps.file[0].split('owner: ')[1].split('\\n')[0]]",
      script: "[steps.script[1].links[0], steps.script[0].text.split('owner: ')[1].split('\\n')[0]]",
    },
    say: 'Port 7113 belongs to the service mailer, owned by team-delta. The note "Owner of port 7113" says so and links to /srv/config/mailer.yaml.',
    expected: ['/srv/config/mailer.yaml', 'team-delta'],
    state: [
      {
        tool: 'notes.list_notes',
        args: { tag: 'ownership' },
        expect: "result.total == 1 && result.notes[0].title == 'Owner of port 7113'",
      },
      { tool: 'notes.get_note', args: { note_id: 'N-411' }, expect: "result.body == 'team-delta'" },
    ],
  },
  {
    name: 'files-archive-logs',
    kind: 'fan-out',
    goal: 'Move all logs of the worker from /srv/logs to /srv/archive. They keep their names.',
    tools: [
      {
        tool: 'files.list_directory',
        lookups: ['list files in a folder', 'directory listing', 'folder contents'],
      },
      { tool: 'files.move_file', lookups: ['move files to another folder', 'rename file', 'archive files'] },
    ],
    direct: [
      {
        as: 'logs',
        calls: [{ tool: 'files.list_directory', args: { path: '/srv/logs', name_contains: 'worker' } }],
      },
      {
        as: 'moved',
        calls: [
          {
            tool: 'files.move_file',
            each: 'steps.logs[0].entries',
            args: { source: { $: 'item.path' }, destination: { $: "'/srv/archive/' + item.name" } },
          },
        ],
      },
    ],
    scripts: [
      {
        code: `const { entries } = await tools.files.list_directory({ path: '/srv/logs', name_contains: 'worker' })
await Promise.all(
  entries.map((e) => tools.files.move_file({ source: e.path, destination: \`/srv/archive/\${e.name}\` })),
)
return entries.length`,
      },
    ],
    answer: { direct: 'size(steps.moved.filter(m, has(m.destination)))', script: 'steps.script[0]' },
    say: 'All 18 logs of the worker are in /srv/archive now.',
    expected: 18,
    state: [
      {
        tool: 'files.list_directory',
        args: { path: '/srv/archive' },
        expect: "size(result.entries) == 18 && result.entries.all(e, e.name.startsWith('worker-2026-10-'))",
      },
      {
        tool: 'files.list_directory',
        args: { path: '/srv/logs', name_contains: 'worker' },
        expect: 'size(result.entries) == 0',
      },
    ],
  },
  {
    name: 'files-weekly-report',
    kind: 'recovery',
    goal: 'Save "Week 44: two incidents, both closed." as /srv/reports/weekly.md. If that file is there already, leave it as it is and take weekly-2.md in the same folder. Tell me which name you took.',
    tools: [
      {
        tool: 'files.write_file',
        lookups: ['save text to a file', 'new file with content', 'store a report'],
      },
    ],
    direct: [
      {
        as: 'tried',
        calls: [
          {
            tool: 'files.write_file',
            args: { path: '/srv/reports/weekly.md', content: 'Week 44: two incidents, both closed.' },
          },
        ],
      },
      {
        as: 'saved',
        calls: [
          {
            tool: 'files.write_file',
            args: { path: '/srv/reports/weekly-2.md', content: 'Week 44: two incidents, both closed.' },
          },
        ],
      },
    ],
    scripts: [
      {
        code: `const content = 'Week 44: two incidents, both closed.'
try {
  const { path } = await tools.files.write_file({ path: '/srv/reports/weekly.md', content })
  return { path }
} catch (error) {
  const { path } = await tools.files.write_file({ path: '/srv/reports/weekly-2.md', content })
  return { path, why: String(error) }
}`,
      },
    ],
    answer: { direct: 'steps.saved[0].path', script: 'steps.script[0].path' },
    say: 'There was a weekly.md already, so I have left it alone and saved the text as /srv/reports/weekly-2.md.',
    expected: '/srv/reports/weekly-2.md',
    state: [
      {
        tool: 'files.read_file',
        args: { path: '/srv/reports/weekly-2.md' },
        expect: "result == 'Week 44: two incidents, both closed.'",
      },
      {
        tool: 'files.read_file',
        args: { path: '/srv/reports/weekly.md' },
        expect: "result.startsWith('# Week 43')",
      },
    ],
  },
  {
    name: 'files-own-fault',
    kind: 'judgement',
    goal: 'Read the notes with the tag postmortem. Exactly one of these incidents was caused by a change that we made ourselves. Add the line "Cause: own change" to that note.',
    tools: [
      { tool: 'notes.list_notes', lookups: ['list notes by tag', 'notes of the team', 'find notes'] },
      { tool: 'notes.get_note', lookups: ['text of a note', 'read a note', 'one note by id'] },
      {
        tool: 'notes.append_to_note',
        lookups: ['add text to a note', 'extend a note', 'add a paragraph to an existing note'],
      },
    ],
    direct: [
      { as: 'list', calls: [{ tool: 'notes.list_notes', args: { tag: 'postmortem', limit: 100 } }] },
      {
        as: 'read',
        calls: [{ tool: 'notes.get_note', each: 'steps.list[0].notes', args: { note_id: { $: 'item.id' } } }],
      },
      {
        as: 'added',
        calls: [{ tool: 'notes.append_to_note', args: { note_id: 'N-359', text: 'Cause: own change' } }],
      },
    ],
    scripts: [
      {
        code: `const { notes } = await tools.notes.list_notes({ tag: 'postmortem', limit: 100 })
return await Promise.all(notes.map((n) => tools.notes.get_note({ note_id: n.id })))`,
      },
      { code: `return await tools.notes.append_to_note({ note_id: 'N-359', text: 'Cause: own change' })` },
    ],
    answer: { direct: 'steps.added[0].note_id', script: 'steps.script[1].note_id' },
    say: 'It was the incident "Payments refused on 11 October" (N-359): we had lowered the timeout towards the bank ourselves. I have added "Cause: own change" to that note. The other five came from outside.',
    expected: 'N-359',
    state: [
      {
        tool: 'notes.get_note',
        args: { note_id: 'N-359' },
        expect: "result.body.endsWith('Cause: own change')",
      },
      { tool: 'notes.get_note', args: { note_id: 'N-341' }, expect: "!result.body.contains('Cause:')" },
    ],
  },
]
