import { expect, it } from 'vitest'

import { CODE_WORLD } from '../../../src/bench/worlds/code/world.ts'
import { callMock, checkWorld } from './code-office-checks.ts'

checkWorld(CODE_WORLD)

it('says what is wrong with a call', () => {
  const servers = CODE_WORLD.open()
  const failures = [
    callMock(servers, 'repo.get_issue', { number: 9_999 }),
    callMock(servers, 'repo.update_issue', { number: 557, assignee: 'mira' }),
    callMock(servers, 'repo.merge_pull_request', { number: 658, method: 'squash' }),
    callMock(servers, 'repo.merge_pull_request', { number: 642, method: 'squash' }),
    callMock(servers, 'repo.create_deployment', { ref: 'main', environment: 'staging', skipTests: true }),
    callMock(servers, 'chat.post_message', { channel: 'release-notes', text: 'Hello' }),
    callMock(servers, 'chat.post_message', { channel: 'nowhere', text: 'Hello' }),
    callMock(servers, 'chat.list_messages', { channel: 'general', cursor: 'made up' }),
  ]
  expect(failures.map(({ isError, text }) => [isError, text.split(/[.:]/, 1)[0]])).toEqual([
    [true, 'No issue #9999 in atlas/shop'],
    [true, "No member with the login 'mira'"],
    [true, 'Pull request #658 waits for a review'],
    [true, 'Pull request #642 is merged already'],
    [true, 'Tests cannot be skipped for staging'],
    [true, "Channel 'release-notes' is archived since January"],
    [true, "No channel 'nowhere'"],
    [true, 'The cursor is not valid'],
  ])
})

it('leaves what was not asked to be changed', () => {
  const servers = CODE_WORLD.open()
  const before = callMock(servers, 'repo.get_issue', { number: 557 }).value
  callMock(servers, 'repo.update_issue', { number: 557, addLabels: ['urgent'] })
  callMock(servers, 'repo.update_issue', { number: 557, removeLabels: ['urgent'] })
  const { value } = callMock(servers, 'repo.get_issue', { number: 557 })
  expect(value).toEqual({ ...(before as object), updatedAt: '2026-03-09T13:00:00Z' })
})

it('has large results where tasks are about large results', () => {
  const servers = CODE_WORLD.open()
  const log = callMock(servers, 'repo.get_deployment', { id: 'd-3071', log: true })
  const range = callMock(servers, 'repo.compare_commits', { base: 'v2.3.0', head: 'v2.4.0' })
  for (const { text } of [log, range]) expect(text.length).toBeGreaterThan(30_000)
})

it('gives as much as it has on a page where more is asked for, and where it goes on', () => {
  const servers = CODE_WORLD.open()
  const { value } = callMock(servers, 'repo.list_issues', { state: 'all', limit: 1_000 })
  const { issues, nextCursor } = value as { issues: unknown[]; nextCursor: string | null }
  expect(issues).toHaveLength(50)
  expect(nextCursor).not.toBeNull()
})
