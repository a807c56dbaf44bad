import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  createFrameReader,
  encodeFrame,
  FrameError,
  isRecord,
  isSize,
  type CellMessage,
} from '../../sandbox/wire.ts'

const MESSAGE: CellMessage = { type: 'log', run: 3, level: 'log', text: 'ü \u{1F600} \ud800' }

function frameOf(header: string, rest = ''): Buffer {
  const head = Buffer.from(header)
  const tail = Buffer.from(rest)
  const frame = Buffer.alloc(8 + head.length + tail.length)
  frame.writeUInt32LE(4 + head.length + tail.length, 0)
  frame.writeUInt32LE(head.length, 4)
  head.copy(frame, 8)
  tail.copy(frame, 8 + head.length)
  return frame
}

describe('a frame', () => {
  test('comes out as it went in, wherever its bytes are cut', () => {
    const parts = ['', 'one', 'ü€\u{1F600}', '\0']
    const bytes = Buffer.concat([encodeFrame(MESSAGE, parts), encodeFrame({ type: 'ready', warm: 2 })])
    for (let at = 0; at <= bytes.length; at++) {
      const read = createFrameReader(1_000)
      const seen = [...read(bytes.subarray(0, at)), ...read(bytes.subarray(at))]
      expect(seen.map(({ parts: texts }) => texts)).toEqual([parts, []])
      expect(seen[1]?.message).toEqual({ type: 'ready', warm: 2 })
    }
  })

  test('is read byte by byte', () => {
    const read = createFrameReader(1_000)
    const bytes = Buffer.from(encodeFrame({ type: 'ready', warm: 1 }, ['part']))
    const seen = [...bytes].flatMap((byte) => read(Buffer.from([byte])))
    expect(seen).toEqual([{ message: { type: 'ready', warm: 1 }, parts: ['part'] }])
  })

  test('with any parts, in any chunks, comes out the same', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }), { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (frames, cuts) => {
          const bytes = Buffer.concat(frames.map((parts, run) => encodeFrame({ type: 'cancel', run }, parts)))
          const read = createFrameReader(100_000)
          const seen = []
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const length = cuts[turn % cuts.length] ?? 1
            seen.push(...read(bytes.subarray(at, at + length)))
            at += length
          }
          expect(seen.map(({ parts }) => parts)).toEqual(frames)
        },
      ),
    )
  })
})

describe('a frame that is none', () => {
  test('is refused by its length, before anything is kept', () => {
    const read = createFrameReader(1_000)
    expect(() => read(Buffer.from([233, 3, 0, 0]))).toThrow(FrameError)
  })

  test('at the bound is read, one byte above it is not', () => {
    const frame = Buffer.from(encodeFrame({ type: 'cancel', run: 1 }, ['x'.repeat(100)]))
    expect(createFrameReader(frame.length - 4)(frame)).toHaveLength(1)
    expect(() => createFrameReader(frame.length - 5)(frame)).toThrow(FrameError)
  })

  test.for([
    ['no header', Buffer.from([2, 0, 0, 0, 1, 1])],
    ['an empty body', Buffer.from([0, 0, 0, 0])],
    ['a header longer than the frame', Buffer.from([8, 0, 0, 0, 255, 0, 0, 0, 1, 2, 3, 4])],
    ['a header that is not JSON', frameOf('{"message"')],
    ['a header that is not an object', frameOf('[]')],
    ['no parts', frameOf('{"message":1}')],
    ['parts that are no array', frameOf('{"message":1,"parts":{}}')],
    ['a negative length', frameOf('{"message":1,"parts":[-1]}')],
    ['a broken length', frameOf('{"message":1,"parts":[1.5]}')],
    ['a length that is a text', frameOf('{"message":1,"parts":["1"]}')],
    ['parts beyond the frame', frameOf('{"message":1,"parts":[5]}', 'abc')],
    ['parts that overflow', frameOf('{"message":1,"parts":[9007199254740991,9007199254740991]}', 'abc')],
  ] as const)('%s is refused', ([, bytes]) => {
    expect(() => createFrameReader(1_000)(bytes)).toThrow(FrameError)
  })

  test('never makes the reader throw anything but a FrameError', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 }), (chunks) => {
        const read = createFrameReader(4_096)
        try {
          for (const chunk of chunks) read(Buffer.from(chunk))
        } catch (error) {
          expect(error).toBeInstanceOf(FrameError)
        }
      }),
    )
  })

  test('with a hostile header never makes it throw anything else either', () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), (header, rest) => {
        try {
          createFrameReader(100_000)(frameOf(header, rest))
        } catch (error) {
          expect(error).toBeInstanceOf(FrameError)
        }
      }),
    )
  })
})

test('sizes and records are told from what only looks like them', () => {
  expect([0, 1, Number.MAX_SAFE_INTEGER].every(isSize)).toBe(true)
  expect([-1, 1.5, NaN, Infinity, 2 ** 53, '1', null, undefined, 1n].some(isSize)).toBe(false)
  expect(isRecord({})).toBe(true)
  expect([null, [], 'x', 1, undefined].some(isRecord)).toBe(false)
})
