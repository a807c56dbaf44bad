import { connect } from 'node:net'

import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import { ERAS, rpcRequest } from '../http/raw-request.ts'
import { DOOR_BODY_BYTES, openDoor, type DoorArena } from './door-arena.ts'

let door: DoorArena
beforeAll(async () => {
  door = await openDoor()
})
afterEach(() => door.serves())
afterAll(() => door.close())

const WITHIN_MS = 8_000

const reached = (): number => door.house.backends['alpha']?.calls.length ?? 0

/** Writes the pieces to a connection of its own, and reads until it ends or, where it stays open, is quiet. */
function raw(pieces: readonly (string | Buffer)[], hangUp = false): Promise<string> {
  const { hostname, port } = new URL(door.url)
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect(Number(port), hostname)
    const late = setTimeout(() => {
      socket.destroy()
      reject(new Error('There was no answer in time.'))
    }, WITHIN_MS)
    let quiet: NodeJS.Timeout | undefined
    const end = (): void => {
      clearTimeout(late)
      clearTimeout(quiet)
      socket.destroy()
      resolve(received)
    }
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      clearTimeout(quiet)
      quiet = setTimeout(end, 50)
    })
    // The other side hangs up while it is written to: that is an answer too.
    socket.once('end', end).once('error', end).once('close', end)
    void (async () => {
      for (const piece of pieces) {
        if (!socket.destroyed) await new Promise((written) => socket.write(piece, written))
      }
      if (hangUp) socket.destroy()
    })()
  })
}

function head(era: 'legacy' | 'modern', more: readonly string[]): { head: string; body: string } {
  const { body, headers } = rpcRequest(era, 'tools/call', { name: 'alpha__read', arguments: { text: 'ü' } })
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const start = ['POST /mcp/classic HTTP/1.1', 'Host: localhost', ...lines, ...more]
  return { head: `${start.join('\r\n')}\r\n\r\n`, body }
}

