import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { BenchReport } from '../../src/bench/points.ts'
import { toHtml } from '../../src/bench/report/html.ts'
import { madeUpReport } from '../bench/report/made-up.ts'
import {
  faintTextsOf,
  findChromium,
  lookAtCharts,
  openChromium,
  type Box,
  type SeenChart,
} from './bench-report-browser.ts'

const CHROMIUM = findChromium()
if (CHROMIUM === undefined)
  console.warn('No Chromium: the report is not looked at. Install it, or name one in ISOGATE_CHROMIUM.')

const DESK = { width: 1180, height: 900 }
const PHONE = { width: 390, height: 844 }

/** A report in a page, with what it asked for and what went wrong. */
interface Opened {
  readonly page: Page
  readonly url: string
  readonly requests: readonly string[]
  readonly problems: readonly string[]
}

describe.skipIf(CHROMIUM === undefined)('the report in a browser', () => {
  const report = madeUpReport({ failing: ['loop-2'], perKind: 2 })
  let browser: Browser
  let folder: string
  let seen: Readonly<Record<'desk' | 'phone', Opened>>

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isogate-report-'))
    browser = await openChromium(CHROMIUM ?? '')
    seen = { desk: await open(report, DESK), phone: await open(report, PHONE) }
  })
  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** Opens a report, with all that can be folded unfolded; what it asks for and what goes wrong is noted. */
  async function open(of: BenchReport, viewport: typeof DESK): Promise<Opened> {
    const file = join(folder, `report-${String(viewport.width)}.html`)
    await writeFile(file, toHtml(of))
    const page = await browser.newPage({ viewport, colorScheme: 'light' })
    const requests: string[] = []
    const problems: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    page.on('console', (message) => problems.push(message.text()))
    page.on('pageerror', (error) => problems.push(error.message))
    const url = pathToFileURL(file).href
    await page.goto(url)
    await page
      .locator('details')
      .evaluateAll((all: readonly { open: boolean }[]) => all.forEach((each) => void (each.open = true)))
    return { page, url, requests, problems }
  }

  it('asks for nothing besides itself, and nothing goes wrong', async () => {
    const { page, url, requests, problems } = seen.desk
    expect(requests).toEqual([url])
    expect(problems).toEqual([])
    expect(await page.title()).toContain('2026-11-22')
  })

  it.each([
    ['desk', DESK],
    ['phone', PHONE],
  ] as const)('shows every chart, with texts that do not touch: %s', async (place, viewport) => {
    const { page } = seen[place]
    const charts = await lookAtCharts(page)
    expect([...new Set(charts.map(({ section }) => section))]).toEqual([
      'tokens',
      'cost',
      'turns',
      'time',
      'kinds',
      'crossover',
    ])
    const problems = charts.flatMap(({ name, box, texts }) => [
      ...(box.right - box.left < 200 || box.bottom - box.top < 50 ? [`${name} is too small`] : []),
      ...(box.left < 0 || box.right > viewport.width ? [`${name} reaches out of the page`] : []),
      ...(texts.length < 4 ? [`${name} has no texts`] : []),
      ...textProblems(texts, viewport.width).map((problem) => `${name}: ${problem}`),
    ])
    expect(problems).toEqual([])
  })

  it('has the numbers of the JSON in its table', async () => {
    const { page } = seen.desk
    const sums = page.locator('#tables table').first()
    for (const [at, { tools }] of report.catalog.sizes.entries()) {
      const group = sums.locator('tbody').nth(at)
      expect(await group.locator('th[scope=rowgroup]').textContent()).toBe(
        `${tools.toLocaleString('en')} tools`,
      )
      for (const mode of report.modes) {
        const cells = await group
          .locator('tr', { has: page.locator(`th[scope=row]:text-is("${mode}")`) })
          .locator('td')
          .allTextContents()
        const points = report.points.filter((point) => point.tools === tools && point.mode === mode)
        const turns = points.flatMap((point) => point.turns)
        const sum = (of: readonly number[]): string =>
          of.reduce((total, each) => total + each, 0).toLocaleString('en')
        expect(cells[0]).toBe(`${sum(points.map(({ ok }) => Number(ok)))} of ${String(points.length)}`)
        expect(cells[1]).toBe(String(turns.length))
        expect(cells[2]).toBe(sum(points.map(({ calls }) => calls)))
        expect(cells[3]).toBe(sum(turns.map(({ input }) => input)))
        expect(cells[5]).toBe(sum(turns.map(({ output }) => output)))
      }
    }
  })

  it('does not scroll to the side on a telephone', async () => {
    const { page } = seen.phone
    expect(await widthOf(page)).toBe(PHONE.width)
  })

  it.each(['light', 'dark'] as const)('can be read: %s', async (colorScheme) => {
    const { page } = seen.desk
    await page.emulateMedia({ colorScheme })
    expect(await faintTextsOf(page.locator('body'), 4.5)).toEqual([])
  })

  it('runs and loads nothing that a name brings along', async () => {
    const evil =
      '"><img src="https://example.invalid/x.png" onerror="document.title=1"><script>document.title=2</script>'
    const [first, ...others] = report.tasks
    const { page, url, requests, problems } = await open(
      {
        ...report,
        catalog: { ...report.catalog, source: evil },
        tasks: first === undefined ? [] : [{ ...first, goal: evil }, ...others],
        points: report.points.map((point) => (point.ok ? point : { ...point, task: evil, reason: evil })),
      },
      { width: 800, height: 600 },
    )
    expect(requests).toEqual([url])
    expect(problems).toEqual([])
    expect(await page.locator('img, script').count()).toBe(0)
    expect(await page.locator('header').textContent()).toContain(evil)
    expect(await page.locator('#failures').textContent()).toContain(evil)
  })
})

async function widthOf(page: Page): Promise<number> {
  return await page.locator('html').evaluate((root: { readonly scrollWidth: number }) => root.scrollWidth)
}

/** Texts of a chart that lie on each other, or outside of the page. */
function textProblems(texts: SeenChart['texts'], width: number): readonly string[] {
  return texts.flatMap(({ text, box }, at) => [
    ...(box.left < 0 || box.right > width ? [`"${text}" is cut off`] : []),
    ...texts
      .slice(at + 1)
      .filter((other) => isOver(box, other.box))
      .map((other) => `"${text}" and "${other.text}"`),
  ])
}

/** Boxes of texts are higher than their signs, so they may share a little of their height. */
function isOver(a: Box, b: Box): boolean {
  return (
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.3 * Math.min(a.bottom - a.top, b.bottom - b.top)
  )
}
