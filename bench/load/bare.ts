/** A pass-through that checks nothing: the least that any gateway between two HTTP sides costs. Argument: the upstream. */
import { createServer, type ServerResponse } from 'node:http'

import { Pool, type Dispatcher } from 'undici'

import { announce } from './child.ts'

const pool = new Pool(process.argv[2] ?? '', { connections: 64 })

function relay(response: ServerResponse): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = []
  let status = 502
  return {
    onRequestStart() {},
    onResponseStart(_controller, statusCode) {
      status = statusCode
    },
    onResponseData(_controller, chunk) {
      chunks.push(chunk)
    },
    onResponseEnd() {
      const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)
      response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length })
      response.end(body)
    },
    onResponseError() {
      response.writeHead(502).end()
    },
  }
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
    pool.dispatch({ path: '/', method: 'POST', headers, body: Buffer.concat(chunks) }, relay(response))
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => announce(server))
