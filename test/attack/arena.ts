import { randomUUID } from 'node:crypto'

import { openGateway, systemClock } from '../../src/assemble.ts'
import { compileConfig, type Plan, type SandboxPlan } from '../../src/config/compile.ts'
import { CONFIG_SCHEMA, toConfig } from '../../src/config/schema.ts'
import type { Call } from '../../src/core/call.ts'
import { GatewayError } from '../../src/core/errors.ts'
import type { RunLimits } from '../../src/core/run.ts'
import type { Result } from '../../src/core/result.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { createInstantBackend, type InstantBackend } from './backend.ts'
import { cellPids, waitUntil } from './cell-processes.ts'
import { withAuto } from '../gateway/auto-policy.ts'

/** How a run ended, read off the answer that a client of the gateway would get. */
export interface Ending {
  /** `ok`, or a code of the error table. */
  readonly code: string
  /** The value or the error, as text. */
  readonly text: string
  /** The other texts: logs, calls that were not awaited. */
  readonly notes: readonly string[]
}

type Cells = Omit<SandboxPlan, 'limits'>

/** A real gateway with real cells and one upstream of instant tools. */
export interface Arena {
  readonly gateway: Gateway
  readonly upstream: InstantBackend
  readonly plan: Plan
  /** Runs a script as a call of `code.run_script`, all the way through the layers. */
  readonly run: (code: string, owner?: string, signal?: AbortSignal) => Promise<Ending>
  readonly close: () => Promise<void>
}

/** Small limits, so that an attack ends soon. Times leave room for a busy machine: honest runs need a hundredth. */
const LIMITS: Partial<RunLimits> = {
  cpuMs: 600,
  wallMs: 5_000,
  memoryMb: 64,
  calls: 200,
  logBytes: 65_536,
  argumentBytes: 1_048_576,
  resultBytes: 1_048_576,
  valueBytes: 262_144,
}

/** Resident memory of a cell at which it is ended. */
const CELL_MEMORY_MB = 300

/** The owner of runs that name none. */
export const ATTACKER = 'mallory'

/** Starts a gateway, with other limits of a run and other cells where they are given. */
export function openArena(limits: Partial<RunLimits> = {}, cells: Partial<Cells> = {}): Arena {
  const plan = compileConfig(
    toConfig(
      CONFIG_SCHEMA.parse({
        ...withAuto({ servers: { test: { command: 'none' } } }),
        // An attack is to meet the sandbox, not the check.
        codeMode: { check: 'off' },
        sandbox: { maxCells: 8, cellMemoryMb: CELL_MEMORY_MB, ...cells, limits: { ...LIMITS, ...limits } },
      }),
    ),
    '/',
  )
  const upstream = createInstantBackend()
  const gateway = openGateway(plan, {
    clock: systemClock,
    version: '0.0.0',
    log: { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} },
    createUpstream: () => upstream,
  })
  return {
    gateway,
    upstream,
    plan,
    async run(code, owner = ATTACKER, signal = new AbortController().signal) {
      const call: Call = {
        id: randomUUID(),
        door: 'mcp',
        principal: { id: owner, kind: 'token' },
        tool: { server: 'code', name: 'run_script' },
        args: { code },
        signal,
      }
      try {
        return toEnding(await gateway.handler(call))
      } catch (error) {
        // A refusal is an end too; anything but a GatewayError is a fault of the gateway.
        if (error instanceof GatewayError) return { code: error.code, text: error.message, notes: [] }
        throw error
      }
    },
    async close() {
      await gateway.close()
      if (!(await waitUntil(() => cellPids().length === 0))) throw new Error('Cells are left over.')
    },
  }
}

function toEnding({ content, isError, _meta }: Result): Ending {
  const [text = '', ...notes] = content.map(({ text: one }) => (typeof one === 'string' ? one : ''))
  const run = _meta?.['isogate/run'] as { failure?: { code?: string } } | undefined
  return { code: isError === true ? (run?.failure?.code ?? 'no code') : 'ok', text, notes }
}
