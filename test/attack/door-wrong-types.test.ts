import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import { ERAS, rpcRequest } from '../http/raw-request.ts'
import { openDoor, type DoorArena } from './door-arena.ts'
import { ALIKE, spoiled, VALID, validRequest } from './door-requests.ts'

let door: DoorArena
beforeAll(async () => {
  door = await openDoor()
})
afterEach(() => door.serves())
afterAll(() => door.close())

// A failure prints its seed and the smallest request that shows it.
const BOUND = { numRuns: 600, interruptAfterTimeLimit: 20_000 }

describe('a valid request with something wrong in it is refused or means what it says', () => {
  test('one of any kind: wrong types, missing members, members twice, members that look alike', async () => {
    await fc.assert(
      fc.asyncProperty(spoiled(VALID), async ({ body, headers }) => {
        await door.attack(body, headers)
      }),
      BOUND,
    )
  })

  test.each(ERAS)('a call of the %s era', async (era) => {
    const bare = validRequest(era, 'tools/call', { name: 'alpha__read' })
    const call = validRequest(era, 'tools/call', {
      name: 'alpha__read',
      arguments: { text: 'ü', more: { name: 'alpha__write' } },
    })
    await fc.assert(
      fc.asyncProperty(spoiled([call, bare]), async ({ body, headers }) => {
        await door.attack(body, headers)
      }),
      BOUND,
    )
  })

  test.each(ERAS)('bytes of a call of the %s era', async (era) => {
    const { body, headers } = rpcRequest(era, 'tools/call', { name: 'alpha__read', arguments: { text: 'ü' } })
    const bytes = Buffer.from(body)
    const edit = fc.record({
      at: fc.nat({ max: bytes.length - 1 }),
      remove: fc.nat({ max: 4 }),
      put: fc.oneof(
        fc.constantFrom(
          '"',
          '\\',
          '{',
          '}',
          '[',
          ']',
          ',',
          ':',
          '\u0000',
          '\ufeff',
          '\\u0000',
          '//',
          '1e999',
        ),
        fc.uint8Array({ maxLength: 4 }).map((raw) => Buffer.from(raw)),
      ),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
        let broken = bytes
        for (const { at, remove, put } of edits) {
          broken = Buffer.concat([broken.subarray(0, at), Buffer.from(put), broken.subarray(at + remove)])
        }
        await door.attack(broken, headers)
      }),
      BOUND,
    )
  })
})

/** What stands under a key that only looks like another, and would be noticed. */
const OTHER: Readonly<Record<string, unknown>> = {
  name: 'alpha__write',
  arguments: { other: 1 },
  method: 'tools/call',
  params: { name: 'alpha__write', arguments: { other: 1 } },
  _meta: { other: 1 },
  id: 99,
  jsonrpc: '2.0',
}

describe('a key is itself and nothing that looks like it', () => {
  test.each(ERAS)(
    'in a call of the %s era, beside the right one or in its place, before it or behind',
    async (era) => {
      const { body, headers } = validRequest(era, 'tools/call', {
        name: 'alpha__read',
        arguments: { right: 1 },
      })
      for (const [key, alike] of ALIKE) {
        for (const other of [...alike, '__proto__', 'constructor']) {
          // In `__proto__` stands the whole: a careless reader would inherit it.
          const value = other === '__proto__' ? { [key]: OTHER[key] } : OTHER[key]
          const member = `${JSON.stringify(other)}:${JSON.stringify(value)}`
          const whole = JSON.stringify(body)
          const place = `${JSON.stringify(key)}:`
          const text = whole.slice(whole.indexOf(place))
          const was = `${place}${JSON.stringify(Object.hasOwn(body, key) ? body[key] : (body['params'] as Readonly<Record<string, unknown>>)[key])}`
          if (!text.startsWith(was)) continue
          for (const instead of [`${member},${was}`, `${was},${member}`, member]) {
            const { answer } = await door.attack(
              whole.replace(was, () => instead),
              headers,
            )
            const { id } = answer.last
            expect([1, null, undefined]).toContain(id)
          }
        }
      }
    },
  )
})
