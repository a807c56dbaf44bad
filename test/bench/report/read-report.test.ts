import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { BenchReport } from '../../../src/bench/points.ts'
import { toHtml } from '../../../src/bench/report/html.ts'
import { readReport } from '../../../src/bench/report/read-report.ts'
import { GatewayError } from '../../../src/core/errors.ts'
import { madeUpReport } from './made-up.ts'

const REPORT = madeUpReport({ sizes: [10, 96], perKind: 1, failing: ['loop-1'] })

function refusalOf(text: string): GatewayError {
  try {
    readReport(text, 'a.json')
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('it was read')
}

describe('reading a report', () => {
  it('gives back what was written', () => {
    expect(readReport(JSON.stringify(REPORT), 'a.json')).toEqual(REPORT)
  })

  it('leaves out what it does not know', () => {
    expect(readReport(JSON.stringify({ ...REPORT, later: 1 }), 'a.json')).toEqual(REPORT)
  })

  it.each([
    ['no JSON', '{', 'it is not JSON'],
    ['a list', '[]', '`format` is missing'],
    ['plays of a live model', '{"format":"isogate-bench-live/1"}', 'it has plays of a live model'],
    [
      'another format',
      '{"format":"isogate-bench/9"}',
      '`format` is "isogate-bench/9"; this version reads "isogate-bench/1"',
    ],
    [
      'a number as text',
      JSON.stringify({ ...REPORT, pricing: { ...REPORT.pricing, input: '3' } }),
      'pricing.input: ',
    ],
    [
      'a kind that there is not',
      JSON.stringify({ ...REPORT, points: [{ ...REPORT.points[0], kind: 'odd' }] }),
      'points[0].kind: ',
    ],
    [
      'tokens below zero',
      JSON.stringify({ ...REPORT, points: [{ ...REPORT.points[0], turns: [{ input: -1, output: 0 }] }] }),
      'points[0].turns[0].input: ',
    ],
    [
      'a speed of zero',
      JSON.stringify({ ...REPORT, latency: { ...REPORT.latency, writePerSecond: 0 } }),
      'latency.writePerSecond: ',
    ],
    ['no catalog', JSON.stringify({ ...REPORT, catalog: undefined }), 'catalog: '],
  ])('refuses %s, and says where', (_, text, why) => {
    const refusal = refusalOf(text)
    expect(refusal.code).toBe('file_unreadable')
    expect(refusal.message).toContain('a.json is no report that can be read: ')
    expect(refusal.message).toContain(why)
  })

  it('reads or refuses, whatever stands in the place of a member', () => {
    const members = Object.keys(REPORT)
    fc.assert(
      fc.property(fc.constantFrom(...members), fc.jsonValue(), (member, value) => {
        const text = JSON.stringify({ ...REPORT, [member]: value })
        let report: BenchReport
        try {
          report = readReport(text, 'a.json')
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError)
          return
        }
        expect(toHtml(report).match(/.{0,60}(?:NaN|Infinity).{0,20}/g)).toBeNull()
      }),
      { numRuns: 300 },
    )
  })
})