const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`

describe.each(ERAS)('a body of the %s era', (era) => {
  test('that says its size, and is too large, is refused before it comes', async () => {
    const { head: start } = head(era, [`Content-Length: ${DOOR_BODY_BYTES + 1}`])
    expect(await raw([start])).toMatch(/^HTTP\/1\.1 413 [^]*body_too_large/)
  })

  test('that says no size, and is too large, is refused where it is', async () => {
    const { head: start } = head(era, ['Transfer-Encoding: chunked'])
    const piece = chunk(' '.repeat(16_384))
    expect(await raw([start, ...Array.from({ length: 5 }, () => piece)])).toMatch(
      /^HTTP\/1\.1 413 [^]*body_too_large/,
    )
  })

  test('of one endless chunk is refused where it is too large', async () => {
    const { head: start } = head(era, ['Transfer-Encoding: chunked'])
    expect(await raw([start, 'fffffff\r\n', Buffer.alloc(DOOR_BODY_BYTES + 1, 0x20)])).toMatch(
      /^HTTP\/1\.1 413 /,
    )
  })

  test('in chunks of one byte is read', async () => {
    const { head: start, body } = head(era, ['Transfer-Encoding: chunked'])
    const pieces = [...Buffer.from(body)].map((byte) =>
      Buffer.concat([Buffer.from('1\r\n'), Buffer.from([byte, 13, 10])]),
    )
    expect(await raw([start, ...pieces, '0\r\n\r\n'])).toMatch(/^HTTP\/1\.1 200 [^]*\\"text\\":/)
  })

  test.each<[string, string[], (body: string) => (string | Buffer)[]]>([
    ['a size that is no number', ['Content-Length: ten'], (body) => [body]],
    ['a negative size', ['Content-Length: -1'], (body) => [body]],
    ['two sizes', ['Content-Length: 5', 'Content-Length: 6'], (body) => [body]],
    [
      'a size and chunks',
      ['Content-Length: 5', 'Transfer-Encoding: chunked'],
      (body) => [chunk(body), '0\r\n\r\n'],
    ],
    ['chunks of an unknown kind', ['Transfer-Encoding: xchunked'], (body) => [chunk(body), '0\r\n\r\n']],
    ['a chunk whose size is none', ['Transfer-Encoding: chunked'], (body) => [`zz\r\n${body}\r\n0\r\n\r\n`]],
    ['a size of 20 digits', ['Content-Length: 99999999999999999999'], (body) => [body]],
    ['a size that cuts it', ['Content-Length: 20'], (body) => [body]],
    ['a compression', ['Content-Encoding: gzip', 'Content-Length: 9'], () => ['\x1f\x8b\x08------']],
    ['no size at all', [], (body) => [body]],
  ])('with %s is refused and reaches nothing', async (_what, more, pieces) => {
    const before = reached()
    const { head: start, body } = head(era, more)
    const answer = await raw([start, ...pieces(body)])
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(answer).not.toContain('"internal"')
    expect(reached()).toBe(before)
  })

  test('whose client goes away in the middle is no fault of the gateway', async () => {
    const before = door.house.errors.length
    const { head: start } = head(era, ['Content-Length: 100'])
    await raw([start, '{"jsonrpc"'], true)
    await door.serves()
    expect(door.house.errors.slice(before)).toEqual([])
  })

  test('that is cut off anywhere reaches nothing', async () => {
    const before = reached()
    const { body } = head(era, [])
    const size = Buffer.byteLength(body)
    for (const [length, kind] of [0, 1, 20, 60, size - 1].flatMap(
      (at) =>
        [
          [at, 'size'],
          [at, 'chunks'],
        ] as const,
    )) {
      const more = kind === 'size' ? `Content-Length: ${size}` : 'Transfer-Encoding: chunked'
      const part = Buffer.from(body).subarray(0, length)
      const { head: start } = head(era, [more])
      const sent = kind === 'size' ? [part] : [`${size.toString(16)}\r\n`, part]
      await raw([start, ...sent], true)
    }
    await door.serves()
    expect(reached()).toBe(before + 2)
  })
})

test('a head with anything in it: an answer or an end, and no call but the one of the body', async () => {
  const { head: start, body } = head('modern', ['Content-Length: 0'])
  const whole = start.replace('Content-Length: 0', `Content-Length: ${Buffer.byteLength(body)}`)
  const edits = fc.array(
    fc.record({
      at: fc.nat({ max: whole.length - 5 }),
      remove: fc.nat({ max: 6 }),
      put: fc.oneof(
        fc.constantFrom(
          '\r\n',
          '\n',
          '\r',
          '\0',
          ' ',
          ':',
          '\t',
          ',',
          'HTTP/2',
          'Content-Length: 3\r\n',
          '%00',
          '\r\n\r\n',
        ),
        fc.string({ maxLength: 3, unit: 'binary' }),
      ),
    }),
    { minLength: 1, maxLength: 3 },
  )
  await fc.assert(
    fc.asyncProperty(edits, async (list) => {
      let text = whole
      for (const { at, remove, put } of list) text = text.slice(0, at) + put + text.slice(at + remove)
      const before = reached()
      // Half closed, so that a head that never ends does.
      const answer = await raw([Buffer.from(text, 'latin1'), body, '\r\n\r\n\r\n\r\n'])
      expect(answer).toMatch(/^(?:HTTP\/1\.1 [24]\d\d |$)/)
      expect(answer).not.toContain('"internal"')
      const calls = door.house.backends['alpha']?.calls.slice(before) ?? []
      expect(calls.length).toBeLessThanOrEqual(1)
      for (const { tool, args } of calls) expect([tool.name, args]).toEqual(['read', { text: 'ü' }])
    }),
    { numRuns: 150, interruptAfterTimeLimit: 20_000 },
  )
})

describe('nested 10,000 deep', () => {
  const deep = '['.repeat(10_000) + ']'.repeat(10_000)
  const objects = '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000)

  test.each(ERAS)('in each place of a call of the %s era: refused, and reaches nothing', async (era) => {
    const { body, headers } = rpcRequest(era, 'tools/call', { name: 'alpha__read', arguments: { a: 'HERE' } })
    for (const place of ['"HERE"', '"alpha__read"', '"tools/call"', '"2.0"', '"id":1']) {
      for (const value of [deep, objects]) {
        const { answer, calls } = await door.attack(
          body.replace(place, place === '"id":1' ? `"id":${value}` : value),
          headers,
        )
        expect([place, answer.status]).toEqual([place, 400])
        expect(calls).toEqual([])
      }
    }
  })

  test('wide as well as deep: 60 KB of brackets take no time', async () => {
    const { headers } = rpcRequest('legacy', 'tools/list')
    for (const text of ['[' + '[],'.repeat(20_000) + '0]', '['.repeat(60_000), '{"a":'.repeat(12_000)]) {
      const { answer } = await door.attack(text, headers)
      expect(answer.status).toBe(400)
    }
  })
})
