import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Figure } from '../figure.ts'
import { installPackages, readPackages } from './install.ts'
import { measurePassThrough } from './pass-through.ts'
import { measureScripts } from './scripts.ts'

/**
 * The figures of `npm run bench -- peers`: other projects in the harness of this one, each in the version of packages.json and set up as it advises. They are
 * installed into a folder that is gone afterwards. What cannot be installed or started is a line with the reason.
 */
export async function measurePeers(): Promise<readonly Figure[]> {
  const parent = await mkdtemp(join(tmpdir(), 'isogate-peers-'))
  try {
    const packages = await readPackages()
    const folderOf = (peer: string): Promise<string> => {
      process.stderr.write(`  installing ${(packages[peer] ?? []).join(', ')}\n`)
      return installPackages(parent, peer, packages[peer] ?? [])
    }
    const passThrough = await measurePassThrough(({ peer }) =>
      peer === undefined ? Promise.resolve(parent) : folderOf(peer),
    )
    return [...passThrough, ...(await measureScripts(folderOf))]
  } finally {
    await rm(parent, { recursive: true, force: true })
  }
}
