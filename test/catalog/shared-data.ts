import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ToolSpec } from '../../src/core/tool.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts'

/** Real tools and queries lie beside the checkout and are not part of it: their texts are other people's. */
const FOLDER = resolve(import.meta.dirname, '../../../shared/data')

export const HAS_SHARED_DATA = existsSync(resolve(FOLDER, 'tools.json'))

/** What a skipped suite says. */
export const SKIPPED = HAS_SHARED_DATA ? '' : ' (skipped: ../shared/data is absent)'

/** A file of records, `.json` or `.jsonl`; one that is a single object is one record. */
export function readRecords(file: string): JsonObject[] {
  const text = readFileSync(resolve(FOLDER, file), 'utf8')
  const parsed: Json = file.endsWith('.jsonl')
    ? text
        .trim()
        .split('\n')
        .map((line): Json => JSON.parse(line))
    : JSON.parse(text)
  return (Array.isArray(parsed) ? parsed : [parsed]).filter(isJsonObject)
}

/** The record of a tool as a spec. */
export function toSpec(record: JsonObject): ToolSpec {
  const { description, inputSchema, outputSchema } = record
  return {
    ref: { server: asText(record['server']), name: asText(record['name']) },
    ...(typeof description === 'string' ? { description } : {}),
    inputSchema: isJsonObject(inputSchema) ? inputSchema : { type: 'object' },
    ...(isJsonObject(outputSchema) ? { outputSchema } : {}),
    definition: record,
  }
}

/** A member that is text, or nothing. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
