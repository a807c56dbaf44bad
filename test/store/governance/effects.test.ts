import { describe, expect, test } from 'vitest'

import { openHouses, PLACES } from './house.ts'

const effect = { tool: 'pay.send', argumentsHash: 'sha256:1' }

describe.each(PLACES)('effects: $name', (place) => {
  test('of many who begin the same call exactly one may make it', async () => {
    const { houseAt, house } = await openHouses(place, place.isShared ? 2 : 1)
    const begun = await Promise.all(
      Array.from({ length: 20 }, (_, index) => houseAt(index).effects.begin('ann', 'r1', 'k1', effect)),
    )
    expect(begun.filter((known) => known === undefined)).toHaveLength(1)
    expect(begun.filter((known) => known !== undefined)).toEqual(Array.from({ length: 19 }, () => effect))
    await house.effects.end('ann', 'r1', 'k1', { content: ['paid\u0000'] })
    expect(await house.effects.begin('ann', 'r1', 'k1', effect)).toEqual({
      ...effect,
      outcome: { content: ['paid\u0000'] },
    })
    // Of another call, run or owner nothing is known.
    for (const [owner, run, key] of [
      ['ann', 'r1', 'k2'],
      ['ann', 'r2', 'k1'],
      ['bob', 'r1', 'k1'],
    ] as const)
      expect(await house.effects.begin(owner, run, key, effect)).toBeUndefined()
  })

  test('what was refused may be made later, what has ended may not', async () => {
    const { house } = await openHouses(place, 1)
    await house.effects.begin('ann', 'r1', 'k1', effect)
    await house.effects.undo('ann', 'r1', 'k1')
    expect(await house.effects.begin('ann', 'r1', 'k1', effect)).toBeUndefined()
    await house.effects.end('ann', 'r1', 'k1', null)
    await house.effects.undo('ann', 'r1', 'k1')
    expect(await house.effects.begin('ann', 'r1', 'k1', effect)).toEqual({ ...effect, outcome: null })
    await house.effects.forget('ann', 'r1')
    expect(await house.effects.begin('ann', 'r1', 'k1', effect)).toBeUndefined()
  })
})
