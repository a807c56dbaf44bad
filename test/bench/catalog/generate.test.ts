import { createHash } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { generateCatalog, MAX_GENERATED } from '../../../src/bench/catalog/generate.ts'
import { DOMAINS } from '../../../src/bench/catalog/made/domains.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { RESERVED_SERVER_NAMES, SERVER_NAME_PATTERN, toolKey, type ToolSpec } from '../../../src/core/tool.ts'
import { countText } from '../../../src/tokens/count.ts'

const ALL = generateCatalog(MAX_GENERATED)
const FIRST = ALL.slice(0, 1_000)

/** Measured over real tools, o200k_base. */
const REAL = { median: 97, mean: 149, p95: 380 }

function tokensOf({ ref, description, inputSchema }: ToolSpec): number {
  return countText(JSON.stringify({ name: ref.name, description, inputSchema }))
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(share * sorted.length)] ?? 0
}

function shareOf(specs: readonly ToolSpec[], holds: (spec: ToolSpec) => boolean): number {
  return specs.filter(holds).length / specs.length
}

function propertiesOf({ inputSchema }: ToolSpec): readonly JsonObject[] {
  return Object.values((inputSchema['properties'] ?? {}) as Readonly<Record<string, JsonObject>>)
}

describe('the generated catalog', () => {
  it.each([1_000, 5_000])(
    'has in its first %i tools the sizes of real ones, give or take a twentieth',
    (count) => {
      const tokens = ALL.slice(0, count)
        .map(tokensOf)
        .sort((a, b) => a - b)
      const found = {
        median: quantile(tokens, 0.5),
        mean: tokens.reduce((sum, size) => sum + size, 0) / count,
        p95: quantile(tokens, 0.95),
      }
      for (const name of ['median', 'mean', 'p95'] as const) {
        expect(Math.abs(found[name] / REAL[name] - 1), `${name} ${found[name]}`).toBeLessThan(0.05)
      }
    },
  )

  it('is the same on every machine', () => {
    const digest = createHash('sha256').update(JSON.stringify(FIRST)).digest('hex')
    expect(digest).toBe('ac0a460793d72a3d515674c1cb348f13db79afc589243f6fbad1b62a8a87691d')
  })

  it.each([0, 1, 10, 49, 50, 51, 96, 508, 999])('of %i tools is the beginning of a larger one', (count) => {
    expect(generateCatalog(count)).toEqual(ALL.slice(0, count))
  })

  it.each([-1, 1.5, MAX_GENERATED + 1, Number.NaN])('cannot have %d tools', (count) => {
    expect(() => generateCatalog(count)).toThrow(RangeError)
  })

  it('has servers of 4 to 60 tools with allowed names, and no tool twice', () => {
    const servers = Map.groupBy(ALL, ({ ref }) => ref.server)
    const sizes = [...servers.values()].slice(0, -1).map((own) => own.length)
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(4)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(60)
    for (const name of servers.keys()) expect(name).toMatch(SERVER_NAME_PATTERN)
    for (const name of RESERVED_SERVER_NAMES) expect(servers.has(name)).toBe(false)
    expect(new Set(ALL.map(({ ref }) => toolKey(ref))).size).toBe(ALL.length)
    for (const { ref } of ALL) expect(ref.name).toMatch(/^[A-Za-z][\w-]{0,63}$/)
  })

  it('is about many things, and hardly repeats a description', () => {
    expect(DOMAINS.length).toBeGreaterThanOrEqual(60)
    const descriptions = ALL.flatMap(({ description }) => description ?? [])
    expect(1 - new Set(descriptions).size / descriptions.length).toBeLessThan(0.02)
    expect(descriptions.filter((text) => /\{\w*\}/.test(text.replaceAll(/^\{.*\}$/gm, '')))).toEqual([])
  })

  it('has the variety of real schemas', () => {
    const properties = ALL.flatMap(propertiesOf)
    const described = properties.filter(({ description }) => description !== undefined).length
    expect(properties.length / ALL.length).toBeGreaterThan(2)
    expect(properties.length / ALL.length).toBeLessThan(2.7)
    expect(described / properties.length).toBeGreaterThan(0.55)
    const shares = {
      silent: shareOf(ALL, ({ description }) => description === undefined),
      bare: shareOf(ALL, (spec) => propertiesOf(spec).length === 0),
      declared: shareOf(ALL, ({ outputSchema }) => outputSchema !== undefined),
      annotated: shareOf(ALL, ({ annotations }) => annotations !== undefined),
      choosing: shareOf(ALL, (spec) => propertiesOf(spec).some((own) => own['enum'] !== undefined)),
      defaulted: shareOf(ALL, (spec) => propertiesOf(spec).some((own) => own['default'] !== undefined)),
      nested: shareOf(ALL, (spec) => propertiesOf(spec).some((own) => own['properties'] !== undefined)),
      listed: shareOf(ALL, (spec) => JSON.stringify(propertiesOf(spec)).includes('"items":{"type":"object"')),
    }
    const bounds: Readonly<Record<keyof typeof shares, readonly [number, number]>> = {
      silent: [0.03, 0.1],
      bare: [0.1, 0.18],
      declared: [0.1, 0.2],
      annotated: [0.05, 0.3],
      choosing: [0.05, 0.3],
      defaulted: [0.1, 0.5],
      nested: [0.02, 0.1],
      listed: [0.02, 0.1],
    }
    for (const [name, share] of Object.entries(shares)) {
      const [least, most] = bounds[name as keyof typeof shares]
      expect(share, name).toBeGreaterThan(least)
      expect(share, name).toBeLessThan(most)
    }
  })

  it('leaves the work of the tasks to the servers of the tasks', () => {
    const theirs =
      /(?:^|[_-])(?:tickets?|customers?|orders?|refunds?|stock|e?mails?|files?|notes?|messages?|channels?|calendar|metrics?|alerts?|employees?|people|pull|commits?|issues?|deploy\w*)(?:$|[_-])/
    const near = ALL.filter(({ ref }) => theirs.test(ref.name.replaceAll(/(?=[A-Z])/g, '_').toLowerCase()))
    expect(near.length / ALL.length).toBeLessThan(0.01)
  })

  it('has definitions that say the same as the records', () => {
    for (const { ref, definition, description, inputSchema, outputSchema, annotations, title } of FIRST) {
      const known = JSON.parse(
        JSON.stringify({ name: ref.name, title, description, inputSchema, outputSchema, annotations }),
      )
      expect(definition).toEqual(known)
    }
  })
})
