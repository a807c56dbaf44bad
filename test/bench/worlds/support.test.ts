import { expect, test } from 'vitest'

import type { JsonObject } from '../../../src/core/json.ts'
import { SUPPORT_WORLD } from '../../../src/bench/worlds/support/world.ts'
import { callTool, checkWorld } from './world-checks.ts'

checkWorld(SUPPORT_WORLD)

test('tickets refuse what a help desk refuses', () => {
  const servers = SUPPORT_WORLD.open()
  const update = (args: JsonObject) => callTool(servers, 'tickets.update_ticket', args)
  expect(() => update({ ticket_id: 'T-1' })).toThrow('No ticket T-1.')
  expect(() => update({ ticket_id: 'T-4118', priority: 'low' })).toThrow('closed')
  expect(() => update({ ticket_id: 'T-4133', assignee: 'nobody' })).toThrow('not the login of an agent')
  expect(() => callTool(servers, 'tickets.list_tickets', { cursor: 'mine' })).toThrow('cursor')
})

test('a reply is listed with the ticket, and an internal one is not for everybody', () => {
  const servers = SUPPORT_WORLD.open()
  const reply = { ticket_id: 'T-4094', body: 'Call them first.', internal: true, author: 'nora.iyer' }
  expect(callTool(servers, 'tickets.add_reply', reply)).toMatchObject({ delivered_by: null })
  const list = (args: JsonObject) =>
    callTool(servers, 'tickets.list_messages', { ticket_id: 'T-4094', ...args })
  expect(list({ last: 1 })).toMatchObject({ messages: [{ body: 'Call them first.', internal: true }] })
  expect(JSON.stringify(list({ include_internal: false }))).not.toContain('Call them first.')
})
