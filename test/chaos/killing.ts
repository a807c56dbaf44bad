import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { createPlace, eventually, run, start, type Place, type Running } from '../cli/program.ts'
import { urlOf } from '../cli/serving.ts'

const LEDGER_SERVER = fileURLToPath(new URL('ledger-server.ts', import.meta.url))
const ADMIN_TOKEN = 'admin-token-of-a-test'
/** Of the key with many calls, in the key with few. */
const CALLERS = 6
const SMALL_BUDGET = 25

/** What a series of kills has to be told. */
export interface Killing {
  readonly kills: number
  /** Absent: a file. */
  readonly storeUrl?: string
  /** Between 0 and 1, of a generator with a seed: what failed can be done again. */
  readonly random: () => number
  readonly onKill?: (done: number) => void
}

/** What was seen, to be compared with what has to be. */
export interface Witness {
  /** Calls whose answer came. */
  readonly acknowledged: readonly string[]
  /** Calls with a record that says that they went well. */
  readonly recorded: ReadonlySet<string>
  /** What really happened, in its order. */
  readonly effects: readonly string[]
  readonly budgets: Readonly<Record<'load' | 'small', number>>
  readonly verified: { readonly code: number | null; readonly text: string }
  readonly kills: number
  readonly approvals: number
}

interface Doors {
  readonly url: string
  readonly admin: string
}

/**
 * Serves a ledger under load and kills the gateway again and again, at random moments. In the end it is started once more and asked what
 * it knows.
 */
export async function killUnderLoad({ kills, storeUrl, random, onKill }: Killing): Promise<Witness> {
  const place = await createPlace()
  const ledger = join(place.folder, 'ledger.txt')
  const largeBudget = 40 * kills
  await place.write('isogate.yaml', configOf(ledger, largeBudget, storeUrl))
  const acknowledged: string[] = []
  let approvals = 0
  let answers = 0
  let serial = 0
  try {
    for (let done = 0; done < kills; done++) {
      const { running, doors } = await serve(place)
      const over = new AbortController()
      const load = [
        ...Array.from({ length: CALLERS }, () => callNotes('load', doors, over.signal)),
        callNotes('small', doors, over.signal),
        pay(doors, over.signal),
        pay(doors, over.signal),
      ]
      // The moment is counted from the first answer: how long a start takes says nothing.
      const before = answers
      await eventually(() => answers > before, 30_000)
      await sleep(random() * 500)
      running.child.kill('SIGKILL')
      await running.ended
      over.abort()
      await Promise.all(load)
      onKill?.(done + 1)
    }
    const last = await serve(place)
    last.running.child.kill('SIGTERM')
    await last.running.ended
    const verify = await run(place, ['audit', 'verify'])
    const text = await readFile(ledger, 'utf8').catch(() => '')
    const effects = text.split('\n').filter((line) => line !== '')
    return {
      acknowledged,
      recorded: await recordedIn(place),
      effects,
      budgets: { load: largeBudget, small: SMALL_BUDGET },
      verified: { code: verify.code, text: verify.stdout + verify.stderr },
      kills,
      approvals,
    }
  } finally {
    await place.remove()
  }

  /** Calls as fast as it can, until the gateway is gone. */
  async function callNotes(key: string, { url }: Doors, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const id = `${key}-${++serial}`
      const answer = await callTool(url, key, 'ledger__note', id)
      if (answer === undefined) return
      answers += 1
      if (answer === 'ok') acknowledged.push(`note ${id}`)
      else await sleep(20)
    }
  }

  /** Asks for a payment, approves it, and makes it; and once more, where the answer was lost. */
  async function pay({ url, admin }: Doors, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const id = `payer-${++serial}`
      const asked = await callTool(url, 'payer', 'ledger__pay', id)
      const approval = asked === undefined ? undefined : /\ba_[A-Za-z0-9_-]{20}/.exec(asked)?.[0]
      if (approval === undefined) return
      if (!(await approve(admin, approval))) return
      approvals += 1
      // Two at once: one of them finds the approval used.
      const both = await Promise.all([1, 2].map(() => callTool(url, 'payer', 'ledger__pay', id)))
      if (both.includes('ok')) acknowledged.push(`pay ${id}`)
    }
  }
}

async function serve(place: Place): Promise<{ running: Running; doors: Doors }> {
  const running = start(place, ['serve', '--log-level', 'error'])
  await eventually(() => /^Serving |^No server /m.test(running.stdout()) || running.child.exitCode !== null)
  const admin = /(http:\S+\/api\/v1)/.exec(running.stdout())?.[1]
  if (admin === undefined) throw new Error(`${running.stdout()}\n${running.stderr()}`)
  return { running, doors: { url: urlOf(running), admin } }
}

/** `ok`, or the text of what went wrong; undefined where the gateway is gone. */
async function callTool(url: string, key: string, name: string, id: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/mcp/classic`, {
      method: 'POST',
      headers: {
        'x-api-key': secretOf(key),
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name, arguments: { id } },
      }),
    })
    const text = await response.text()
    return text.includes(`done ${id}`) ? 'ok' : text
  } catch {
    return undefined
  }
}

async function approve(admin: string, id: string): Promise<boolean> {
  try {
    const response = await fetch(`${admin}/approvals/${id}/approve`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      body: '{}',
    })
    return response.ok
  } catch {
    return false
  }
}

/** A call as it is found in the audit. */
export function recordOf(call: string): string {
  const [name = '', id = ''] = call.split(' ')
  return `ledger.${name} sha256:${hash('sha256', JSON.stringify({ id }))}`
}

/** The calls that the audit says went well. */
async function recordedIn(place: Place): Promise<ReadonlySet<string>> {
  const exported = await run(place, ['audit', 'export', '--format', 'jsonl'])
  const recorded = new Set<string>()
  for (const line of exported.stdout.split('\n')) {
    if (line === '') continue
    const { event } = JSON.parse(line) as { readonly event: Readonly<Record<string, unknown>> }
    const { kind, outcome, tool, argumentsHash } = event
    if (kind === 'call' && outcome === 'ok') recorded.add(`${String(tool)} ${String(argumentsHash)}`)
  }
  return recorded
}

function secretOf(key: string): string {
  return `isk_${key}-of-a-test-and-of-nothing-else`
}

function configOf(ledger: string, largeBudget: number, storeUrl: string | undefined): string {
  const key = (id: string, budget?: number, policy: object = {}) => ({
    key: secretOf(id),
    policy,
    ...(budget === undefined
      ? {}
      : { limits: { budgets: [{ unit: 'calls', amount: budget, per: 'total' }] } }),
  })
  return JSON.stringify({
    servers: { ledger: { command: process.execPath, args: [LEDGER_SERVER, ledger] } },
    keys: {
      load: key('load', largeBudget),
      small: key('small', SMALL_BUDGET),
      payer: key('payer', undefined, { ask: ['ledger.pay'] }),
    },
    http: { port: 0 },
    admin: { port: 0, token: ADMIN_TOKEN },
    audit: { checkpointRows: 50 },
    sandbox: { warmIsolates: 0 },
    ...(storeUrl === undefined ? {} : { store: { url: storeUrl } }),
  })
}
