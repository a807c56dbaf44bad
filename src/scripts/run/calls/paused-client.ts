import type { CallClient } from '../../../core/client.ts'

/** A client whose answers the clock of a run waits for, as the clocks of its calls do: no timer of a machine decides for a person. */
export function pausingClient(client: CallClient, pauseRun: () => () => void): CallClient {
  return {
    ...client,
    ask: (requests) => {
      const resume = pauseRun()
      return client.ask(requests).finally(resume)
    },
    pause: () => {
      const resumeRun = pauseRun()
      const resumeCall = client.pause?.()
      return () => {
        resumeRun()
        resumeCall?.()
      }
    },
  }
}
