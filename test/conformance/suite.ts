import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { parse } from 'yaml'

import { installOnDemand } from '../on-demand.ts'
import { endWithUs } from './child.ts'

const SUITE = '@modelcontextprotocol/conformance'
const VERSION = '0.2.0-alpha.12'

/** The revisions of MCP whose requirements are frozen in the suite. */
export const SETS = ['2025-11-25', '2026-07-28'] as const

export type RequirementSet = (typeof SETS)[number]

/** Which side of the protocol is looked at. */
export type Leg = 'server' | 'client'

/** How a run of the suite ended. */
export interface SuiteRun {
  readonly code: number
  readonly output: string
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly onLine?: (line: string) => void
}

/** The official conformance suite, installed. */
export interface Suite {
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<SuiteRun>
  /** The scenarios that a revision requires, in the suite's order. */
  readonly scored: (set: RequirementSet, leg: Leg) => Promise<readonly string[]>
}

/** Installs the suite where it is not there yet. */
export async function installSuite(): Promise<Suite> {
  const home = join(await installOnDemand([`${SUITE}@${VERSION}`]), 'node_modules', SUITE)
  return {
    run: (args, options = {}) => runSuite([join(home, 'dist/index.js'), ...args], options),
    scored: async (set, leg) => {
      const text = await readFile(join(home, 'requirements', `${set}.yaml`), 'utf8')
      return (parse(text) as Record<Leg, string[]>)[leg]
    },
  }
}

async function runSuite(args: readonly string[], { env, onLine }: RunOptions): Promise<SuiteRun> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  endWithUs(child)
  const lines: string[] = []
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (line) => {
      lines.push(line)
      onLine?.(line)
    })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code: code ?? 1, output: lines.join('\n') }
}
