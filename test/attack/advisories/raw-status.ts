import { request } from 'node:http'

/** How long a stream is listened to that says nothing. */
const STREAM_MS = 300

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

/** The same with the body of the answer; an event stream is left after its first message, or soon where none comes. */
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
        if (response.headers['content-type']?.startsWith('text/event-stream') !== true) return
        const timer = setTimeout(end, STREAM_MS)
        response
          .on('data', () => /^data: ?\S.*\n\n/m.test(text) && end())
          .once('close', () => clearTimeout(timer))
      },
    )
    sent.once('error', reject)
    sent.end(body)
  })
}
