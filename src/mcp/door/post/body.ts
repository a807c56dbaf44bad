import type { IncomingMessage } from 'node:http'

/** Reads a body of at most `maxBytes`; undefined where it is longer. Rejects where the client goes away. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length
      chunks.push(chunk)
      if (bytes <= maxBytes) return
      request.pause()
      finish()
      resolve(undefined)
    }
    const onEnd = (): void => {
      finish()
      resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, bytes))
    }
    const onClose = (): void => {
      finish()
      if (!request.complete) reject(new Error('the client went away'))
    }
    // A stream that stays open for hours must not keep its request.
    const finish = (): void => {
      request.off('data', onData).off('end', onEnd).off('close', onClose)
    }
    request.on('data', onData).on('end', onEnd).on('close', onClose)
    request.once('error', reject)
  })
}
