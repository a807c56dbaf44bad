import { randomUUID } from 'node:crypto'

import type { Call } from '../../src/core/call.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { Result } from '../../src/core/result.ts'
import { openHouse, type House, type HouseParts } from '../gateway/open-house.ts'

/** A gateway with real cells, and the tools of Code Mode as a client would call them. */
export interface ScriptHouse extends AsyncDisposable {
  readonly house: House
  readonly run: (code: string, more?: RunMore) => Promise<Result>
  readonly resume: (run: string, owner?: string) => Promise<Result>
  readonly call: (name: string, args: JsonObject, more?: Partial<Call>) => Promise<Result>
}

interface RunMore {
  readonly args?: JsonObject
  readonly call?: Partial<Call>
}

/** Who calls, where a test says nothing else. */
const OWNER = 'ada'

export function openScriptHouse(parts: HouseParts): ScriptHouse {
  const house = openHouse(parts)
  const call: ScriptHouse['call'] = (name, args, more = {}) =>
    house.gateway.handler(
      Object.freeze<Call>({
        id: randomUUID(),
        door: 'mcp',
        principal: { id: OWNER, kind: 'token' },
        tool: { server: 'code', name },
        args,
        signal: new AbortController().signal,
        ...more,
      }),
    )
  return {
    house,
    call,
    run: (code, { args = {}, call: more = {} } = {}) => call('run_script', { code, ...args }, more),
    resume: (run, owner = OWNER) =>
      call('run_script', { resume: run }, { principal: { id: owner, kind: 'token' } }),
    [Symbol.asyncDispose]: () => house.close(),
  }
}

/** The texts of a result: what became of the run first. */
export function textsOf({ content }: Result): readonly string[] {
  return content.flatMap(({ text }) => (typeof text === 'string' ? [text] : []))
}

/** The first of them: the value, the failure, or what else became of the run. */
export function mainText(result: Result): string {
  return textsOf(result)[0] ?? ''
}

/** What a run tells programs. */
export function runMeta({ _meta: meta }: Result): JsonObject {
  return (meta?.['isogate/run'] ?? {}) as JsonObject
}

/** The id of a run. */
export function runId(result: Result): string {
  const { id } = runMeta(result)
  return typeof id === 'string' ? id : ''
}
