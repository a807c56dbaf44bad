import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openHouse, TOKEN, type House } from '../../gateway/open-house.ts'
import { KEYS, TWO_PEOPLE, WAYS } from './ways.ts'

/*
 * CVE-2026-7663 (Langflow): the authentication that was enforced on one transport was missing on another one. The same credentials, by every
 * way that there is: who may not come in gets 401 everywhere, and who may is asked for the same rights everywhere.
 */

let house: House
let url: string

beforeAll(async () => {
  house = openHouse(TWO_PEOPLE)
  ;({ url } = await house.listenHttp())
})
afterAll(() => house.close())

const reached = (): number => Object.values(house.backends).reduce((sum, { calls }) => sum + calls.length, 0)

const STRANGERS: Readonly<Record<string, string>> = {
  nobody: '',
  'a wrong key': 'isk_the-key-of-eve-in-a-test',
  'a beginning of a key': KEYS.ann.slice(0, -1),
  'a key and more': `${KEYS.ann}x`,
  'a name': 'ann',
  'the id of a principal': 'key:ann',
  'a token of another kind': 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ.',
}

describe.each(Object.keys(WAYS))('by %s', (name) => {
  const way = WAYS[name]
  test.each(Object.entries(STRANGERS))('%s is not let in', async (_who, credential) => {
    const before = reached()
    const listed = await way?.list(url, credential)
    const called = await way?.call(url, credential, 'alpha')
    expect([listed?.status, called?.status]).toEqual([401, 401])
    expect(`${listed?.text} ${called?.text}`).not.toMatch(/alpha-|beta-/)
    expect(reached()).toBe(before)
  })

  test('the token and both keys are', async () => {
    for (const credential of [TOKEN, KEYS.ann, KEYS.bob])
      expect((await way?.list(url, credential))?.status).not.toBe(401)
  })
})
