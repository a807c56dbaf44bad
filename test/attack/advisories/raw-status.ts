import { request } from 'node:http'

/** The status of a request whose headers go over the wire as they are here: `fetch` would set Host itself, and normalise the path. */
export function rawStatus(
  origin: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): Promise<number> {
  return rawAnswer(origin, method, path, headers, body).then(({ status }) => status)
}

/** The same with the body of the answer; an event stream is left at its beginning. */
export function rawAnswer(
  origin: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): Promise<{ readonly status: number; readonly text: string }> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, method, path, agent: false, headers: { 'content-length': body.length, ...headers } },
      (response) => {
        let text = ''
        const end = (): void => {
          resolve({ status: response.statusCode ?? 0, text })
          response.destroy()
        }
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.once('end', end).once('error', end)
        if (response.headers['content-type']?.startsWith('text/event-stream') === true) end()
      },
    )
    sent.once('error', reject)
    sent.end(body)
  })
}
