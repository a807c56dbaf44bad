import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEventReader } from '../../src/mcp/transports/sse/events.ts'
import type { OversizeLine } from '../../src/mcp/frames.ts'

/** Reads a text that comes in pieces that end at these places. */
function read(text: string, maxBytes = 1_000_000, cuts: readonly number[] = []) {
  const events: [string, string][] = []
  const lost: OversizeLine[] = []
  let endless = 0
  const feed = createEventReader(maxBytes, {
    event: (name, data) => events.push([name, data]),
    oversize: (event) => lost.push(event),
    endless: () => (endless += 1),
  })
  const bytes = Buffer.from(text)
  let from = 0
  for (const cut of [...cuts.filter((at) => at < bytes.length).sort((a, b) => a - b), bytes.length]) {
    feed(bytes.subarray(from, cut))
    from = cut
  }
  return { events, lost, endless }
}

test('events have a name, and several lines of data', () => {
  const text =
    '\uFEFF: note\n\nevent: endpoint\ndata: /a\n\ndata:1\r\ndata: 2\r\n\r\nid: 7\ndata\n\nevent: none\n\ndata: {\n'
  expect(read(text).events).toEqual([
    ['endpoint', '/a'],
    ['message', '1\n2'],
    ['message', ''],
  ])
})

test('the same events come out, wherever the network cuts them', () => {
  const line = fc.constantFrom('data: ä€𝄞', 'data:', 'event: x', ': note', 'data: {"a":1}', '', '', 'noise')
  const text = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n'))).map((lines) => lines.flat().join(''))
  fc.assert(
    fc.property(text, fc.array(fc.nat(200)), fc.integer({ min: 8, max: 40 }), (stream, cuts, limit) => {
      expect(read(stream, limit, cuts)).toEqual(read(stream, limit))
    }),
    { numRuns: 2_000 },
  )
})

describe('an event over the bound', () => {
  test('is dropped and told of, and the one behind it is read', () => {
    const big = `event: message\ndata: {"jsonrpc":"2.0","id":5,"result":"${'x'.repeat(5_000)}"}\n\n`
    const { events, lost } = read(`data: a\n\n${big}data: b\n\n`, 1_000, [40, 3_000, 5_060])
    expect(events).toEqual([
      ['message', 'a'],
      ['message', 'b'],
    ])
    expect(lost).toMatchObject([{ bytes: big.length }])
    expect(lost[0]?.head.startsWith('{"jsonrpc":"2.0","id":5,')).toBe(true)
    expect(lost[0]?.tail.endsWith('x"}\n\n')).toBe(true)
  })

  test('begins at the bound exactly', () => {
    expect(read('data: 12345\n\n', 13).events).toHaveLength(1)
    expect(read('data: 12345\n\n', 12)).toMatchObject({ events: [], lost: [{ bytes: 13 }] })
  })

  test('that does not end is told of, and next to nothing of it is held', () => {
    let endless = 0
    const feed = createEventReader(1_024, {
      event: () => {},
      oversize: () => {},
      endless: () => (endless += 1),
    })
    feed(Buffer.from('data: '))
    const before = process.memoryUsage().heapUsed
    for (let mib = 0; mib < 60; mib++) feed(Buffer.alloc(1_024 * 1_024, 'x'))
    expect(endless).toBe(0)
    // As text, sixty times of what was fed would be on the heap.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(30 * 1_024 * 1_024)
    for (let mib = 0; mib < 10; mib++) feed(Buffer.alloc(1_024 * 1_024, 'x'))
    expect(endless).toBeGreaterThan(0)
  })
})
