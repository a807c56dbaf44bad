import type { Project } from 'ts-morph'
import { beforeAll, describe, expect, test } from 'vitest'

import { textResult } from '../../src/core/result.ts'
import { createDispatch } from '../../src/policy/dispatch.ts'
import { handMadeBackend } from '../gateway/hand-made-backend.ts'
import { callOf } from './call-of.ts'
import { importsOf, pathOf, readersOf, readProgram, usersOf } from './source.ts'

/** The files that may name the type Backend, and why. */
const MAY_NAME_A_BACKEND: Readonly<Record<string, string>> = {
  'assemble.ts': 'takes another upstream than the plan says, for a test or a benchmark',
  'bench-stage.ts': 'makes servers up, for benchmarks',
  'gateway/fleet.ts': 'starts, drains and closes upstreams',
  'gateway/gateway.ts': 'takes the factories of backends, and closes those of Isogate itself',
  'gateway/revision.ts': 'gives dispatch the way to find one',
  'gateway/snapshot.ts': 'reads the tools that backends list',
  'mcp/upstream/upstream.ts': 'is one: an MCP server',
  'policy/dispatch.ts': 'calls them',
  'script-engine.ts': 'puts the script engine together',
  'scripts/backend.ts': 'is one: the script engine',
  'scripts/saved/backend.ts': 'is one: saved scripts',
  'scripts/saved/saved-scripts.ts': 'puts it together',
}

/** Where calls come in. */
const DOORS = /^(http\/|cli\/|mcp\/door|mcp\/http-handler|mcp\/stdio-door)/

/** What answers calls. A door that imported one of these could go around the handler. */
const BACKENDS = /^(mcp\/upstream\/|mcp\/transports\/|scripts\/|policy\/dispatch)/

describe('the source of the program', () => {
  let project: Project
  beforeAll(() => {
    project = readProgram()
  })

  test('calls a backend in policy/dispatch.ts and nowhere else', () => {
    expect(readersOf(project, 'Backend', 'call')).toEqual(['policy/dispatch.ts'])
  })

  test('names the type Backend only in the files that have a reason to', () => {
    expect(usersOf(project, 'Backend')).toEqual(Object.keys(MAY_NAME_A_BACKEND).toSorted())
  })

  test('makes the dispatch handler in the gateway only, under the layers', () => {
    const importers = project
      .getSourceFiles()
      .filter((file) => importsOf(file).includes('policy/dispatch.ts'))
      .map(pathOf)
    expect(importers).toEqual(['gateway/revision.ts'])
  })

  test('gives doors no import that leads to a backend', () => {
    const doors = project.getSourceFiles().filter((file) => DOORS.test(pathOf(file)))
    expect(doors.length).toBeGreaterThan(5)
    const ways = doors.flatMap((file) =>
      importsOf(file)
        .filter((path) => BACKENDS.test(path))
        .map((path) => `${pathOf(file)} imports ${path}`),
    )
    expect(ways).toEqual([])
  })

  test('asks for a verdict in policy/judge.ts, and the gateway alone asks it', () => {
    const makers = project
      .getSourceFiles()
      .filter((file) => file.getText().includes('createJudge('))
      .map(pathOf)
    expect(makers.toSorted()).toEqual(['gateway/revision.ts', 'policy/judge.ts'])
  })
})

describe('dispatch', () => {
  test('gives a call, as it is, to the backend of its server', async () => {
    const backend = handMadeBackend('alpha', { read: {} })
    const call = callOf('alpha.read', { a: 1 })
    const dispatch = createDispatch((server) => (server === 'alpha' ? backend : undefined))
    expect(await dispatch(call)).toEqual(textResult('read'))
    expect(backend.calls).toEqual([call])
    expect(backend.calls[0]).toBe(call)
  })

  test('refuses a call of a server that there is not', async () => {
    const dispatch = createDispatch(() => undefined)
    await expect(dispatch(callOf('nowhere.read'))).rejects.toMatchObject({ code: 'unknown_tool' })
  })
})
