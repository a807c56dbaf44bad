import type { CallClient } from '../../../core/client.ts'

/** The client of one call of a script, and the end of the call. */
export interface PausingClient {
  readonly client: CallClient
  /** Nobody waits for what was asked any more: the clock of the run goes on, whether or not the client ever answers. */
  readonly end: () => void
}

/** A client whose answers the clock of a run waits for, as the clocks of its calls do: no timer of a machine decides for a person. */
export function pausingClient(client: CallClient, pauseRun: () => () => void): PausingClient {
  const open = new Set<() => void>()
  const hold = (): (() => void) => {
    const resumeRun = pauseRun()
    const resume = (): void => {
      if (open.delete(resume)) resumeRun()
    }
    open.add(resume)
    return resume
  }
  return {
    client: {
      ...client,
      ask: (requests) => {
        const resume = hold()
        return client.ask(requests).finally(resume)
      },
      pause: () => {
        const resumeRun = hold()
        const resumeCall = client.pause?.()
        return () => {
          resumeRun()
          resumeCall?.()
        }
      },
    },
    end: () => {
      for (const resume of Array.from(open)) resume()
    },
  }
}
