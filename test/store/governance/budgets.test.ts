import { describe, expect, test } from 'vitest'

import { openHouses, PLACES } from './house.ts'

const HOUR_MS = 3_600_000

describe.each(PLACES)('budgets: $name', (place) => {
  const key = { account: 'key:ci:1', windowStartMs: 0 }
  const endsAtMs = HOUR_MS

  test('takes what is wanted, then what is left, then nothing', async () => {
    const { house } = await openHouses(place, 1)
    const take = (wanted: number, least = 1) =>
      house.budgets.take(key, { wanted, least, limit: 10, endsAtMs })
    expect(await take(4)).toEqual({ taken: 4, spent: 4 })
    expect(await take(8, 7)).toEqual({ taken: 0, spent: 4 })
    expect(await take(8, 2)).toEqual({ taken: 6, spent: 10 })
    expect(await take(1)).toEqual({ taken: 0, spent: 10 })
    await house.budgets.giveBack(key, 3)
    expect(await take(5)).toEqual({ taken: 3, spent: 10 })
    // Spent beyond what was taken.
    await house.budgets.giveBack(key, -2)
    expect(await house.budgets.list()).toEqual([{ ...key, spent: 12, limit: 10, endsAtMs }])
    expect(await house.budgets.take(key, { wanted: 5, least: 1, limit: 13, endsAtMs })).toEqual({
      taken: 1,
      spent: 13,
    })
    await house.budgets.giveBack(key, 1_000)
    expect(await take(1)).toEqual({ taken: 1, spent: 1 })
  })

  test('amounts are whole and exact up to the largest safe integer', async () => {
    const { house } = await openHouses(place, 1)
    const limit = Number.MAX_SAFE_INTEGER
    const taken = await house.budgets.take(key, { wanted: limit - 1, least: 1, limit, endsAtMs: Infinity })
    expect(taken).toEqual({ taken: limit - 1, spent: limit - 1 })
    expect(await house.budgets.take(key, { wanted: 2, least: 1, limit, endsAtMs: Infinity })).toEqual({
      taken: 1,
      spent: limit,
    })
    await expect(house.budgets.take(key, { wanted: 0.5, least: 0, limit, endsAtMs })).rejects.toMatchObject({
      code: 'internal',
    })
    await expect(house.budgets.giveBack(key, Number.NaN)).rejects.toMatchObject({ code: 'internal' })
  })

  test('200 at once never take more than the limit, and not less', async () => {
    const { houseAt } = await openHouses(place, place.isShared ? 2 : 1)
    const takes = Array.from({ length: 200 }, (_, index) =>
      houseAt(index).budgets.take(key, { wanted: 7, least: 1, limit: 1_000, endsAtMs }),
    )
    const sum = (await Promise.all(takes)).reduce((total, { taken }) => total + taken, 0)
    expect(sum).toBe(1_000)
    expect(await houseAt(0).budgets.list()).toMatchObject([{ spent: 1_000 }])
  })

  test('a clock that was set back finds the window that it was in, and opens no older one', async () => {
    const { house } = await openHouses(place, 1)
    const take = (windowStartMs: number) =>
      house.budgets.take(
        { account: 'a', windowStartMs },
        { wanted: 1, least: 1, limit: 2, endsAtMs: windowStartMs + HOUR_MS },
      )
    expect(await take(HOUR_MS)).toEqual({ taken: 1, spent: 1 })
    expect(await take(2 * HOUR_MS)).toEqual({ taken: 1, spent: 1 })
    expect(await take(HOUR_MS)).toEqual({ taken: 1, spent: 2 })
    expect(await take(0)).toEqual({ taken: 0, spent: 0 })
  })

  test('windows that are over go when the next one is opened', async () => {
    const { house } = await openHouses(place, 1)
    for (const hour of [0, 1, 2, 3, 9])
      await house.budgets.take(
        { account: 'a', windowStartMs: hour * HOUR_MS },
        { wanted: 1, least: 1, limit: 2, endsAtMs: (hour + 1) * HOUR_MS },
      )
    expect((await house.budgets.list()).map(({ windowStartMs }) => windowStartMs / HOUR_MS)).toEqual([9])
  })

  test('a window that begins with the first use is opened once, and the next when it is over', async () => {
    const { houseAt, house } = await openHouses(place, place.isShared ? 2 : 1)
    const opened = await Promise.all(
      Array.from({ length: 20 }, (_, index) => houseAt(index).budgets.openWindow('a', 1_000 + index, 100)),
    )
    expect(new Set(opened).size).toBe(1)
    const [start = 0] = opened
    expect(await house.budgets.openWindow('a', start + 99, 100)).toBe(start)
    expect(await house.budgets.openWindow('a', start - 500, 100)).toBe(start)
    expect(await house.budgets.openWindow('a', start + 100, 100)).toBe(start + 100)
    expect(await house.budgets.openWindow('b', 5, 100)).toBe(5)
  })
})
