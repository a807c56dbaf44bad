import { describe, expect, test } from 'vitest'
import { compileConfig } from '../../src/config/compile.ts'
import { diffPlans } from '../../src/config/diff.ts'
import { CONFIG_SCHEMA, toConfig } from '../../src/config/schema.ts'

const planOf = (search: object) => compileConfig(toConfig(CONFIG_SCHEMA.parse({ search })), '/')
const embeddings = { url: 'https://api.example.com/v1', model: 'small', apiKey: 'sk-1234567890' }

describe('the section search', () => {
  test('has no endpoint unless one is named', () => {
    expect(planOf({}).search).toEqual({})
  })

  test('is compiled with its defaults', () => {
    expect(planOf({ embeddings }).search).toEqual({ embeddings: { ...embeddings, timeoutMs: 400 } })
  })

  test.each([
    { ...embeddings, url: 'file:///etc/passwd' },
    { ...embeddings, url: 'none' },
    { ...embeddings, dimensions: 1e9 },
    { ...embeddings, timeoutMs: 0 },
    { model: 'small' },
  ])('refuses %j', (wrong) => {
    expect(CONFIG_SCHEMA.safeParse({ search: { embeddings: wrong } }).success).toBe(false)
  })

  test('is read at the start, and a difference shows names only', () => {
    const { restart } = diffPlans(planOf({}), planOf({ embeddings }))
    expect(restart).toEqual(['search.embeddings'])
  })
})
