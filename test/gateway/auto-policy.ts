/**
 * The configuration of a test that is about something else: what a script calls needs nobody's approval, unless the test says so.
 */
export function withAuto(document: object): object {
  const { policy = {} } = document as { policy?: object }
  return { ...document, policy: { auto: ['*'], ...policy } }
}
