import { expect, test } from 'vitest'

import type { JsonObject } from '../../../src/core/json.ts'
import { FILES_WORLD } from '../../../src/bench/worlds/files/world.ts'
import { callTool, checkWorld } from './world-checks.ts'

checkWorld(FILES_WORLD)

test('a file is neither overwritten by accident nor moved to where there is nothing', () => {
  const servers = FILES_WORLD.open()
  const path = '/srv/reports/weekly.md'
  expect(() => callTool(servers, 'files.write_file', { path, content: 'x' })).toThrow('File exists')
  expect(() => callTool(servers, 'files.move_file', { source: path, destination: '/srv/none/a.md' })).toThrow(
    'No such folder',
  )
  expect(callTool(servers, 'files.write_file', { path, content: 'x', overwrite: true })).toMatchObject({
    bytes: 1,
  })
  expect(callTool(servers, 'files.read_file', { path })).toBe('x')
  expect(() => callTool(servers, 'files.read_file', { path: '/srv/reports' })).toThrow('is a folder')
})

test('folders below are listed only where that is asked for', () => {
  const servers = FILES_WORLD.open()
  const names = (args: JsonObject) =>
    (
      callTool(servers, 'files.list_directory', { path: '/srv', ...args }) as { entries: { name: string }[] }
    ).entries.map(({ name }) => name)
  expect(names({})).toEqual(['archive', 'config', 'docs', 'logs', 'reports'])
  expect(names({ recursive: true, name_contains: 'weekly' })).toEqual(['weekly.md'])
})
