/** The process that makes the load, so that it takes no time of whoever measures and of what is measured. Jobs come and go by messages. */
import { callInLoop } from './generator.ts'
import type { Job, Outcome } from './driver.ts'
import { callAtRate, type PacedLoad } from './open-loop.ts'

process.on('message', (job: Job) => void answer(job))
process.on('disconnect', () => process.exit())
process.send?.('ready')

async function answer(job: Job): Promise<void> {
  try {
    tell({ load: await toLoad(job) })
  } catch (error) {
    tell({ error: String(error) })
  }
}

async function toLoad(job: Job): Promise<PacedLoad> {
  if (job.pace !== undefined) return callAtRate(job.target, job.pace)
  const { url, tool, ...more } = job.target
  const load = await callInLoop(url, tool, job.connections, job.forMs, more)
  return { ...load, failed: 0, lateMs: 0 }
}

function tell(outcome: Outcome): void {
  process.send?.(outcome)
}
