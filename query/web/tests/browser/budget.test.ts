// What a page weighs and how much of it moves. Sizes and not times: those differ from machine to machine.

import { gzipSync } from 'node:zlib'

import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'

import { scrollThrough, settled, SITE, test } from './browser'
import { CARDS, noteWhenThere } from './page'
import { first, townsWithFigures } from './server'

const KB = 1024

/** Sizes with gzip at its best, as the budgets are written, whatever the server chose. */
async function size(path: string): Promise<number> {
  const response = await fetch(new URL(path, SITE), { headers: { 'accept-encoding': 'identity' } })
  return gzipSync(Buffer.from(await response.arrayBuffer()), { level: 9 }).length
}

async function sizes(paths: Iterable<string>): Promise<number> {
  const all = await Promise.all([...new Set(paths)].map(size))
  return all.reduce((sum, one) => sum + one, 0)
}

/** Scripts and styles that a page asked for, in the order in which it did. */
function assets(page: Page): string[] {
  const asked: string[] = []
  page.on('request', (request) => {
    const { pathname, host } = new URL(request.url())
    if (host === new URL(SITE).host && /\.(js|mjs|css)$/.test(pathname)) asked.push(pathname)
  })
  return asked
}

/** Scripts and styles that the document itself names, and which nothing is drawn without. */
async function firstAssets(path: string): Promise<string[]> {
  const html = await (await fetch(SITE + path)).text()
  return [...html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, asset]) => asset ?? '')
}

/** Scripts and styles that were asked for before. */
function askedUntilThere(): string[] {
  const { there } = window as unknown as { there?: number }
  const all = performance
    .getEntriesByType('resource')
    .filter(({ startTime }) => startTime <= (there ?? Infinity))
  return all.map(({ name }) => new URL(name).pathname).filter((path) => /\.(js|css)$/.test(path))
}

/** Adds up how much moved, as Chromium counts it. */
function countShifts() {
  const counted = window as unknown as { shifted: number }
  counted.shifted = 0
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[])
      if (!entry.hadRecentInput) counted.shifted += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
}

describe('budgets', () => {
  test('first scripts and styles of the landing page and of a town are within 60 KB', async ({ open }) => {
    const code = first(await townsWithFigures())
    for (const [path, whole] of [
      ['/', 'main [role="combobox"]'],
      [`/t/${code}`, CARDS],
    ] as const) {
      const named = await firstAssets(path)
      expect(named.length).toBeGreaterThan(1)
      // Also what was asked for until the page is of use, whoever named it; the page's own clock tells which that is.
      const page = await open(path, { before: (page) => page.addInitScript(noteWhenThere, whole) })
      await page.locator(whole).first().waitFor()
      const asked = await page.evaluate(askedUntilThere)
      const first = [...new Set([...named, ...asked])]
      expect((await sizes(first)) / KB, `${path}: KB of ${first}`).toBeLessThanOrEqual(60)
      await page.context().close()
    }
  })

  test('what is loaded later keeps to its own budget', async ({ open }) => {
    const code = first(await townsWithFigures())
    const shared = new Set(await firstAssets('/'))
    for (const [path, budget, least, only] of [
      // Of a town what draws its charts, of the others all beyond the first load. The least is there so that a chunk
      // with another name fails the test and does not pass as nothing.
      [`/t/${code}`, 100, 50, /\/(draw|Chart)-[^/]*$/],
      [`/map?t=${code}`, 350, 250, /./],
      ['/sql?q=connected-people', 150, 80, /./],
    ] as const) {
      let asked: string[] = []
      const page = await open(path, { before: async (page) => void (asked = assets(page)) })
      await settled(page)
      await scrollThrough(page)
      const counted = asked.filter((asset) => !shared.has(asset) && only.test(asset))
      const size = (await sizes(counted)) / KB
      expect(size, `${path}: KB beyond the first`).toBeLessThanOrEqual(budget)
      expect(size, `${path}: KB beyond the first`).toBeGreaterThan(least)
      await page.context().close()
    }
  })

  test('a town’s figures come in three requests, the cards under 60 KB', async ({ open }) => {
    const code = first(await townsWithFigures())
    const bodies: Promise<number>[] = []
    // In the order in which they were asked: the cards come first.
    const page = await open(`/t/${code}`, {
      before: async (page) => {
        page.on('response', (response) => {
          if (new URL(response.url()).pathname === '/v1/questions')
            bodies.push(response.body().then((body) => gzipSync(body).length))
        })
      },
    })
    await settled(page)
    const all = await Promise.all(bodies)
    expect(all.length).toBeGreaterThan(0)
    // The second town of a question is known only when the peers are.
    expect(all.length, 'requests for figures').toBeLessThanOrEqual(3)
    expect((all[0] ?? Infinity) / KB).toBeLessThanOrEqual(60)
  })

  test('less than 0.05 of any page moves while it loads', { timeout: 600_000 }, async ({ open }) => {
    const code = first(await townsWithFigures())
    const paths = [
      '/',
      `/t/${code}`,
      `/p/${code.slice(0, 2)}`,
      '/p/00',
      '/quality',
      '/data/connected_monthly',
      '/method/connected',
    ]
    for (const width of [360, 1280]) {
      for (const path of paths) {
        const page = await open(path, {
          width,
          height: width === 360 ? 760 : 900,
          before: (page) => page.addInitScript(countShifts),
        })
        await settled(page)
        const shifted = await page.evaluate(() => (window as unknown as { shifted: number }).shifted)
        expect(shifted, `${path} at ${width} px`).toBeLessThanOrEqual(0.05)
        await page.context().close()
      }
    }
  })
})
