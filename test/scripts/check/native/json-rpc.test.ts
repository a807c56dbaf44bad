import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'

import { createRpcLink } from '../../../../src/scripts/check/native/json-rpc.ts'

function connect(maxBytes = 1_000) {
  const [input, output] = [new PassThrough(), new PassThrough()]
  let broken = 0
  const link = createRpcLink(
    { input, output },
    (method) => `answer to ${method}`,
    maxBytes,
    () => {
      broken += 1
    },
  )
  const frame = (message: object): string => {
    const body = JSON.stringify(message)
    return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  }
  return { link, input, output, frame, broken: () => broken }
}

describe('JSON-RPC link', () => {
  it('puts an answer together from pieces of any size', async () => {
    const { link, input, frame } = connect()
    const first = link.request('a', {})
    const second = link.request('b', {})
    const bytes = Buffer.from(frame({ id: 2, result: 'zwei ä' }) + frame({ id: 1, result: ['eins'] }))
    for (let at = 0; at < bytes.length; at += 3) input.write(bytes.subarray(at, at + 3))
    expect(await first).toEqual(['eins'])
    expect(await second).toBe('zwei ä')
  })

  it('answers questions', async () => {
    const { input, output, frame } = connect()
    const written = new Promise<string>((resolve) =>
      output.once('data', (chunk: Buffer) => resolve(String(chunk))),
    )
    input.write(frame({ id: 7, method: 'readFile', params: 'x' }))
    expect(await written).toContain('"id":7,"result":"answer to readFile"')
  })

  it.each([
    ['no header', `${'x'.repeat(400)}\r\n\r\n`],
    ['a header without an end', 'y'.repeat(4_000)],
    ['a message that is too large', 'Content-Length: 5000\r\n\r\n'],
    ['no JSON', 'Content-Length: 3\r\n\r\n{x}'],
    ['no message', 'Content-Length: 1\r\n\r\n1'],
  ])('breaks on %s', async (_, bytes) => {
    const { input, broken } = connect()
    input.write(bytes)
    await new Promise(setImmediate)
    expect(broken()).toBeGreaterThan(0)
  })

  it('rejects what is asked when it ends or is refused', async () => {
    const { link, input, frame } = connect()
    const refused = link.request('a', {})
    input.write(frame({ id: 1, error: { code: 1, message: 'no' } }))
    await expect(refused).rejects.toThrow('refused')
    const open = link.request('b', {})
    link.end('over')
    await expect(open).rejects.toThrow('over')
  })
})
