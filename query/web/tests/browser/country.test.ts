// The country's page: another kind of people on the map of all towns, and answers without a sentence.

import type { Route } from 'playwright-core'
import { expect } from 'vitest'

import type { Answer, Refusal } from '../../src/server/types'
import { scrollThrough, settled, test } from './browser'

/** All towns of the country take a while to be asked for and drawn. */
const DRAWN = { timeout: 15_000 }

const isBatch = (url: URL) => url.pathname === '/v1/questions'

test('another kind is marked at once, and the map stays until its own figures are there', async ({
  open,
}) => {
  const page = await open('/p/00')
  await settled(page)
  const map = page.getByRole('region', { name: 'まちごとの地図' })
  const title = map.getByRole('heading', { level: 3 }).first()
  const picture = () => map.locator('figure svg').first().innerHTML()
  const switchTo = (name: string) => map.getByRole('button', { name, exact: true })
  const connected = await picture()
  expect(await title.innerText()).toContain('関係人口(住民100人あたり)')

  const asked: string[] = []
  let answer: () => void = () => undefined
  await page.route(isBatch, async (route) => {
    asked.push(`${new URL(route.request().url()).search} ${route.request().postData() ?? ''}`)
    await new Promise<void>((resolve) => (answer = resolve))
    await route.continue()
  })
  await switchTo('来訪者').click()
  expect(await switchTo('来訪者').getAttribute('aria-pressed')).toBe('true')
  expect(await map.getAttribute('aria-busy')).toBe('true')
  expect(await title.innerText()).toContain('関係人口')
  expect(await picture()).toBe(connected)
  answer()
  await expect.poll(() => title.innerText(), DRAWN).toContain('来訪者(住民100人あたり)')
  expect(await picture()).not.toBe(connected)
  expect(await map.getAttribute('aria-busy')).toBe('false')
  expect(asked.length, 'the map alone asks').toBe(1)
  expect(asked[0]).toMatch(/^\?rev=[0-9]+ .*"kind":"visitor"/)
  expect(new URL(page.url()).searchParams.get('k')).toBe('visitor')

  await switchTo('関係人口').click()
  await expect.poll(() => title.innerText(), DRAWN).toContain('関係人口')
  expect(await picture()).toBe(connected)
  expect(asked.length, 'what was there is not asked again').toBe(1)
})

test('a kind that cannot be had is told, and asked for again', async ({ open }) => {
  const page = await open('/p/00', { allowed: [/Failed to load resource/] })
  await settled(page)
  const map = page.getByRole('region', { name: 'まちごとの地図' })
  const title = map.getByRole('heading', { level: 3 }).first()
  await page.route(isBatch, (route) => route.fulfill({ status: 503, json: { error: 'busy' } }))
  await map.getByRole('button', { name: '二地域居住者', exact: true }).click()
  await map.getByRole('alert').filter({ hasText: /\S/ }).waitFor()
  expect(await title.innerText()).toContain('関係人口')
  await page.unroute(isBatch)
  await map.getByRole('button', { name: 'もう一度' }).click()
  await expect.poll(() => title.innerText(), DRAWN).toContain('二地域居住者')
  expect(await map.getByRole('alert').filter({ hasText: /\S/ }).count()).toBe(0)
})

test('no page breaks where answers have no sentence', async ({ open }) => {
  const without = async (route: Route) => {
    const response = await route.fetch()
    const all = (await response.json()) as (Answer | Refusal)[]
    for (const one of all) if ('rows' in one) delete one.sentence
    await route.fulfill({ response, json: all })
  }
  for (const path of ['/', '/p/00', '/p/20', '/t/20214', '/t/20214/report', '/map?t=20214', '/quality#p20']) {
    const page = await open(path, { before: (page) => page.route(isBatch, without) })
    await settled(page)
    await scrollThrough(page)
    const text = await page.locator('main').innerText()
    expect(text.length, path).toBeGreaterThan(100)
    expect(text, path).not.toMatch(/undefined|読み込めませんでした/)
    await page.context().close()
  }
})
