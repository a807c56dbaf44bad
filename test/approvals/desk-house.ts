import { randomBytes, randomUUID } from 'node:crypto'

import { systemClock } from '../../src/assemble.ts'
import { createApprovalDesk, type ApprovalDesk } from '../../src/approvals/desk.ts'
import { createCatalog } from '../../src/catalog/catalog.ts'
import type { ApprovalsPlan } from '../../src/config/schema/approvals.ts'
import type { Approval } from '../../src/core/approval.ts'
import type { Audit, AuditEvent } from '../../src/core/audit.ts'
import type { Call, Handler, Layer } from '../../src/core/call.ts'
import type { CallClient, ClientRequest } from '../../src/core/client.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { Clock } from '../../src/core/ports.ts'
import type { Result } from '../../src/core/result.ts'
import type { Sandbox } from '../../src/core/run.ts'
import type { Store } from '../../src/core/store.ts'
import { toolKey, type ToolSpec } from '../../src/core/tool.ts'
import { compose } from '../../src/policy/compose.ts'
import { matchesGlob } from '../../src/core/glob.ts'
import { createDispatch } from '../../src/policy/dispatch.ts'
import { createApproveLayer } from '../../src/policy/layers/approve.ts'
import { createJournalLayer } from '../../src/policy/layers/journal.ts'
import { createSimulateLayer } from '../../src/policy/layers/simulate.ts'
import { createScriptBackend } from '../../src/scripts/backend.ts'
import { createSandbox } from '../../src/scripts/cells/sandbox.ts'
import { createScriptChecker } from '../../src/scripts/check/create.ts'
import { openMemoryStore } from '../../src/store/store.ts'
import { handMadeBackend, type HandMadeBackend, type HandMadeTool } from '../gateway/hand-made-backend.ts'
import { housePlan } from '../gateway/open-house.ts'
import { callOf } from '../policy/call-of.ts'

/** What a test says of its house. */
export interface DeskHouseParts {
  /** The tools of the server `shop`. */
  readonly tools: Readonly<Record<string, HandMadeTool>>
  /** Globs of the tools whose calls need an approval. */
  readonly asks: readonly string[]
  /** Globs of the tools of which the operator says that they only read. */
  readonly readOnly?: readonly string[]
  readonly settings?: Partial<ApprovalsPlan>
  /** Absent: what happens is only noted. */
  readonly audit?: Pick<Audit, 'record' | 'requireReady'>
  /** Absent: one in memory. The house does not close one that it was given. */
  readonly store?: Store
  readonly clock?: Clock
  readonly owner?: string
  /** Cells that several houses share; the house does not close them. Absent: some of its own. */
  readonly sandbox?: Sandbox
}

/** A desk, the layer before it, one server and the script engine with real cells: what a gateway makes of them. */
export interface DeskHouse extends AsyncDisposable {
  readonly store: Store
  readonly desk: ApprovalDesk
  readonly shop: HandMadeBackend
  readonly events: readonly AuditEvent[]
  readonly asked: readonly Approval[]
  /** Stands behind the tools; another one voids approvals. */
  readonly ground: { fingerprint: string }
  readonly settings: { -readonly [Name in keyof ApprovalsPlan]: ApprovalsPlan[Name] }
  readonly handler: Handler
  readonly call: (tool: string, args?: JsonObject, more?: Partial<Call>) => Promise<Result>
  readonly run: (code: string, more?: Partial<Call> & { readonly given?: JsonObject }) => Promise<Result>
  readonly resume: (run: string, given?: JsonObject, more?: Partial<Call>) => Promise<Result>
  /** Arguments of the calls that reached the server, by tool. */
  readonly made: (tool: string) => readonly JsonObject[]
  readonly pending: () => Promise<readonly Approval[]>
}

const DAY_MS = 86_400_000

