import type { Figure } from '../figure.ts'
import { startPeer, type Peer } from './child.ts'
import { measureClosed } from './closed.ts'
import { startDriver } from './driver.ts'
import { measureMemory } from './memory.ts'
import { measureRates } from './rates.ts'

/**
 * The figures of `npm run bench -- load`: what a call over HTTP costs the gateway's process, what the gateway adds to it, how many calls a second stay
 * below a latency, and memory; against a pass-through that checks nothing and against the SDK on both sides. The load, each gateway and the
 * upstream are processes of their own; all of it stays on loopback and takes less than three minutes.
 */
export async function measureLoad(): Promise<readonly Figure[]> {
  const started: { readonly stop: () => Promise<void> }[] = []
  const start = async <One extends { readonly stop: () => Promise<void> }>(
    starting: Promise<One>,
  ): Promise<One> => {
    const one = await starting
    started.push(one)
    return one
  }
  const peer = (file: string, ...args: readonly string[]): Promise<Peer> => start(startPeer(file, ...args))
  try {
    const driver = await start(startDriver())
    const direct = await peer('upstream.ts')
    const many = await peer('upstream.ts', '20')
    const bare = await peer('bare.ts', direct.url)
    const governed = await peer('governed.ts', '1', direct.url)
    const sdk = await peer('sdk.ts', direct.url)
    const wide = await peer('governed.ts', '50', many.url)
    tell('processor time and latency, closed loop')
    const closed = await measureClosed(driver, { direct, bare, sdk, governed, wide })
    tell('highest rates, open loop')
    const bareTarget = { url: bare.url, tool: 'echo' }
    const rates = await measureRates(driver, bareTarget, { url: governed.url, tool: 's0__echo' })
    tell('memory')
    return [...closed, ...rates, ...(await measureMemory(driver, direct))]
  } finally {
    await Promise.all(started.map(({ stop }) => stop()))
  }
}

function tell(what: string): void {
  process.stderr.write(`  ${what}\n`)
}
