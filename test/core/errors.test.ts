import { readFileSync } from 'node:fs'

import { describe, expect, test } from 'vitest'

import { ERRORS, type ErrorCode } from '../../src/core/error-table.ts'
import { describeError, GatewayError, toGatewayError } from '../../src/core/errors.ts'

const CODES = Object.keys(ERRORS) as ErrorCode[]

/** A failure with what must not reach a caller. */
const SECRET = 'ENOENT: /home/somebody/.secret token=hunter2'

describe('the table of errors', () => {
  test.each(CODES)('%s is a word of the table and its entry is whole', (code) => {
    const { meaning, remedy, http, jsonRpc, retryable } = ERRORS[code]
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
    expect(meaning).toMatch(/^[A-Z].*\.$/)
    expect(remedy).toMatch(/^[A-Z].*\.$/)
    expect(http).toBeGreaterThanOrEqual(400)
    expect(http).toBeLessThan(600)
    expect(Number.isInteger(jsonRpc)).toBe(true)
    expect(jsonRpc).toBeLessThanOrEqual(-32000)
    expect(jsonRpc).toBeGreaterThanOrEqual(-32899)
    expect(typeof retryable).toBe('boolean')
  })

  test('no code of MCP itself is taken: -32020 to -32099 are reserved by the specification', () => {
    expect(CODES.filter((code) => ERRORS[code].jsonRpc <= -32020 && ERRORS[code].jsonRpc >= -32099)).toEqual(
      [],
    )
  })

  test('every code has its section in docs/errors.md, and no section is without a code', () => {
    const text = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
    const sections = [...text.matchAll(/^## `?([a-z_]+)`?\s*$/gm)].map(([, code = '']) => code)
    expect(sections.toSorted()).toEqual(CODES.toSorted())
  })
})

describe('a gateway error', () => {
  test('reads as code, message and remedy', () => {
    const error = new GatewayError('overloaded', 'The server is full.')
    expect(describeError(error)).toBe(`[overloaded] The server is full. ${ERRORS.overloaded.remedy}`)
  })

  test('carries the entry of its code, its detail and its cause', () => {
    const cause = new Error('below')
    const error = new GatewayError('upstream_closed', 'Gone.', { detail: { server: 'alpha' }, cause })
    expect(error.entry).toBe(ERRORS.upstream_closed)
    expect(error.detail).toEqual({ server: 'alpha' })
    expect(error.cause).toBe(cause)
  })
})

describe('whatever was thrown', () => {
  test('stays the same error where it is a gateway error already', () => {
    const error = new GatewayError('call_timeout', 'Late.')
    expect(toGatewayError(error, 'ref')).toBe(error)
  })

  test.each([
    ['an error', new Error(SECRET)],
    ['a text', SECRET],
    ['an object', { message: SECRET, code: 'call_timeout' }],
    ['nothing', undefined],
    ['null', null],
  ])('becomes internal with a reference and without its own words: %s', (_what, thrown) => {
    const error = toGatewayError(thrown, 'call-7')
    expect(error.code).toBe('internal')
    expect(error.message).toContain('call-7')
    expect(describeError(error)).not.toContain('hunter2')
    expect(JSON.stringify(error.detail)).not.toContain('hunter2')
    expect(error.cause).toBe(thrown)
  })
})