export function openDeskHouse(parts: DeskHouseParts): DeskHouse {
  const { clock = systemClock, owner = 'ada' } = parts
  const store = parts.store ?? openMemoryStore({ clock, random: randomBytes })
  const plan = housePlan({
    servers: { shop: parts.tools },
    config: { policy: { readOnly: [...(parts.readOnly ?? [])] } },
  })
  const shop = handMadeBackend('shop', parts.tools)
  const events: AuditEvent[] = []
  const asked: Approval[] = []
  const ground = { fingerprint: 'one' }
  const settings: DeskHouse['settings'] = {
    ttlMs: DAY_MS,
    fourEyes: false,
    elicitation: true,
    resume: false,
    ...parts.settings,
  }
  const specOf = (key: string): ToolSpec | undefined => shop.tools().find(({ ref }) => toolKey(ref) === key)
  const desk = createApprovalDesk({
    store: store.approvals,
    settings: () => settings,
    groundOf: (tool) => {
      const definition = specOf(toolKey(tool))?.definition
      return { ...(definition === undefined ? {} : { definition }), fingerprint: ground.fingerprint }
    },
    clock,
    random: randomBytes,
    note: (event) => void events.push(event),
    ...(parts.audit === undefined ? {} : { audit: parts.audit }),
    onAsked: (approval) => void asked.push(approval),
  })
  const { limits } = plan.sandbox
  const code = createScriptBackend({
    host: () => ({
      handler,
      snapshot: () => ({
        catalog: createCatalog({ revision: 1, specs: shop.tools() }),
        search: () => {
          throw new Error('Nobody searches here.')
        },
        index: () => {
          throw new Error('Nobody looks here.')
        },
      }),
      configuration: () => ({ plan }),
      isVisible: () => true,
    }),
    sandbox:
      parts.sandbox === undefined ? openCells(clock) : { ...parts.sandbox, close: () => Promise.resolve() },
    checker: createScriptChecker({}),
    learned: { observe: () => {}, softOf: () => undefined, version: () => 0 },
    store,
    approvals: desk,
    limits,
    clock,
    newId: randomUUID,
    account: () => ({}),
  })
  const judge: Layer = (next) => (call) => {
    const asks = parts.asks.some((glob) => matchesGlob(glob, toolKey(call.tool)))
    if (call.trail !== undefined) {
      call.trail.verdict = asks ? 'ask' : 'allow'
      call.trail.rule = 'rule of the test'
    }
    return next(call)
  }
  const handler: Handler = compose(
    [
      createJournalLayer({ write: () => {} }, clock, (_reference, cause) => {
        throw cause
      }),
      judge,
      createApproveLayer(desk),
      createSimulateLayer(() => ({ content: [{ type: 'text', text: 'simulated' }] })),
    ],
    createDispatch((server) => (server === 'shop' ? shop : code)),
  )
  const call: DeskHouse['call'] = (tool, args = {}, more = {}) =>
    handler(callOf(tool, args, { id: randomUUID(), principal: { id: owner, kind: 'token' }, ...more }))
  return {
    store,
    desk,
    shop,
    events,
    asked,
    ground,
    settings,
    handler,
    call,
    run: (source, { given = {}, ...more } = {}) =>
      call('code.run_script', { code: source, check: 'off', ...given }, more),
    resume: (run, given = {}, more = {}) => call('code.run_script', { resume: run, ...given }, more),
    made: (tool) => shop.calls.filter((each) => each.tool.name === tool).map(({ args }) => args),
    pending: () => store.approvals.list({ state: 'pending' }),
    async [Symbol.asyncDispose]() {
      desk.close()
      await code.close()
      if (parts.store === undefined) await store.close()
    },
  }
}

/** Cells as a gateway has them. */
export function openCells(clock: Clock = systemClock): Sandbox {
  const { limits, ...cells } = housePlan({ servers: {} }).sandbox
  return createSandbox({ ...cells, memoryMb: limits.memoryMb, maxFrameBytes: 64 * 1_048_576, clock })
}

/** A person at a client, who answers each elicitation as the test says. */
export function personAt(
  answer: (message: string, choices: readonly string[]) => JsonObject | Promise<JsonObject>,
): { readonly client: CallClient; readonly questions: readonly string[] } {
  const questions: string[] = []
  const one = async ({ params }: ClientRequest): Promise<JsonObject> => {
    const message = typeof params['message'] === 'string' ? params['message'] : ''
    questions.push(message)
    const schema = params['requestedSchema'] as {
      properties: { decision: { enum: readonly string[] } }
    }
    return answer(message, schema.properties.decision.enum)
  }
  const client: CallClient = {
    capabilities: { elicitation: {} },
    ask: async (requests) =>
      Object.fromEntries(
        await Promise.all(Object.entries(requests).map(async ([key, request]) => [key, await one(request)])),
      ) as Record<string, JsonObject>,
    tell: () => {},
  }
  return { client, questions }
}

/** The answer of a person who chooses from the form. */
export function chosen(decision: string | undefined): JsonObject {
  return { action: 'accept', content: { decision: decision ?? '' } }
}
