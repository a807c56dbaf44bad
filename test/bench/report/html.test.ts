import { createHash } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { toHtml } from '../../../src/bench/report/html.ts'
import { madeUpReport } from './made-up.ts'

const SECTIONS = [
  'tokens',
  'cost',
  'turns',
  'time',
  'kinds',
  'crossover',
  'losses',
  'auto',
  'targets',
  'failures',
  'tables',
  'method',
]

describe('the page', () => {
  const html = toHtml(madeUpReport({ perKind: 2 }))

  it('has every section, and a way to each', () => {
    expect([...html.matchAll(/<section id="([a-z]+)"/g)].map(([, id]) => id)).toEqual(SECTIONS)
    expect([...html.matchAll(/<nav[^]*<\/nav>/g)].join('').match(/href="#[a-z]+"/g)).toEqual(
      SECTIONS.map((id) => `href="#${id}"`),
    )
  })

  it('allows its own style sheet by its hash and nothing else', () => {
    const [, style = ''] = /<style>([^]*)<\/style>/.exec(html) ?? []
    const hash = createHash('sha256').update(style).digest('base64')
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? []
    expect(policy.replaceAll('&#39;', "'").split('; ')).toEqual([
      "default-src 'none'",
      `style-src 'sha256-${hash}'`,
      "base-uri 'none'",
      "form-action 'none'",
    ])
    expect(html).not.toMatch(/<script|<link|<img| style="|@import|https?:/)
  })

  it('names each chart once, and says what it shows', () => {
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const charts = [
      ...html.matchAll(
        /<svg [^>]*role="img" aria-labelledby="([^" ]*) ([^"]*)"><title id="([^"]*)">[^<]+<\/title><desc id="([^"]*)">[^<]+</g,
      ),
    ]
    expect(charts.length).toBe([...html.matchAll(/<svg [^>]*role="img"/g)].length)
    for (const [, title, description, titleId, descriptionId] of charts)
      expect([title, description]).toEqual([titleId, descriptionId])
  })

  it('gives every table a caption, and every cell a heading', () => {
    const tables = [...html.matchAll(/<table>([^]*?)<\/table>/g)].map(([, table = '']) => table)
    expect(tables.length).toBeGreaterThan(15)
    for (const table of tables) {
      expect(table).toMatch(/^<caption>[^<]+<\/caption>/)
      expect(table.match(/<th(?!ead| scope=")/g)).toBeNull()
    }
  })

  it('escapes the words of strangers', () => {
    const report = madeUpReport({ perKind: 1, sizes: [10, 25] })
    const evil = `</title><script>alert("1")</script>'&\u202e`
    const page = toHtml({
      ...report,
      catalog: { ...report.catalog, source: evil },
      made: { ...report.made, cpu: evil },
    })
    expect(page).not.toContain('<script')
    expect(page).not.toContain('\u202e')
    expect(page).toContain('&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;')
  })

  it('lists every loss and every failure', () => {
    const report = madeUpReport({ perKind: 2, failing: ['loop-2'] })
    const page = toHtml(report)
    const inputOf = (task: string, tools: number, mode: string) => {
      const point = report.points.find(
        (each) => each.task === task && each.tools === tools && each.mode === mode,
      )
      return point?.ok === true ? point.turns.reduce((sum, { input }) => sum + input, 0) : Number.NaN
    }
    const lost = report.catalog.sizes.flatMap(({ tools }) =>
      report.tasks.flatMap(({ name }) =>
        report.modes.filter((mode) => inputOf(name, tools, mode) > inputOf(name, tools, 'classic')),
      ),
    )
    const [, list = ''] = /More input tokens than classic[^]*?<table>([^]*?)<\/table>/.exec(page) ?? []
    expect(list.match(/<b>\+/g)?.length).toBe(lost.length)
    const [, failures = ''] = /id="failures"([^]*?)<\/section>/.exec(page) ?? []
    expect(failures.match(/<th scope="row">loop-2/g)?.length).toBe(
      report.points.filter(({ ok }) => !ok).length,
    )
  })

  it('has every target with its verdict, and says what it was not judged by', () => {
    const [, section = ''] =
      /<section id="targets">([^]*?)<\/section>/.exec(
        toHtml(madeUpReport({ sizes: [96, 508], perKind: 2 })),
      ) ?? []
    expect(section).toMatch(
      /input tokens of code, 508 tools<\/th><td>−94\u00a0%<\/td><td>−[\d.]+\u00a0%<\/td><td class="t">(?:met|<b>missed<\/b>)/,
    )
    expect(section).toMatch(
      /input tokens of code, 251 tools<\/th><td class="t p">nothing was played at 251 tools/,
    )
  })

  it('says in its method what flatters whom', () => {
    const [, method = ''] = /<section id="method">([^]*?)<\/section>/.exec(html) ?? []
    for (const said of ['preamble', 'OpenAI’s o200k_base', 'no timers', '128 tools', '+2,000 a request'])
      expect(method).toContain(said)
  })

  it('stays under 600 KB for 8 sizes, 50 tasks and 4 modes', () => {
    const page = toHtml(madeUpReport({ perKind: 5 }))
    expect(Buffer.byteLength(page)).toBeLessThan(600_000)
  })
})

describe('reports that lack something', () => {
  it.each([
    ['one size', madeUpReport({ sizes: [96], perKind: 1 })],
    ['no time', madeUpReport({ isTimed: false, sizes: [10, 96], perKind: 1 })],
    ['only code', madeUpReport({ modes: ['code'], sizes: [10, 96], perKind: 1 })],
    ['no classic', madeUpReport({ modes: ['search', 'code', 'auto'], sizes: [10, 96], perKind: 1 })],
    ['only classic', madeUpReport({ modes: ['classic'], sizes: [10, 96], perKind: 1 })],
    ['no points', { ...madeUpReport({ sizes: [10] }), points: [] }],
    [
      'nothing solved',
      {
        ...madeUpReport({ sizes: [10, 96] }),
        points: madeUpReport({ sizes: [10, 96] }).points.map((point) => ({ ...point, ok: false })),
      },
    ],
    [
      'points without turns',
      {
        ...madeUpReport({ sizes: [10, 96] }),
        points: madeUpReport({ sizes: [10, 96] }).points.map((point) => ({ ...point, turns: [] })),
      },
    ],
    ['many sizes', madeUpReport({ sizes: Array.from({ length: 24 }, (_, at) => 10 + at * 37), perKind: 1 })],
  ])('are shown with what they have: %s', (_, report) => {
    const page = toHtml(report)
    expect(page.match(/.{0,60}(?:NaN|undefined|Infinity|\[object).{0,20}/g)).toBeNull()
    expect(page).toContain('id="method"')
  })
})
