// From the landing page to a town, with the keyboard alone.

import { expect } from 'vitest'

import { focused, settled, test } from './browser'
import { municipalities, townsWithFigures, first } from './server'

test('who types ちの and presses Enter is at 茅野市', async ({ open }) => {
  const page = await open('/')
  await settled(page)
  const field = page.getByRole('combobox').first()
  await field.focus()
  await page.keyboard.type('ちの')
  await page.getByRole('option').first().waitFor()
  expect(await page.getByRole('option').first().innerText()).toContain('茅野市')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/t\/20214/)
  await page.getByRole('heading', { level: 1, name: '茅野市' }).waitFor()
})

test('where two towns have the name Enter waits for a choice', async ({ open }) => {
  const page = await open('/')
  await settled(page)
  const field = page.getByRole('combobox').first()
  await field.focus()
  await page.keyboard.type('府中')
  await page.getByRole('option').first().waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('同じ名前のまちがあります').first().waitFor()
  expect(new URL(page.url()).pathname).toBe('/')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  // 府中市 or 府中町, both of 広島県.
  // 府中市 or 府中町, which are both of 広島県.
  await page.waitForURL(/\/t\/34/)
})

test('the field is reached by Tab from the top of the page', async ({ open }) => {
  const page = await open('/')
  await settled(page)
  const seen: string[] = []
  for (let step = 0; step < 15; step += 1) {
    await page.keyboard.press('Tab')
    seen.push(await focused(page))
    if (seen.at(-1)?.startsWith('combobox')) break
  }
  expect(seen.at(-1)).toContain('combobox')
  expect(seen[0]).toContain('本文へ進む')
})

test('arrow keys choose, Escape closes, and the choice is told', async ({ open }) => {
  const page = await open('/')
  await settled(page)
  const field = page.getByRole('combobox').first()
  await field.focus()
  await page.keyboard.type('ふちゅう')
  await page.getByRole('option').first().waitFor()
  // Two cities have this name: each stands with its prefecture.
  const texts = await page.getByRole('option').allInnerTexts()
  const same = texts.filter((text) => text.includes('府中市'))
  expect(same.length).toBeGreaterThanOrEqual(2)
  expect(same.some((text) => text.includes('東京都')) && same.some((text) => text.includes('広島県'))).toBe(
    true,
  )
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  const active = await field.getAttribute('aria-activedescendant')
  expect(active).not.toBeNull()
  expect(await page.locator(`[id="${active ?? ''}"]`).getAttribute('aria-selected')).toBe('true')
  await page.keyboard.press('Escape')
  expect(await field.getAttribute('aria-expanded')).toBe('false')
})

test('kana, romaji, and codes of five and six digits all find the same town', async ({ open }) => {
  const town = (await municipalities()).find((one) => one.code === '20214')
  if (town === undefined) throw new Error('the register has no 茅野市')
  const page = await open('/')
  await settled(page)
  const field = page.getByRole('combobox').first()
  for (const typed of ['茅野', 'チノシ', 'chino', 'Chino-shi', '20214', '２０２１４', '202142']) {
    await field.fill(typed)
    await expect
      .poll(() => page.getByRole('option').first().innerText(), { message: typed })
      .toContain(town.name)
  }
})

test('every town is reached through the list beside the map', async ({ open }) => {
  const code = first(await townsWithFigures())
  const town = (await municipalities()).find((one) => one.code === code)
  const page = await open(`/p/${code.slice(0, 2)}`)
  await settled(page)
  const link = page.getByRole('link', { name: town?.name ?? code, exact: true }).first()
  await link.focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(new RegExp(`/t/${code}`))
  await page.getByRole('heading', { level: 1, name: new RegExp(town?.name ?? code) }).waitFor()
})

test('the peak months of a prefecture and a town at lunch are four clicks away or fewer', async ({
  open,
}) => {
  const code = first(await townsWithFigures())
  const page = await open(`/t/${code}`)
  await settled(page)
  // From the landing page the town is one click, or a few letters; its section is on the page.
  expect(await page.locator('#visits [data-question="lunch-hours"]').count()).toBe(1)
  await page.locator('#visits a[href*="#peaks"]').click()
  await page.waitForURL(new RegExp(`/p/${code.slice(0, 2)}.*#peaks`))
  await page.locator('#peaks[open] [data-question="peak-months"]').waitFor()
  await page.locator('#peaks [data-question="peak-months"] summary').first().click()
  await page.locator('#peaks table tbody tr').first().waitFor()
})
