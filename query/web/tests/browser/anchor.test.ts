// A section that is gone to stays at the top of the window while the page above it is being filled, until the reader moves.

import type { Page } from 'playwright-core'
import { expect } from 'vitest'

import { settled, test } from './browser'
import { first, townsWithFigures } from './server'

/** The sections far down, above which most comes late. */
const SECTIONS = ['peers', 'quality', 'work']

/** How far the section stands from where it would be gone to, also at the end of the page, where it cannot be at the top. */
function off(page: Page, id: string): Promise<number> {
  return page.evaluate((id) => {
    const top = document.getElementById(id)?.getBoundingClientRect().top ?? Infinity
    const isAtEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 2
    return isAtEnd && top >= 0 && top < innerHeight ? 0 : Math.abs(top)
  }, id)
}

/** Answers as they come over a slow line: each batch of questions waits, each one longer. */
async function slowly(page: Page) {
  let count = 0
  await page.route(
    (url) => url.pathname.startsWith('/v1/'),
    async (route) => {
      count += 1
      await new Promise((resolve) => setTimeout(resolve, Math.min(120 * count, 1_500)))
      await route.continue().catch(() => undefined)
    },
  )
}

test('a link of the contents that is followed as soon as it is there ends at its section', async ({
  open,
}) => {
  const code = first(await townsWithFigures())
  for (const width of [1280, 360])
    for (const id of SECTIONS) {
      const page = await open(`/t/${code}`, { width, before: slowly })
      const link = page.locator(`nav a[href="#${id}"]`)
      await link.waitFor()
      await link.click()
      await settled(page)
      await expect
        .poll(() => off(page, id), { message: `${id} at ${width}`, timeout: 15_000 })
        .toBeLessThan(40)
      await page.waitForTimeout(1_500)
      expect(await off(page, id), `${id} at ${width}, later`).toBeLessThan(40)
      await page.context().close()
    }
})

test('a scroll by which a browser keeps its place is not taken for the reader’s', async ({ open }) => {
  const code = first(await townsWithFigures())
  const page = await open(`/t/${code}`)
  await settled(page)
  await page.locator('nav a[href="#peers"]').click()
  await expect.poll(() => off(page, 'peers')).toBeLessThan(40)
  // As a browser does of itself: another place, and no key, wheel or finger; then something above takes its room.
  await page.evaluate(async () => {
    scrollBy(0, -700)
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const room = document.createElement('div')
    room.style.height = '900px'
    document.querySelector('.cards')?.after(room)
  })
  await expect.poll(() => off(page, 'peers')).toBeLessThan(40)
})

test('who turns the wheel is left alone', async ({ open }) => {
  const code = first(await townsWithFigures())
  const page = await open(`/t/${code}#peers`)
  await settled(page)
  await expect.poll(() => off(page, 'peers')).toBeLessThan(40)
  await page.mouse.move(600, 400)
  await page.mouse.wheel(0, -900)
  await expect.poll(() => off(page, 'peers')).toBeGreaterThan(300)
  await page.evaluate(() => {
    const room = document.createElement('div')
    room.style.height = '50px'
    document.querySelector('main')?.append(room)
  })
  await page.waitForTimeout(500)
  expect(await off(page, 'peers')).toBeGreaterThan(300)
})
