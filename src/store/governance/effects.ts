import type { EffectRecord, EffectStore } from '../../core/approval.ts'
import { GatewayError } from '../../core/errors.ts'
import type { Json } from '../../core/json.ts'
import { isKey } from '../keys.ts'
import type { PartPorts } from '../ports.ts'
import { placeOf } from '../sealing.ts'

/**
 * Calls with effects, by owner, run and key. Each is written by one statement: of two that begin the same exactly one does. Only the beginning
 * waits for the disk: where a power cut takes the end away, nobody knows how the call ended, and it is not made again.
 */
export function createEffects({ sql, looseSql, clock, limits, seal, attempt }: PartPorts): EffectStore {
  const of = (owner: string, runId: string, runKey: string) => ({ owner, runId, runKey })

  async function load(owner: string, runId: string, runKey: string): Promise<EffectRecord | undefined> {
    const row = await sql
      .selectFrom('effect')
      .select(['tool', 'argumentsHash', 'outcome'])
      .where((effect) => effect.and(of(owner, runId, runKey)))
      .executeTakeFirst()
    if (row === undefined) return undefined
    const { outcome, ...effect } = row
    if (outcome === null) return effect
    const json = seal.open(outcome, placeOf('effect.outcome', owner, runId, runKey))
    return { ...effect, outcome: JSON.parse(json) as Json }
  }

  return {
    begin: (owner, run, key, { tool, argumentsHash }) =>
      attempt(async () => {
        if (![owner, run, key].every((name) => isKey(name, limits)))
          throw new GatewayError('store_full', `A name is longer than ${limits.keyChars} characters.`)
        for (;;) {
          const { numInsertedOrUpdatedRows } = await sql
            .insertInto('effect')
            .values({
              ...of(owner, run, key),
              tool,
              argumentsHash,
              beganAtMs: Math.floor(clock.nowMs()),
              outcome: null,
            })
            .onConflict((conflict) => conflict.doNothing())
            .executeTakeFirst()
          if (numInsertedOrUpdatedRows === 1n) return undefined
          const known = await load(owner, run, key)
          // Nothing: it was undone in between, so it may be begun.
          if (known !== undefined) return known
        }
      }),
    end: (owner, run, key, outcome) =>
      attempt(async () => {
        const json = JSON.stringify(outcome)
        if (json.length > limits.run.runBytes)
          throw new GatewayError('store_full', 'What the call gave is larger than a run may be.')
        await looseSql
          .updateTable('effect')
          .set({ outcome: seal.seal(json, placeOf('effect.outcome', owner, run, key)) })
          .where((effect) => effect.and(of(owner, run, key)))
          .execute()
      }),
    undo: (owner, run, key) =>
      attempt(async () => {
        await looseSql
          .deleteFrom('effect')
          .where((effect) => effect.and(of(owner, run, key)))
          .where('outcome', 'is', null)
          .execute()
      }),
    forget: (owner, run) =>
      attempt(async () => {
        await looseSql.deleteFrom('effect').where('owner', '=', owner).where('runId', '=', run).execute()
      }),
  }
}
