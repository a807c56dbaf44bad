import { afterEach, describe, expect, test } from 'vitest'

import { run } from './program.ts'
import { endAll, ping, place, serve, tokenOf } from './serving.ts'

afterEach(endAll)

describe('the token', () => {
  test('is printed once, kept as a hash, and replaced on demand', async () => {
    const where = await place({})
    const first = await serve(where)
    const token = tokenOf(first)
    expect((await ping(first.url, token)).status).toBe(200)
    expect((await ping(first.url, 'wrong')).status).toBe(401)
    first.child.kill('SIGTERM')
    await first.ended

    const second = await serve(where)
    expect(second.stdout()).not.toContain('isg_')
    expect((await ping(second.url, token)).status).toBe(200)
    second.child.kill('SIGTERM')
    await second.ended

    const third = await serve(where, ['--new-token'])
    expect(third.stdout()).toContain('isg_')
    expect((await ping(third.url, token)).status).toBe(401)
  })

  test('of the environment takes its place and is not printed', async () => {
    const given = 'given-by-the-environment'
    const made = await place({})
    const where = { ...made, env: { ...made.env, ISOGATE_TOKEN: given } }
    const { url, stdout } = await serve(where)
    expect((await ping(url, given)).status).toBe(200)
    expect(stdout()).not.toContain(given)
    expect(stdout()).not.toContain('isg_')
    expect(await run(where, ['serve', '--new-token'])).toMatchObject({ code: 2 })
    const short = { ...made, env: { ...made.env, ISOGATE_TOKEN: 'short' } }
    const refused = await run(short, ['serve'])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('at least 16')
  })
})
