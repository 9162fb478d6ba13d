// What a reader sees when something is missing: the server, its patience, the network, the release, WebGL, JavaScript.

import type { Page, Route } from 'playwright-core'
import { describe, expect } from 'vitest'

import { launch, opener, scrollThrough, settled, test } from './browser'
import { first, release, townsWithFigures } from './server'
import { slow } from './timing'

/** What the console says of an answer that the test itself refused. */
const REFUSED = [/Failed to load resource/]

const isBatch = (url: URL) => url.pathname === '/v1/questions'

function refuse(status: number, error: string, error_ja: string) {
  return (route: Route) => route.fulfill({ status, json: { error, error_ja } })
}

const alerts = (page: Page) => page.getByRole('alert').filter({ hasText: /\S/ })

describe('robust', () => {
  test('a server that fails is told in words, with a button that tries again', async ({ open }) => {
    const code = first(await townsWithFigures())
    for (const [status, words] of [
      [500, /読み込めませんでした/],
      [408, /時間内に/],
      [503, /混み合って/],
      [429, /混み合って/],
      [401, /サインインが必要/],
    ] as const) {
      const page = await open(`/t/${code}`, {
        allowed: REFUSED,
        before: (page) => page.route(isBatch, refuse(status, 'the test refuses', '試験のため断りました')),
      })
      await alerts(page).first().waitFor()
      expect(await alerts(page).first().innerText()).toMatch(words)
      expect(
        await page.locator('[data-item][data-value]').count(),
        'no figure stands beside the message',
      ).toBe(0)
      await page.unroute(isBatch)
      await page.getByRole('button', { name: 'もう一度' }).first().click()
      await page.locator('.cards [data-item]').nth(5).waitFor()
      expect(await alerts(page).count()).toBe(0)
      await page.context().close()
    }
  })

  test('pages of their own questions fail in words as well', async ({ open }) => {
    const isQuery = (url: URL) => url.pathname === '/v1/questions' || url.pathname.startsWith('/v1/tables')
    for (const path of ['/quality', '/data', '/data/connected_monthly']) {
      const page = await open(path, {
        allowed: REFUSED,
        before: (page) => page.route(isQuery, refuse(500, 'the test refuses', '試験のため断りました')),
      })
      await alerts(page).first().waitFor()
      await page.unroute(isQuery)
      await page.getByRole('button', { name: 'もう一度' }).first().click()
      await page
        .getByRole('table')
        .or(page.getByRole('link', { name: 'connected_monthly' }))
        .first()
        .waitFor()
      await page.context().close()
    }
  })

  test('without a server the landing page says so and does not break', async ({ open }) => {
    const page = await open('/', {
      allowed: REFUSED,
      before: (page) => page.route(/\/v1\//, (route) => route.abort()),
    })
    await alerts(page).first().waitFor()
    expect(await page.locator('h1').count()).toBe(1)
  })

  test('on a slow network the page keeps its room and fills it', async ({ open }) => {
    const code = first(await townsWithFigures())
    const page = await open('/', {
      before: slow,
    })
    await page.goto(new URL(`/t/${code}`, page.url()).href)
    const card = page.locator('.cards .card').nth(5)
    await card.waitFor()
    const before = await card.boundingBox()
    await page.locator('.cards [data-item]').nth(5).waitFor()
    const after = await card.boundingBox()
    expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(120)
  })

  test('a release that comes while the page is open is offered and never mixed in', async ({ open }) => {
    const code = first(await townsWithFigures())
    const { revision, months } = await release()
    let isNewer = false
    const page = await open(`/t/${code}`, {
      before: (page) =>
        page.route(
          (url) => url.pathname === '/v1/release' && !url.searchParams.has('rev'),
          async (route) => {
            const response = await route.fetch()
            const document = (await response.json()) as { revision: number }
            await route.fulfill({
              response,
              json: isNewer ? { ...document, revision: revision + 1 } : document,
            })
          },
        ),
    })
    await page.locator('.cards [data-item]').nth(5).waitFor()
    await settled(page)
    isNewer = true
    const asked: string[] = []
    page.on('request', (request) => {
      if (isBatch(new URL(request.url())))
        asked.push(new URL(request.url()).searchParams.get('rev') ?? 'newest')
    })
    await page.getByRole('button', { name: '前の月' }).click()
    await page.getByRole('button', { name: '新しい版で見る' }).waitFor()
    expect(asked.length).toBeGreaterThan(0)
    expect(new Set(asked), 'all questions are of the release that is shown').toEqual(
      new Set([String(revision)]),
    )
    expect(months.length).toBeGreaterThan(1)
  })

  test('without WebGL the map is a picture and a list, and the town is whole', async () => {
    const browser = await launch(['--disable-3d-apis'])
    const wrong: string[] = []
    const { open, close } = opener(browser, wrong)
    try {
      const code = first(await townsWithFigures())
      const map = await open('/map')
      await settled(map)
      expect(await map.locator('canvas').count()).toBe(0)
      await map.locator('main svg').first().waitFor()
      expect(
        await map.getByRole('listbox').getByRole('option').count(),
        'areas in the list beside the map',
      ).toBeGreaterThan(10)
      const town = await open(`/t/${code}`)
      await settled(town)
      await scrollThrough(town)
      expect(await town.locator('.cards [data-item]').count()).toBe(6)
      expect(await town.locator('section#map svg').count()).toBeGreaterThan(0)
    } finally {
      await close()
      await browser.close()
    }
    expect(wrong).toEqual([])
  })

  test('without JavaScript there are words and a way to the figures', async ({ open }) => {
    const page = await open('/', { context: { javaScriptEnabled: false } })
    const text = await page.locator('noscript').first().innerText()
    expect(text).toContain('JavaScript')
    expect(await page.locator('noscript a[href^="/v1/questions"]').count()).toBeGreaterThan(0)
  })

  test('colours that the reader chose leave the states of buttons to be seen', async ({ open }) => {
    const page = await open('/quality', { context: { forcedColors: 'active' } })
    await settled(page)
    const widths = await page
      .locator('button[aria-pressed]')
      .evaluateAll((all) =>
        all.map((one) => [one.getAttribute('aria-pressed'), getComputedStyle(one).borderTopWidth]),
      )
    const pressed = widths.filter(([is]) => is === 'true').map(([, width]) => width)
    const others = widths.filter(([is]) => is === 'false').map(([, width]) => width)
    expect(pressed.length).toBe(1)
    expect(pressed[0]).not.toBe(others[0])
  })
})
