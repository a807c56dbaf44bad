import { hash } from 'node:crypto'

import { isJsonObject, type Json } from '../../core/json.ts'
import type { RecordedAnswer, RunRecord, RunTurn } from '../../core/run.ts'

/** What is recorded of the arguments of a call: SHA-256 of their JSON text, hexadecimal. */
export function hashArguments(text: string): string {
  return hash('sha256', text, 'hex')
}

/**
 * Reads a record that was stored, or gives undefined where it is none: a member is missing or of another type, a key comes twice, or
 * the texts are longer than `maxBytes` together. Takes what it knows and leaves the rest.
 */
export function parseRunRecord(value: Json | undefined, maxBytes: number): RunRecord | undefined {
  if (!isJsonObject(value)) return undefined
  const { startedAtMs, seed, turns } = value
  if (!isTime(startedAtMs) || !isSeed(seed) || !Array.isArray(turns)) return undefined
  const keys = new Set<string>()
  let bytes = 0
  const read: RunTurn[] = []
  for (const turn of turns as readonly Json[]) {
    if (!isJsonObject(turn) || !isTime(turn['atMs']) || !Array.isArray(turn['answers'])) return undefined
    const answers: RecordedAnswer[] = []
    for (const item of turn['answers'] as readonly Json[]) {
      const answer = readAnswer(item)
      if (answer === undefined || keys.has(answer.key)) return undefined
      keys.add(answer.key)
      bytes += Buffer.byteLength(answer.text)
      if (bytes > maxBytes) return undefined
      answers.push(answer)
    }
    // A turn without an answer would be one that never happened.
    if (answers.length === 0) return undefined
    read.push({ atMs: turn['atMs'], answers })
  }
  return { startedAtMs, seed, turns: read }
}

function readAnswer(item: Json): RecordedAnswer | undefined {
  if (!isJsonObject(item)) return undefined
  const { key, call, argumentsHash, ok, text, line } = item
  if (typeof key !== 'string' || typeof call !== 'string' || typeof argumentsHash !== 'string')
    return undefined
  if (typeof ok !== 'boolean' || typeof text !== 'string' || !isJsonText(text)) return undefined
  return { key, call, argumentsHash, ok, text, ...(isTime(line) ? { line } : {}) }
}

/** The guest parses it; what is no JSON would end its turn in the middle. */
function isJsonText(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function isTime(value: Json | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isSeed(value: Json | undefined): value is number {
  return isTime(value) && value < 2 ** 32
}
