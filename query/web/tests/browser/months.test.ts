// Another month: what is said while it loads, on a prefecture too, and of a table that begins later.

import { expect } from 'vitest'

import type { Answer, Refusal } from '../../src/server/types'
import { settled, test } from './browser'
import { emptyMonth, first, release, townsWithFigures } from './server'

const isBatch = (url: URL) => url.pathname === '/v1/questions'

test('figures of the month before are covered by a word until those of the next one come', async ({
  open,
}) => {
  const code = first(await townsWithFigures())
  const { newest_month } = await release()
  for (const path of [`/t/${code}`, `/p/${code.slice(0, 2)}`]) {
    const page = await open(`${path}?m=${newest_month}`)
    await settled(page)
    const figures = page.locator('.figures')
    const cover = figures.locator('.cover')
    const told = page.locator('main > [role="status"]').first()
    expect(await cover.count()).toBe(0)
    expect((await told.textContent())?.trim()).toBe('')
    let go: () => void = () => undefined
    const held = new Promise<void>((resolve) => (go = resolve))
    await page.route(isBatch, async (route) => {
      await held
      await route.continue()
    })
    await page.getByRole('button', { name: '前の月' }).click()
    await cover.waitFor()
    expect(await cover.innerText()).toBe('読み込み中')
    expect(await figures.getAttribute('aria-busy')).toBe('true')
    expect(await told.textContent()).toContain('読み込んでいます')
    go()
    await cover.waitFor({ state: 'detached' })
    await settled(page)
    expect(await figures.getAttribute('aria-busy')).toBe('false')
    expect((await told.textContent())?.trim()).toBe('')
    expect(await page.locator('.sections .cover').count()).toBe(0)
    await page.context().close()
  }
})

test('a prefecture is shown of the month of the address, and its files are of it', async ({ open }) => {
  const code = first(await townsWithFigures())
  const { months, newest_month } = await release()
  const before = months[months.indexOf(newest_month) - 1] ?? newest_month
  const page = await open(`/p/${code.slice(0, 2)}`)
  await settled(page)
  const chosen = () => page.getByLabel('月をえらぶ').inputValue()
  expect(await chosen()).toBe(newest_month)
  await page.getByRole('button', { name: '前の月' }).click()
  await page.waitForURL((url) => url.searchParams.get('m') === before)
  await settled(page)
  expect(await chosen()).toBe(before)
  const [year, month] = before.split('-').map(Number)
  expect(await page.locator('main').innerText()).toContain(`${year}年${month}月までの12か月`)
  for (const form of ['CSV(Excel用)', 'XLSX', 'Parquet']) {
    // Those of the prefecture as a whole, and those of its towns.
    const links = await page.getByRole('link', { name: `${form}で保存`, exact: true }).all()
    expect(links.length, form).toBe(2)
    for (const link of links) {
      const { searchParams } = new URL((await link.getAttribute('href')) ?? '', page.url())
      expect(searchParams.get('month'), form).toBe(before)
      expect(searchParams.get('prefecture'), form).toBe(code.slice(0, 2))
    }
  }
  await page.goto(`${new URL(page.url()).origin}/p/${code.slice(0, 2)}?m=1999-01`)
  await settled(page)
  expect(await page.locator('main .notice').innerText()).toContain('この版にありません')
})

test('the first month is compared with none before it, on the page and on paper', async ({ open }) => {
  const code = first(await townsWithFigures())
  const month = first((await release()).months)
  const page = await open(`/t/${code}?m=${month}`)
  await settled(page)
  const said = await page.locator('.cards .trend').allInnerTexts()
  expect(said.length).toBeGreaterThan(0)
  for (const text of said) expect(text).toContain('前年同月の値は、この版にありません')

  const paper = await open(`/t/${code}/report?m=${month}`)
  await settled(paper)
  const table = paper.locator('.sheet table').first()
  expect(await table.locator('thead th').count()).toBe(3)
  expect(await table.locator('caption').innerText()).toContain('この版にありません')
})

test('a report of a month that is not final says so beside the month', async ({ open }) => {
  const code = first(await townsWithFigures())
  const { unfinished_months } = await release()
  const provisional = unfinished_months.find(({ status }) => status === 'provisional')
  expect(provisional, 'the release has a provisional month').toBeDefined()
  const page = await open(`/t/${code}/report?m=${provisional?.month}`)
  await settled(page)
  expect(await page.locator('.month strong[data-state="provisional"]').innerText()).toBe('速報')
})

test('a month that has no people of the prefecture as a whole says so', async ({ open }) => {
  const code = first(await townsWithFigures())
  const page = await open(`/p/${code.slice(0, 2)}?m=${await emptyMonth()}`)
  await settled(page)
  const own = await page.locator('section.own').innerText()
  expect(own).toContain('まちの人数を足しても')
})

test('a table that begins after the month says with which, and leads there', async ({ open }) => {
  const code = first(await townsWithFigures())
  const { months, newest_month } = await release()
  const early = months[months.indexOf(newest_month) - 1] ?? newest_month
  const page = await open(`/t/${code}?m=${early}`, {
    before: async (page) => {
      // As of a table that is younger than the release.
      await page.route(isBatch, async (route) => {
        const response = await route.fetch()
        const all = (await response.json()) as (Answer | Refusal)[]
        const answers = all.map((one) => (one.name === 'peak-hours' ? { ...one, rows: [] } : one))
        await route.fulfill({ response, json: answers })
      })
      await page.route(
        (url) => url.pathname === '/v1/tables/presence_hourly/rows',
        (route) => route.fulfill({ json: { rows: [{ month: `${newest_month}-01` }] } }),
      )
    },
  })
  await settled(page)
  const line = page.locator(`[data-question="peak-hours"] [data-begin="${newest_month}"]`)
  await line.waitFor()
  expect(await line.innerText()).toContain('から始まり')
  await line.getByRole('link').click()
  await page.waitForURL((url) => url.searchParams.get('m') === newest_month)
  await settled(page)
})

test('each section of a telephone leads back to the contents, and paper has no such link', async ({
  open,
}) => {
  const code = first(await townsWithFigures())
  const page = await open(`/t/${code}`, { width: 360, height: 760 })
  await settled(page)
  const back = page.getByRole('link', { name: '目次へ' })
  expect(await back.count()).toBe(await page.locator('.sections > section').count())
  await back.first().focus()
  await page.keyboard.press('Enter')
  const top = () =>
    page
      .getByRole('navigation', { name: '目次' })
      .evaluate((one) => Math.abs(one.getBoundingClientRect().top))
  await expect.poll(top).toBeLessThan(100)
  await page.emulateMedia({ media: 'print' })
  expect(await back.first().isVisible()).toBe(false)
  await page.emulateMedia({ media: 'screen' })
  await page.setViewportSize({ width: 1280, height: 900 })
  expect(await back.first().isVisible(), 'beside the sections the contents stay').toBe(false)
})
