import { expect, test } from 'vitest'

import { withTrace } from '../../src/mcp/door/post/trace.ts'

const TRACE = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
const OTHER = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`
const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'x', _meta: { a: 1 } } }

test('the trace of an HTTP request becomes that of its message', () => {
  expect(withTrace(call, { traceparent: TRACE })).toEqual({
    ...call,
    params: { name: 'x', _meta: { a: 1, traceparent: TRACE } },
  })
  expect(withTrace({ method: 'tools/list' }, { traceparent: TRACE })).toEqual({
    method: 'tools/list',
    params: { _meta: { traceparent: TRACE } },
  })
})

test('a message that names a trace keeps it', () => {
  const traced = { ...call, params: { _meta: { traceparent: OTHER } } }
  expect(withTrace(traced, { traceparent: TRACE })).toBe(traced)
})

test.each([
  ['no header', call, {}],
  ['a header that is none', call, { traceparent: 'x' }],
  ['an answer', { id: 1, result: {} }, { traceparent: TRACE }],
  ['no object', [call], { traceparent: TRACE }],
  ['parameters that are none', { method: 'x', params: 1 }, { traceparent: TRACE }],
  ['a _meta that is none', { method: 'x', params: { _meta: [] } }, { traceparent: TRACE }],
])('%s leaves a message as it is', (_what, body, headers) => {
  expect(withTrace(body, headers)).toBe(body)
})
