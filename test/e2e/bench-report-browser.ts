import { accessSync, constants } from 'node:fs'

import { chromium, type Browser, type Locator, type Page } from 'playwright-core'

/** Where Chromium is, and nothing where there is none. */
export function findChromium(): string | undefined {
  return [process.env['ISOGATE_CHROMIUM'], '/usr/bin/chromium'].find((path) => {
    if (path === undefined || path === '') return false
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** A browser with a fresh profile of its own, which speaks to nobody. */
export async function openChromium(path: string): Promise<Browser> {
  return await chromium.launch({
    executablePath: path,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

export interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** What is used of an element in the page: the types of browsers are not loaded here. */
interface PageElement {
  readonly id: string
  readonly tagName: string
  readonly textContent: string | null
  readonly parentElement: PageElement | null
  readonly ownerDocument: { readonly defaultView: { getComputedStyle: (element: PageElement) => Style } }
  readonly childNodes: Iterable<{ readonly nodeType: number; readonly textContent: string | null }>
  readonly getBoundingClientRect: () => Box & { readonly width: number; readonly height: number }
  readonly querySelectorAll: (selector: string) => Iterable<PageElement>
  readonly closest: (selector: string) => PageElement | null
  readonly matches: (selector: string) => boolean
}

interface Style {
  readonly color: string
  readonly fill: string
  readonly backgroundColor: string
}

/** A chart as it is shown. */
export interface SeenChart {
  readonly section: string
  readonly name: string
  readonly box: Box
  readonly texts: readonly { readonly text: string; readonly box: Box }[]
}

/** All charts that are shown, in one look. */
export async function lookAtCharts(page: Page): Promise<readonly SeenChart[]> {
  return await page.locator('section svg[role=img]').evaluateAll((charts: readonly PageElement[]) => {
    const boxOf = (element: PageElement): Box => {
      const { left, right, top, bottom } = element.getBoundingClientRect()
      return { left, right, top, bottom }
    }
    return charts
      .filter((chart) => chart.getBoundingClientRect().width > 0)
      .map((chart) => ({
        section: chart.closest('section')?.id ?? '',
        name: [...chart.querySelectorAll('title')][0]?.textContent ?? '',
        box: boxOf(chart),
        texts: [...chart.querySelectorAll('text')].map((text) => ({
          text: text.textContent ?? '',
          box: boxOf(text),
        })),
      }))
  })
}

/** Texts that are shown and whose contrast with what is behind them is below a ratio. */
export async function faintTextsOf(body: Locator, least: number): Promise<readonly string[]> {
  return await body.evaluate((root: PageElement, ratio: number) => {
    const styleOf = (element: PageElement): Style =>
      element.ownerDocument.defaultView.getComputedStyle(element)
    const partsOf = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number)
    const brightnessOf = (color: string): number => {
      const [red = 0, green = 0, blue = 0] = partsOf(color).map((part) => {
        const share = part / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    const behind = (element: PageElement): string => {
      const band = element.matches('.in-band')
        ? [...(element.parentElement?.querySelectorAll('rect') ?? [])][0]
        : undefined
      if (band !== undefined) return styleOf(band).fill
      for (let at: PageElement | null = element; at !== null; at = at.parentElement) {
        const { backgroundColor } = styleOf(at)
        if (backgroundColor.startsWith('rgb(')) return backgroundColor
      }
      return 'rgb(255, 255, 255)'
    }
    const faint: string[] = []
    for (const element of root.querySelectorAll('*')) {
      const { width } = element.getBoundingClientRect()
      const own = [...element.childNodes].some(
        (node) => node.nodeType === 3 && (node.textContent ?? '').trim() !== '',
      )
      if (!own || width === 0 || element.matches('title, desc')) continue
      const style = styleOf(element)
      const ink = element.matches('svg *') ? style.fill : style.color
      const [a, b] = [brightnessOf(ink), brightnessOf(behind(element))]
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
      if (contrast < ratio)
        faint.push(`${element.tagName} "${element.textContent ?? ''}" ${ink}: ${contrast.toFixed(2)}`)
    }
    return faint
  }, least)
}
