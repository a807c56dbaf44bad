import type { MockTool } from '../../stage.ts'

type Definition = MockTool['definition']

export const LIST_DIRECTORY: Definition = {
  name: 'list_directory',
  description:
    'List the files and folders in a folder, sorted by name, with size and time of the last change. Does not look into folders unless recursive is set.',
  inputSchema: {
    type: 'object',
    properties: {
      path: { type: 'string', description: 'Absolute path of the folder, for example /srv/logs' },
      recursive: { type: 'boolean', default: false, description: 'Also list what is in the folders below' },
      name_contains: { type: 'string', description: 'Only entries with this text in their name' },
    },
    required: ['path'],
  },
  outputSchema: {
    type: 'object',
    properties: {
      path: { type: 'string' },
      entries: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            name: { type: 'string' },
            path: { type: 'string' },
            type: { type: 'string', enum: ['file', 'directory'] },
            size: { type: 'integer', description: 'Bytes' },
            modified: { type: 'string' },
          },
          required: ['name', 'path', 'type', 'size'],
        },
      },
    },
    required: ['path', 'entries'],
  },
}

export const READ_FILE: Definition = {
  name: 'read_file',
  description:
    'Read a text file. Gives the whole text unless head or tail says how many lines are wanted; only one of the two can be used. Fails for folders and for files that are not text.',
  inputSchema: {
    type: 'object',
    properties: {
      path: { type: 'string', description: 'Absolute path of the file' },
      head: { type: 'integer', minimum: 1, description: 'Only so many lines from the beginning' },
      tail: { type: 'integer', minimum: 1, description: 'Only so many lines from the end' },
    },
    required: ['path'],
  },
}

export const SEARCH_FILES: Definition = {
  name: 'search_files',
  description:
    'Search the lines of all files in a folder and in the folders below for a text. The text is taken as it is: no wildcards and no regular expressions. Gives each line that has it with the path of its file.',
  inputSchema: {
    type: 'object',
    properties: {
      path: { type: 'string', description: 'Folder to search in, or one file' },
      text: { type: 'string', minLength: 2, description: 'What to look for' },
      case_sensitive: { type: 'boolean', default: false, description: 'Whether case matters' },
      max_results: {
        type: 'integer',
        minimum: 1,
        default: 50,
        description: 'At most so many lines, and never more than 200',
      },
    },
    required: ['path', 'text'],
  },
  outputSchema: {
    type: 'object',
    properties: {
      matches: {
        type: 'array',
        items: {
          type: 'object',
          properties: { path: { type: 'string' }, line: { type: 'integer' }, text: { type: 'string' } },
          required: ['path', 'line', 'text'],
        },
      },
      truncated: { type: 'boolean' },
    },
    required: ['matches', 'truncated'],
  },
}

export const WRITE_FILE: Definition = {
  name: 'write_file',
  description:
    'Write a text file. The folder must exist. A file that is there already is only replaced if overwrite is set; otherwise the call fails.',
  inputSchema: {
    type: 'object',
    properties: {
      path: { type: 'string', description: 'Absolute path of the file' },
      content: { type: 'string', description: 'The whole text of the file' },
      overwrite: { type: 'boolean', default: false, description: 'Replace a file that is there already' },
    },
    required: ['path', 'content'],
  },
  outputSchema: {
    type: 'object',
    properties: { path: { type: 'string' }, bytes: { type: 'integer' }, created: { type: 'boolean' } },
    required: ['path', 'bytes', 'created'],
  },
}

export const MOVE_FILE: Definition = {
  name: 'move_file',
  description:
    'Move or rename a file. Fails if there is no such file, if the folder of the destination does not exist, or if a file is there already.',
  inputSchema: {
    type: 'object',
    properties: {
      source: { type: 'string', description: 'Absolute path of the file now' },
      destination: {
        type: 'string',
        description: 'Absolute path that it is to have, with the name of the file',
      },
    },
    required: ['source', 'destination'],
  },
  outputSchema: {
    type: 'object',
    properties: { source: { type: 'string' }, destination: { type: 'string' } },
    required: ['source', 'destination'],
  },
}

export const GET_FILE_INFO: Definition = {
  name: 'get_file_info',
  description:
    'Get facts about one file without reading it: size in bytes, number of lines, type, owner, and when it was last changed.',
  inputSchema: {
    type: 'object',
    properties: { path: { type: 'string', description: 'Absolute path of the file' } },
    required: ['path'],
  },
  outputSchema: {
    type: 'object',
    properties: {
      path: { type: 'string' },
      size: { type: 'integer' },
      lines: { type: 'integer' },
      mime_type: { type: 'string' },
      owner: { type: 'string' },
      mode: { type: 'string' },
      modified: { type: 'string' },
    },
    required: ['path', 'size', 'lines', 'mime_type', 'owner', 'modified'],
  },
}
