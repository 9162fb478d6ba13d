// Everybody can use every page: axe finds nothing, Tab goes where one reads, nothing needs moving sideways.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import type { Page } from 'playwright-core'
import { beforeAll, describe, expect } from 'vitest'

import { focused, notFound, scrollThrough, settled, test } from './browser'
import { first, hiddenTowns, townsWithFigures } from './server'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  id: string
  help: string
  nodes: { html: string }[]
}

/**
 * Violations as lines. The script is evaluated and not added: the policy of the page stops script tags. Of 1,741 rows of
 * one list the first 59 are looked at: the others are made by the same lines, and would take half a minute a page.
 */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const found = await page.evaluate<Violation[]>(
    "axe.run({ exclude: ['[role=option]:nth-child(n + 60)', 'tbody > tr:nth-child(n + 60)'] }, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((result) => result.violations)",
  )
  return found.map((one) => `${one.id}: ${one.help}: ${one.nodes[0]?.html.slice(0, 200) ?? ''}`)
}

/** Every page in every form takes minutes on a small machine. */
const LONG = 900_000

/** Served with 404, and in words. */
const UNKNOWN = '/no-such-page'

let paths: string[] = []

beforeAll(async () => {
  const code = first(await townsWithFigures())
  const [hidden] = await hiddenTowns()
  paths = [
    '/',
    `/t/${code}`,
    ...(hidden === undefined ? [] : [`/t/${hidden}`]),
    `/t/${code}/report`,
    `/p/${code.slice(0, 2)}`,
    '/p/00',
    '/map',
    `/map?t=${code}`,
    `/sql?q=origins-top5&t=${code}`,
    '/data',
    '/data/connected_monthly',
    '/method',
    '/method/connected',
    '/method/hidden',
    '/method/accessibility',
    '/quality',
    '/quality#p20',
    '/signin',
    UNKNOWN,
  ]
})

describe('access', () => {
  test('axe finds no violation on any page, in Japanese and English', { timeout: LONG }, async ({ open }) => {
    const wrong: Record<string, unknown> = {}
    for (const language of ['', '/en']) {
      for (const path of paths) {
        const address = path === '/' && language !== '' ? language : language + path
        const page = await open(address, path === UNKNOWN ? { allowed: notFound(address) } : {})
        await settled(page)
        await scrollThrough(page)
        const found = await violations(page)
        if (found.length > 0) wrong[address] = found
        const headings = await page.locator('h1').count()
        if (headings !== 1) wrong[`h1 of ${address}`] = headings
        const said = await page.locator('html').getAttribute('lang')
        if (said !== (language === '' ? 'ja' : 'en')) wrong[`lang of ${address}`] = said
        await page.context().close()
      }
    }
    expect(wrong).toEqual({})
  })

  test(
    'nothing needs moving sideways from 320 px to 4K, nor at 200 % zoom',
    { timeout: LONG },
    async ({ open }) => {
      // Zoomed to 200 %, a window of 1280 px is one of 640 px with twice the pixels. Charts are drawn anew for each width.
      const wrong: string[] = []
      for (const path of paths) {
        const page = await open(path, {
          width: 320,
          height: 760,
          context: { deviceScaleFactor: 2 },
          ...(path === UNKNOWN ? { allowed: notFound(path) } : {}),
        })
        await settled(page)
        await scrollThrough(page)
        for (const width of [320, 360, 640, 1280, 3840]) {
          await page.setViewportSize({ width, height: 760 })
          await settled(page)
          const wide = await page.evaluate(() => document.documentElement.scrollWidth)
          if (wide > width) wrong.push(`${path} at ${width} px is ${wide} px wide`)
        }
        await page.context().close()
      }
      expect(wrong).toEqual([])
    },
  )

  test('Tab goes past the header, through the page, and its focus shows', async ({ open }) => {
    const page = await open(paths[1] ?? '/')
    await settled(page)
    const order: string[] = []
    for (let step = 0; step < 16; step += 1) {
      await page.keyboard.press('Tab')
      order.push(await focused(page))
      const shows = await page.evaluate(() => {
        const one = document.activeElement
        if (one === null) return false
        const style = getComputedStyle(one)
        return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
      })
      expect(shows, `focus on ${order.at(-1)}`).toBe(true)
    }
    expect(order[0]).toContain('本文へ進む')
    expect(order[1]).toContain('通い')
    // The months stand above the cards, and the first card's word after them.
    const month = order.findIndex((one) => one.includes('月をえらぶ'))
    const card = order.findIndex((one) => one === 'button 来訪者')
    expect(month).toBeGreaterThan(1)
    expect(card).toBeGreaterThan(month)
  })

  test('the link past the header leads to the content', async ({ open }) => {
    const page = await open('/method')
    await settled(page)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
  })

  test('a word explains itself by keyboard, and Escape takes the explanation away', async ({ open }) => {
    const page = await open('/quality')
    await settled(page)
    const word = page.getByRole('button', { name: 'パネル', exact: true })
    await word.focus()
    await page.keyboard.press('Enter')
    const told = page.getByRole('dialog', { name: 'パネルの説明' })
    await told.waitFor()
    await expect.poll(() => told.innerText()).toContain('端末の集まり')
    await page.keyboard.press('Escape')
    await told.waitFor({ state: 'hidden' })
    expect(await focused(page)).toBe('button パネル')
  })

  test('every chart has a name and a table of the same answer', async ({ open }) => {
    const page = await open(paths[1] ?? '/')
    await settled(page)
    await scrollThrough(page)
    const charts = page.locator('article.answer:has([role="img"])')
    expect(await charts.count()).toBeGreaterThan(3)
    for (const chart of await charts.all()) {
      const label = (await chart.locator('[role="img"]').first().getAttribute('aria-label')) ?? ''
      expect(label.length, await chart.getAttribute('data-question').then(String)).toBeGreaterThan(20)
      expect(await chart.locator('[role="img"] svg[aria-hidden="true"]').count()).toBeGreaterThan(0)
      expect(await chart.locator('details').count()).toBe(1)
    }
  })

  test('targets are as high as a finger needs', async ({ open }) => {
    const page = await open(paths[1] ?? '/', { width: 360, height: 760 })
    await settled(page)
    // Words inside a text are as high as its lines, which WCAG 2.5.8 allows.
    const small = await page
      .locator(
        'button:visible, select:visible, input:visible, summary:visible, .links a:visible, .button:visible',
      )
      .evaluateAll((all) =>
        all
          .filter((one) => !one.matches('.term, .state'))
          .map((one) => ({
            text: (one.textContent ?? '').trim().slice(0, 30),
            height: one.getBoundingClientRect().height,
          }))
          .filter((one) => one.height > 0 && one.height < 43.5),
      )
    expect(small).toEqual([])
  })
})
